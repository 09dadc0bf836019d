const COVER = '*';

/** Covers letters and digits, but for the last ones; what separates them stays. */
export const coverAll = (text: string, shown = 0): string => {
  let left = text.replace(/[^\p{L}\p{N}]/gu, '').length - shown;
  return text.replace(/[\p{L}\p{N}]/gu, (character) => (left-- > 0 ? COVER : character));
};

/** Keeps what a value begins with, which says what it is, and covers the rest. */
export const coverAfter = (text: string, shown: number): string => text.slice(0, shown) + coverAll(text.slice(shown));

/** Runs of six digits and more, also with separators, and long words that look like no word: what nobody recognized may be as sensitive. */
const DIGITS = /\d(?:[ ./\u00a0-]?\d){5,}/g;
const LONG_WORD = /[\w+/=~.-]{20,}/g;

/** Covers what in the surroundings of a find might be sensitive, too. */
export const coverQuietly = (text: string): string =>
  text
    .replace(LONG_WORD, (word) => (/\d|[a-z][A-Z]/.test(word) ? coverAll(word) : word))
    .replace(DIGITS, (run) => coverAll(run));
