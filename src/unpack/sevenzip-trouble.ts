import type { Trouble } from '../core/findings';
import type { Passwords } from './contract';
import { noPasswordOpens } from './encrypted';
import { MEMORY } from './sevenzip-run';

const damaged = (message: string): Trouble => ({ why: 'damaged', message });
const UNSUPPORTED: Trouble = { why: 'unsupported', message: 'It is packed in a way that is not supported.' };

export const NO_MEMORY: Trouble = {
  why: 'unsupported',
  message: `Taking it apart needs more than ${MEMORY / 1024 ** 3} GiB of memory.`,
};
/** The members' bytes are not where they must be. */
export const LOST = damaged('Its members cannot be told apart: it is damaged.');
export const TOO_FEW = damaged('It has not as many bytes as the container says.');
export const MORE_BEHIND = damaged('Something follows behind its end that does not belong to it.');
export const CHECKSUM = damaged('Its checksum is wrong.');
export const OTHER_PASSWORD = damaged('It is damaged, or it has another password than other members.');

/** 7-Zip's words about a whole container. */
const OF_ALL: [RegExp, Trouble][] = [
  [/Can't allocate required memory|Cannot allocate memory|requires big amount memory/, NO_MEMORY],
  [
    /^Missing volume/m,
    { why: 'unsupported', message: 'It goes on in another file: archives in several parts are not put together.' },
  ],
  [/^Unexpected end of archive$/m, damaged('It ends before its end is due.')],
  [/^Unavailable start of archive$/m, damaged('Its beginning is missing.')],
  [/^Headers Error$/m, damaged('Its headers are damaged.')],
  [/^Unsupported (?:method|feature)$/m, UNSUPPORTED],
];

/** 7-Zip's words about a member. */
const OF_ONE: [RegExp, Trouble][] = [
  [/^Unsupported/, UNSUPPORTED],
  [/^Unavailable/, damaged('A part of it is missing; it may lie in another volume of the archive.')],
  [/^Unexpected end/, damaged('It ends before its end is due.')],
  [/^There are some data after/, MORE_BEHIND],
  [/^CRC/, CHECKSUM],
];

const find = (troubles: [RegExp, Trouble][], text: string) => troubles.find(([words]) => words.test(text))?.[1];

/** What 7-Zip's words about a container mean, as a sentence. */
export const troubleOfAll = (text: string): Trouble =>
  find(OF_ALL, text) ?? damaged('It is damaged, and cannot be read as what it begins as.');

/** What 7-Zip's words about a member mean, as a sentence. */
export const troubleOfOne = (wrong: string): Trouble => find(OF_ONE, wrong) ?? damaged('Its content is damaged.');

/** It cannot be read without a password that nobody gave. */
export const lockedTo = (passwords: Passwords): Trouble => noPasswordOpens(passwords.list().length).trouble;
