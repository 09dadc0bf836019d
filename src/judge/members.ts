import type { Verdict } from '../core/file';
import type { MemberFindings, MemberOutcome } from '../core/findings';
import type { Member } from '../core/member';
import type { WorkflowDefinition } from '../core/workflow';
import { isSlight } from './answer';
import { judgeMember, rank } from './judge';

const foundIn = ({ answers }: MemberFindings, workflow: WorkflowDefinition): string[] =>
  answers
    .filter((answer) => answer.status === 'detected' && !isSlight(answer, workflow))
    .map(({ engineName }) => engineName);

const toMember = (member: MemberFindings, verdict: Verdict, workflow: WorkflowDefinition): Member => ({
  path: member.path,
  size: member.size,
  sha256: member.content?.sha256,
  type: member.content?.type.mime,
  description: member.content?.type.description,
  resultCode: verdict.resultCode,
  detections: verdict.detections,
  explanation: verdict.explanation,
  scannedWith: member.answers.map(({ engineName }) => engineName),
  detectedBy: foundIn(member, workflow),
});

/** Members of one container by their results; the first of each says why. */
const createOutcomes = () => {
  const outcomes = new Map<string, MemberOutcome>();
  return {
    add: (path: string, { resultCode, detections, explanation, decidedBy }: Verdict, isOwn: boolean): void => {
      const key = `${resultCode} ${detections.join()}`;
      const known = outcomes.get(key);
      const count = (known?.count ?? 0) + 1;
      // The list is gone through from its end: the last to come is the first in the archive.
      const says = explanation === '' || !isOwn ? explanation : `In ${path}: ${explanation}`;
      outcomes.set(key, { resultCode, detections, count, says, decidedBy });
    },
    list: () => [...outcomes.values()],
  };
};

/**
 * Judges the members of a file, each with what lies in it, under a workflow.
 * @param members each behind the one that it lies in
 * @returns the members, those first that matter most; and what came of the first level
 */
export const judgeMembers = (
  members: MemberFindings[],
  workflow: WorkflowDefinition,
): { members: Member[]; outcomes: MemberOutcome[] } => {
  type Outcomes = ReturnType<typeof createOutcomes>;
  const inside = new Map<number | undefined, Outcomes>();
  const judged: Member[] = new Array(members.length);
  for (let place = members.length - 1; place >= 0; place--) {
    const member = members[place] as MemberFindings;
    const within = inside.get(place)?.list() ?? [];
    inside.delete(place);
    const verdict = judgeMember(member, within, workflow);
    judged[place] = toMember(member, verdict, workflow);
    let siblings = inside.get(member.parent);
    if (siblings === undefined) {
      siblings = createOutcomes();
      inside.set(member.parent, siblings);
    }
    const isOwn = !within.some(({ says }) => says !== '' && says === verdict.explanation);
    siblings.add(member.path, verdict, isOwn);
  }
  return {
    members: judged.toSorted((a, b) => rank(a.resultCode) - rank(b.resultCode)),
    outcomes: inside.get(undefined)?.list() ?? [],
  };
};
