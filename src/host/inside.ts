import type { EngineAnswer, Inside, MemberFindings } from '../core/findings';
import type { Sensitive } from '../core/sensitive';
import { createWorst } from '../core/worst';
import { isWhole } from '../engines/ask';

/** Makes answers that say the same one object: what lies in a large archive is told in few of them. How long each took is not kept. */
const createSame = () => {
  const known = new Map<string, EngineAnswer[]>();
  return (answers: EngineAnswer[]): EngineAnswer[] => {
    const kept = answers.map((answer) => ({ ...answer, scanTime: 0 }));
    const key = JSON.stringify(kept);
    const same = known.get(key) ?? kept;
    known.set(key, same);
    return same;
  };
};

/** Puts what was found out about all members of a file together. */
export const insideOf = (
  {
    members,
    bytes,
    sensitive,
  }: {
    members: MemberFindings[];
    bytes: () => number;
    sensitive: (engineId: string) => Sensitive | undefined;
  },
  terms: string,
): Inside => {
  const worst = createWorst();
  const same = createSame();
  let whole = true;
  let retry = false;
  const seen = new Set<EngineAnswer[]>();
  for (const member of members) {
    member.answers = same(member.answers);
    if (member.troubles !== undefined) whole = false;
    if (seen.has(member.answers)) continue;
    seen.add(member.answers);
    worst.add(member.answers);
    whole &&= member.answers.every(isWhole);
    retry ||= member.answers.some((answer) => answer.status === 'failed' && answer.retry === true);
  }
  const answers = worst.answers().map((answer) => ({ ...answer, sensitive: sensitive(answer.engineId) }));
  return { members: members.length, bytes: bytes(), whole, retry, answers, outcomes: [], terms };
};
