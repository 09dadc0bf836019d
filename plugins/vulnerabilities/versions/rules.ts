import { compare as comparePep440, valid as isPep440 } from '@renovatebot/pep440';
import { gt as gtGem, valid as isGem, lt as ltGem } from '@renovatebot/ruby-semver';
import semver from 'semver';
import { compareAlpine, isAlpine } from './alpine';
import { compareDebian } from './debian';
import { compareMaven } from './maven';
import { compareRpm } from './rpm';

/** How the versions of an ecosystem are ordered. */
export interface VersionRule {
  /** Whether the rules know what to do with it. */
  isVersion: (version: string) => boolean;
  /** Below, at or above zero. Both must be versions. */
  compare: (a: string, b: string) => number;
}

/** Longer than any version that means something; hostile files have longer ones. */
const LONGEST = 200;

const short = (isVersion: (version: string) => boolean) => (version: string) =>
  version !== '' && version.length <= LONGEST && isVersion(version);

const LOOSE = { loose: true };
const semantic: VersionRule = {
  isVersion: short((version) => semver.valid(version, LOOSE) !== null),
  compare: (a, b) => semver.compare(a, b, LOOSE),
};

const python: VersionRule = {
  isVersion: short((version) => isPep440(version) !== null),
  compare: comparePep440,
};

const ruby: VersionRule = {
  isVersion: short((version) => isGem(version) !== null),
  compare: (a, b) => (ltGem(a, b) ? -1 : gtGem(a, b) ? 1 : 0),
};

/** NuGet's versions are semantic ones with a fourth number between the third and what comes before a release. */
const NUGET = /^(\d{1,10})(?:\.(\d{1,10}))?(?:\.(\d{1,10}))?(?:\.(\d{1,10}))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]*)?$/;

const nugetParts = (version: string) => {
  const [, major = '0', minor = '0', patch = '0', fourth = '0', before = ''] = NUGET.exec(version) ?? [];
  return { numbers: [major, minor, patch, fourth].map(Number), before: before.toLowerCase() };
};

const nuget: VersionRule = {
  isVersion: short((version) => NUGET.test(version)),
  compare: (a, b) => {
    const left = nugetParts(a);
    const right = nugetParts(b);
    for (const [at, number] of left.numbers.entries()) {
      const order = number - (right.numbers[at] ?? 0);
      if (order !== 0) return order;
    }
    return semver.compare(`0.0.0${left.before}`, `0.0.0${right.before}`, LOOSE);
  },
};

const words = (compare: VersionRule['compare']): VersionRule => ({
  isVersion: short((version) => /^[!-~]+$/.test(version)),
  compare,
});
const debian = words(compareDebian);
const rpm = words(compareRpm);

/** The ecosystems of OSV in which components are recognized, without what follows their colon (OSV schema, "Defined ecosystems"). */
export const RULES: ReadonlyMap<string, VersionRule> = new Map([
  ['npm', semantic],
  ['Go', semantic],
  ['crates.io', semantic],
  ['PyPI', python],
  ['Maven', words(compareMaven)],
  ['RubyGems', ruby],
  ['NuGet', nuget],
  ['Debian', debian],
  ['Ubuntu', debian],
  ['Red Hat', rpm],
  ['Rocky Linux', rpm],
  ['AlmaLinux', rpm],
  ['SUSE', rpm],
  ['openSUSE', rpm],
  ['openEuler', rpm],
  ['Mageia', rpm],
  ['Photon OS', rpm],
  ['Alpine', { isVersion: short(isAlpine), compare: compareAlpine }],
]);
