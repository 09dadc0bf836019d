/**
 * Maven's order of versions, by the rules of its "POM Reference, Version Order Specification" and the class ComparableVersion that they
 * describe: tokens split at dots, hyphens and between digits and letters; known qualifiers before and after a release; a shorter version
 * is filled up with what stands for nothing.
 */
interface Token {
  /** What stands before it. */
  separator: '.' | '-';
  value: bigint | string;
}

const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const RELEASE = QUALIFIERS.indexOf('');
const ALIASES: { [qualifier: string]: string } = { ga: '', final: '', release: '', cr: 'rc' };
/** Only in front of a digit: "1.0-a1" is an alpha, "1.0-a" is not. */
const SHORT: { [letter: string]: string } = { a: 'alpha', b: 'beta', m: 'milestone' };

const isNothing = ({ value }: Token): boolean => value === 0n || value === '';

/** Takes away what stands for nothing at the end of each part, from the last hyphen to the first. */
const trim = (tokens: Token[]): Token[] => {
  const kept = [...tokens];
  for (let at = kept.length - 1; at > 0; at--) {
    const next = kept[at + 1];
    const isEnd = next === undefined || next.separator === '-';
    const here = kept[at];
    if (isEnd && here !== undefined && isNothing(here)) kept.splice(at, 1);
  }
  return kept;
};

const parse = (version: string): Token[] => {
  const tokens: Token[] = [];
  let separator: Token['separator'] = '-';
  // A zero or nothing stands where two separators follow one another.
  for (const [, mark, word = ''] of version.toLowerCase().matchAll(/(^|[.\-_])?(\d+|[^\d.\-_]+|(?=[.\-_]|$))/g)) {
    if (mark === undefined && word === '') continue;
    const before = tokens.at(-1);
    const isNumber = /^\d/.test(word);
    if (mark === undefined) {
      separator = '-';
      if (isNumber && typeof before?.value === 'string') before.value = SHORT[before.value] ?? before.value;
    } else separator = mark === '.' ? '.' : '-';
    // A word begins a part of its own, whatever stands before it.
    if (isNumber || word === '') tokens.push({ separator, value: BigInt(word || 0) });
    else tokens.push({ separator: '-', value: word });
  }
  for (const token of tokens) {
    if (typeof token.value === 'string') token.value = ALIASES[token.value] ?? token.value;
  }
  return trim(tokens);
};

const rankOf = (qualifier: string): number => {
  const known = QUALIFIERS.indexOf(qualifier);
  return known < 0 ? QUALIFIERS.length : known;
};

const compareQualifiers = (a: string, b: string): number => {
  const rank = rankOf(a) - rankOf(b);
  return rank !== 0 ? rank : a === b ? 0 : a < b ? -1 : 1;
};

/** ".number" is above "-number", which is above a qualifier. */
const kindOf = ({ separator, value }: Token): number => (typeof value === 'string' ? 0 : separator === '.' ? 2 : 1);

const compareTokens = (a: Token, b: Token): number => {
  if (typeof a.value === 'bigint' && typeof b.value === 'bigint') {
    if (a.separator !== b.separator) return kindOf(a) - kindOf(b);
    return a.value === b.value ? 0 : a.value < b.value ? -1 : 1;
  }
  if (typeof a.value === 'string' && typeof b.value === 'string') return compareQualifiers(a.value, b.value);
  return kindOf(a) - kindOf(b);
};

/** How a token stands to nothing in its place. */
const compareToNothing = ({ value }: Token): number => {
  if (typeof value === 'bigint') return value === 0n ? 0 : 1;
  return rankOf(value) - RELEASE;
};

export const compareMaven = (a: string, b: string): number => {
  const left = parse(a);
  const right = parse(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [l, r] = [left[at], right[at]];
    const order =
      l !== undefined && r !== undefined
        ? compareTokens(l, r)
        : l !== undefined
          ? compareToNothing(l)
          : r !== undefined
            ? -compareToNothing(r)
            : 0;
    if (order !== 0) return order;
  }
  return 0;
};
