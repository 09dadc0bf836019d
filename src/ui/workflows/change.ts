import type { DefinitionChange } from '../../core/workflow';
import { type Definition, KEYS } from './definition';

/** What to ask for, so that one definition becomes the other: what was taken away goes back to its default. */
export const changeOf = (before: Definition, after: Definition): DefinitionChange =>
  Object.fromEntries(
    KEYS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => [
      key,
      after[key] ?? null,
    ]),
  );
