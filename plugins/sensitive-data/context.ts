import type { Candidate, Detector } from './detector';

/** How far around it words tell what a find is. Characters. */
const BEFORE = 80;
const AFTER = 30;
/** The longest line that is taken for a row of a table. */
const LONGEST_ROW = 4096;
const QUOTE = 0x22;
/** A number between a word such as "order" and the find is what the word is about; a long one may be one more of a list. */
const OTHER_NUMBER = /(?<!\d)\d{4,11}(?!\d)/;

const lastOf = (text: string, words: RegExp): number => {
  let last = -1;
  for (const { index } of text.matchAll(words)) last = index;
  return last;
};

/** Splits a row where its separator stands outside of quotes. */
const cellsOf = (row: string, separator: string): string[] => {
  const cells = [''];
  let quoted = false;
  for (const character of row) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) cells.push('');
    else cells[cells.length - 1] += character;
  }
  return cells;
};

/** What stands over the columns of a table, by the first line of a text; undefined when it is not the head of one. */
export const createColumns = (beginning: string): ((text: string, at: number) => string | undefined) | undefined => {
  const [first = ''] = beginning.slice(0, LONGEST_ROW).split(/[\r\n]/, 1);
  const separator = [',', ';', '\t', '|'].find((one) => cellsOf(first, one).length > 1);
  // A head has words, and no long numbers.
  if (separator === undefined || /\d{6}/.test(first) || !/\p{L}{2}/u.test(first)) return undefined;
  const heads = cellsOf(first, separator).map((head) => head.toLowerCase());
  return (text, at) => {
    const start = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
    if (at - start > LONGEST_ROW) return undefined;
    return heads[columnAt(text, start, at, separator.charCodeAt(0))];
  };
};

/** How many separators stand in a part of a row, outside of quotes. */
const columnAt = (text: string, start: number, end: number, separator: number): number => {
  let column = 0;
  let quoted = false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) quoted = !quoted;
    else if (code === separator && !quoted) column++;
  }
  return column;
};

export type Columns = ReturnType<typeof createColumns>;

/** What the words around a find add to its score; the nearest word before it decides, and what stands over its column before all. */
export const weighWords = (text: string, { start, end }: Candidate, detector: Detector, columns: Columns): number => {
  const { words, weight } = detector;
  if (words === undefined || weight === undefined) return 0;
  const weigh = (near: string): number => {
    const good = words.for === undefined ? -1 : lastOf(near, words.for);
    const bad = words.against === undefined ? -1 : lastOf(near, words.against);
    if (bad > good && OTHER_NUMBER.test(near.slice(bad))) return good < 0 ? 0 : weight.for;
    if (good < 0 && bad < 0) return 0;
    return good >= bad ? weight.for : -weight.against;
  };
  const head = columns?.(text, start);
  const byHead = head === undefined ? 0 : weigh(head);
  if (byHead !== 0) return byHead;
  const before = text.slice(Math.max(0, start - BEFORE), start).toLowerCase();
  const byBefore = weigh(before);
  if (byBefore !== 0) return byBefore;
  const after = text.slice(end, end + AFTER).toLowerCase();
  // What follows may belong to the next one: it counts for half, and only when it speaks for it.
  return words.for !== undefined && lastOf(after, words.for) >= 0 ? Math.round(weight.for / 2) : 0;
};
