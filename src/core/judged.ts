import type { EngineAnswer, Findings } from './findings';
import { worstOf } from './worst';

const hash = (text: string): string => Bun.hash(text).toString(36);

/** What engines judge with at a time: their definitions and settings, by engine. */
export type Knowledge = Pick<EngineAnswer, 'engineId' | 'definitions' | 'settings'>[];

const keyOf = (knowledge: Knowledge): string =>
  hash(
    knowledge
      .map(({ engineId, definitions, settings }) => `${engineId}=${definitions?.version ?? ''}/${settings ?? ''}`)
      .sort()
      .join('\n'),
  );

/** A short text that is the same for two processings exactly when they had the same workflow revision and the same engines' knowledge. */
export const judgedBy = (workflowId: string, revision: number, knowledge: Knowledge): string =>
  `${workflowId}@${revision} ${knowledge.length === 0 ? '-' : keyOf(knowledge)}`;

/** The same for what came out of a processing; a file that no engine was asked about depends on the workflow alone. */
export const judgedWith = (workflowId: string, revision: number, { answers, inside }: Findings): string =>
  judgedBy(workflowId, revision, inside === undefined ? answers : worstOf(answers, inside.answers));

/** Says whether a file would now be judged with something else; what was never judged (empty) is not outdated. `now` is by `judgedBy`. */
export const isOutdated = (then: string, now: string): boolean => {
  if (then === '') return false;
  const [workflow = '', knowledge] = then.split(' ');
  return then !== now && !(knowledge === '-' && now.startsWith(`${workflow} `));
};
