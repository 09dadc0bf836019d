import type { DefinitionChange } from '../../core/workflow';
import type { Definition } from './definition';

/** What an editor holds: the choices that are to be other ones; undefined is none. */
export type Draft = Partial<Definition>;

const keys = (draft: Draft) => Object.keys(draft) as (keyof Definition)[];

/** A draft of choices that differ from what a workflow has; what was changed and changed back is not in it. */
export const put = (definition: Definition, draft: Draft, part: Draft): Draft => {
  const next = { ...draft, ...part };
  const differing = keys(next).filter((key) => JSON.stringify(definition[key]) !== JSON.stringify(next[key]));
  return Object.fromEntries(differing.map((key) => [key, next[key]]));
};

/** What to ask for: what was taken away goes back to its default. */
export const changeOf = (draft: Draft): DefinitionChange =>
  Object.fromEntries(keys(draft).map((key) => [key, draft[key] ?? null]));
