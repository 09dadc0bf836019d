/** As apk-tools read a version: numbers, a letter, suffixes with numbers, a commit's hash, a revision (apk-package(5), "PKGVER"). */
const VERSION = /^(\d+(?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?$/;

/** Before the version itself, and after it. */
const SUFFIXES = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const NONE = SUFFIXES.indexOf('');

interface Version {
  numbers: string[];
  letter: string;
  suffixes: [rank: number, number: bigint][];
  revision: bigint;
}

const parse = (version: string): Version | undefined => {
  const [, numbers, letter = '', suffixes = '', revision = '0'] = VERSION.exec(version) ?? [];
  if (numbers === undefined) return undefined;
  const read = suffixes
    .split('_')
    .slice(1)
    .map((suffix): [number, bigint] => {
      const name = suffix.replace(/\d+$/, '');
      return [SUFFIXES.indexOf(name), BigInt(suffix.slice(name.length) || 0)];
    });
  if (read.some(([rank]) => rank < 0)) return undefined;
  return { numbers: numbers.split('.'), letter, suffixes: read, revision: BigInt(revision) };
};

const order = <T extends bigint | string | number>(a: T, b: T): number => (a === b ? 0 : a < b ? -1 : 1);

/** A number behind a dot that begins with a zero is read as a fraction: 1.01 is before 1.1. */
const compareNumber = (a: string, b: string, at: number): number =>
  at > 0 && (a.startsWith('0') || b.startsWith('0')) ? order(a, b) : order(BigInt(a), BigInt(b));

const compareNumbers = (a: string[], b: string[]): number => {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const found = compareNumber(a[at] ?? '', b[at] ?? '', at);
    if (found !== 0) return found;
  }
  return a.length - b.length;
};

const compareSuffixes = (a: Version['suffixes'], b: Version['suffixes']): number => {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [rankA, numberA] = a[at] ?? [NONE, 0n];
    const [rankB, numberB] = b[at] ?? [NONE, 0n];
    const found = order(rankA, rankB) || order(numberA, numberB);
    if (found !== 0) return found;
  }
  return 0;
};

export const isAlpine = (version: string): boolean => parse(version) !== undefined;

/** Alpine's order of versions; both must be versions by `isAlpine`. */
export const compareAlpine = (a: string, b: string): number => {
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) return 0;
  return (
    compareNumbers(left.numbers, right.numbers) ||
    order(left.letter, right.letter) ||
    compareSuffixes(left.suffixes, right.suffixes) ||
    order(left.revision, right.revision)
  );
};
