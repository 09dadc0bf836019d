import type { Due, Verdict } from '../core/file';
import type { Findings } from '../core/findings';
import type { Member } from '../core/member';
import type { WorkflowDefinition } from '../core/workflow';
import { judge, worthRetrying } from '../judge/judge';
import { judgeMembers } from '../judge/members';
import type { Settleable } from './look-again';

export interface RetryRule {
  /** How often a file is looked into before it is Failed. */
  attempts: number;
  /** The wait before the second attempt; each later one waits five times as long. Milliseconds. */
  backoff: number;
}

/** What follows from an attempt: a verdict to record, or another attempt. */
export type Settled =
  | { verdict: Verdict; findings: Findings; members?: Member[] }
  | { again: { notBefore: number; alone: boolean; uncount: boolean; error?: string } };

const whyRetried = ({ unread, answers }: Findings): string =>
  unread?.message ??
  answers
    .filter(({ status }) => status === 'failed')
    .map(({ engineName, reason }) => `${engineName} failed: ${reason}`)
    .join('; ');

/** Decides what follows from an attempt at a file. Pure but for the time it is given. */
export const settle = (
  due: Due,
  outcome: Settleable,
  workflow: WorkflowDefinition,
  rule: RetryRule,
  now: number,
): Settled => {
  const later = now + rule.backoff * 5 ** (due.attempts - 1);
  const last = due.attempts >= rule.attempts;
  const file = { path: due.place.path, size: due.size };

  if ('findings' in outcome) {
    const { findings, members } = outcome;
    if (!last && worthRetrying(findings)) {
      return { again: { notBefore: later, alone: false, uncount: false, error: whyRetried(findings) } };
    }
    if (findings.inside === undefined || members === undefined) {
      return { findings, verdict: judge(findings, workflow, file) };
    }
    const judged = judgeMembers(members, workflow);
    const whole = { ...findings, inside: { ...findings.inside, outcomes: judged.outcomes } };
    return { findings: whole, members: judged.members, verdict: judge(whole, workflow, file) };
  }
  if (outcome.lost === 'notBegun' || outcome.lost === 'stopped') {
    return { again: { notBefore: 0, alone: due.alone, uncount: true } };
  }
  if (!last) return { again: { notBefore: 0, alone: true, uncount: false, error: outcome.reason } };
  const findings: Findings = {
    unread: {
      why: 'hostEnded',
      message: `Looking into it failed ${due.attempts} times: ${outcome.reason}.`,
    },
    answers: [],
    startedAt: now,
    endedAt: now,
  };
  return { findings, verdict: judge(findings, workflow, file) };
};
