import type { Entry } from '../database/open';

/** "12", "22.04:LTS", "v3.18", "enterprise_linux:9::appstream": whether one of its words is the release, or one of its minor ones. */
const isOf = ({ release }: Entry, wanted: string): boolean =>
  release.split(/[:\s_]+|^v/).some((word) => word === wanted || word.startsWith(`${wanted}.`));

const numbersOf = (version: string): string[] => version.replace(/^\d+:/, '').match(/\d+/g) ?? [];

/** How many numbers two versions have in common from their beginning on. */
const nearness = (a: string[], b: string[]): number => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
};

const fixesOf = ({ ranges }: Entry): string[] =>
  ranges.flat().flatMap((event) => ('fixed' in event ? [event.fixed] : []));

/** Those whose fixed versions are nearest to this one: they are of the release that it was made for, or of one that shares its version. */
const nearestTo = (version: string, entries: Entry[]): Entry[] => {
  const numbers = numbersOf(version);
  const scored = entries.map((entry) => ({
    entry,
    score: Math.max(0, ...fixesOf(entry).map((fixed) => nearness(numbers, numbersOf(fixed)))),
  }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  return scored.filter(({ score }) => score === best).map(({ entry }) => entry);
};

/**
 * What one record says of a package, for the release that a version was made for. A package file does not name its release; where its
 * version does not give it away either, the entries count whose fixed versions resemble it most, and of several that do any.
 */
export const ofRelease = (entries: Entry[], version: string, release: string | undefined): Entry[] => {
  if (entries.length < 2) return entries;
  const named = release === undefined ? [] : entries.filter((entry) => isOf(entry, release));
  return nearestTo(version, named.length > 0 ? named : entries);
};
