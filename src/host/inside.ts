import type { EngineAnswer, Inside, MemberFindings } from '../core/findings';
import type { Sensitive } from '../core/sensitive';
import type { VulnerableComponent } from '../core/vulnerability';
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

/** Finds the engines that say the same "clean" of all that they are asked about. An answer that is used again is the same one. */
const createUnanimous = () => {
  const said = new Map<string, { text: string; looksInside: boolean; ofPlain: boolean }>();
  const others = new Set<string>();
  return {
    add: (answers: EngineAnswer[]): void => {
      for (const { answeredAt, looksInside, ...answer } of answers) {
        const text = JSON.stringify(answer);
        const before = said.get(answer.engineId) ?? { text, looksInside, ofPlain: false };
        said.set(answer.engineId, { ...before, ofPlain: before.ofPlain || before.looksInside !== looksInside });
        if (answer.status !== 'clean' || text !== before.text) others.add(answer.engineId);
      }
    },
    list: (): Inside['unanimous'] =>
      [...said].filter(([id]) => !others.has(id)).map(([engineId, { ofPlain }]) => ({ engineId, ofPlain })),
  };
};

/** Puts what was found out about all members of a file together. */
export const insideOf = (
  {
    members,
    bytes,
    sensitive,
    vulnerable,
  }: {
    members: MemberFindings[];
    bytes: () => number;
    sensitive: (engineId: string) => Sensitive | undefined;
    vulnerable: (engineId: string) => VulnerableComponent[] | undefined;
  },
  how: Pick<Inside, 'terms' | 'judging'>,
): Inside => {
  const worst = createWorst();
  const unanimous = createUnanimous();
  const same = createSame();
  let whole = true;
  let retry = false;
  let byPath = false;
  const seen = new Set<EngineAnswer[]>();
  for (const member of members) {
    member.answers = same(member.answers);
    if (member.troubles !== undefined) whole = false;
    if (seen.has(member.answers)) continue;
    seen.add(member.answers);
    worst.add(member.answers);
    unanimous.add(member.answers);
    whole &&= member.answers.every(isWhole);
    byPath ||= member.answers.some((answer) => answer.byPath === true);
    retry ||= member.answers.some((answer) => answer.status === 'failed' && answer.retry === true);
  }
  return {
    members: members.length,
    bytes: bytes(),
    whole,
    retry,
    answers: worst.answers().map((answer) => ({
      ...answer,
      sensitive: sensitive(answer.engineId),
      vulnerabilities: vulnerable(answer.engineId),
    })),
    unanimous: unanimous.list(),
    byPath,
    outcomes: [],
    ...how,
  };
};
