import { localTime } from './show';

/** Why files wait, in a line; undefined when they do not. */
export const waitingWords = (
  waiting: { reason: string; hint?: string; since: string; nextTry: string } | undefined,
): string | undefined =>
  waiting &&
  `since ${localTime(waiting.since)}: ${waiting.reason} It is tried again at ${localTime(waiting.nextTry)}.${waiting.hint === undefined ? '' : ` ${waiting.hint}`}`;
