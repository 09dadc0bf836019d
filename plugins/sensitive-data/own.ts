import { RE2JS } from 're2js';
import type { TextError } from '../../src/engines/contract';
import type { Candidate, Detector } from './detector';
import { coverAll } from './mask';

/** A regular expression of the administrator. */
export interface OwnPattern {
  name: string;
  pattern: string;
  ignoreCase: boolean;
  certainty: number;
  keywords: string[];
}

/** Instructions of a compiled expression: what one character of a text costs at most. */
const LARGEST = 2000;
/** Finds in one piece of text; beyond, the expression says too much to be of use. */
const MOST = 2000;
/** How long one expression may take over one piece of text. Milliseconds. */
const LONGEST = 2000;

/** Compiles an expression for RE2, whose time is linear. @throws Error that says what is wrong with it, for people */
const compileOwn = ({ name, pattern, ignoreCase }: OwnPattern): RE2JS => {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch (cause) {
    throw new Error(`the pattern "${name}" is not one of RE2: ${(cause as Error).message}`, { cause });
  }
  if (compiled.programSize() > LARGEST) {
    throw new Error(`the pattern "${name}" is too large: ask for fewer repetitions, or write several patterns`);
  }
  if (compiled.matcher('').find()) throw new Error(`the pattern "${name}" fits an empty text, and so everything`);
  return compiled;
};

const escaped = (word: string) => word.toLowerCase().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @param number by which the type is named, from 1 */
export const createOwn = (own: OwnPattern, number: number): Detector => {
  const compiled = compileOwn(own);
  return {
    type: `regex_${number}`,
    displayName: own.name,
    find: (text) => {
      const found: Candidate[] = [];
      const matcher = compiled.matcher(text);
      const deadline = performance.now() + LONGEST;
      while (found.length < MOST && matcher.find()) {
        const [start, end] = [matcher.start(), matcher.end()];
        const value = text.slice(start, end);
        if (end > start) found.push({ start, end, value, score: own.certainty, masked: coverAll(value) });
        // Each find is linear, but one that reads to the end for a single character makes many of them quadratic.
        if (performance.now() > deadline) {
          const error = new Error(`the pattern "${own.name}" takes too long over this text`);
          throw Object.assign(error, { unread: 'failed' } satisfies Pick<TextError, 'unread'>);
        }
      }
      return found;
    },
    words: own.keywords.length === 0 ? undefined : { for: new RegExp(own.keywords.map(escaped).join('|'), 'g') },
    weight: { for: 20, against: 0 },
  };
};
