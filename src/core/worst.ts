import type { EngineAnswer } from './findings';
import { SEVERITIES } from './vulnerability';

const RANK: EngineAnswer['status'][] = ['detected', 'failed', 'skipped', 'clean'];
const KINDS: EngineAnswer['kind'][] = ['Blocklisted', 'Threat', 'Suspicious', 'PotentiallyUnwanted', 'Encrypted'];

const rankOf = ({ status, kind, retry, severity }: EngineAnswer): number => {
  // That a member is none of its concern takes nothing from what it says of the others.
  if (status === 'skipped' && retry === false) return 100 + RANK.length;
  if (status !== 'detected') return 100 + RANK.indexOf(status);
  // What a member is known to be good for says nothing about the whole.
  if (kind === 'Allowlisted') return 100 + RANK.indexOf('clean');
  const place = KINDS.indexOf(kind);
  // Of two vulnerable ones the more severe is worse.
  return place < 0 ? KINDS.length + 0.1 * (SEVERITIES.length - SEVERITIES.indexOf(severity ?? 'low')) : place;
};

/** Keeps the worst answer of each engine, in the order in which the engines first answered. */
export const createWorst = () => {
  const worst = new Map<string, EngineAnswer>();
  return {
    add: (answers: EngineAnswer[]): void => {
      for (const answer of answers) {
        const known = worst.get(answer.engineId);
        if (known === undefined || rankOf(answer) < rankOf(known)) worst.set(answer.engineId, answer);
      }
    },
    answers: (): EngineAnswer[] => [...worst.values()],
  };
};

/** The worst answer of each engine about a file and what lies in it. The file's own wins where they are equally bad. */
export const worstOf = (...lists: EngineAnswer[][]): EngineAnswer[] => {
  const worst = createWorst();
  for (const list of lists) worst.add(list);
  return worst.answers();
};
