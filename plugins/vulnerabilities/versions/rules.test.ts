import { describe, expect, test } from 'bun:test';
import { RULES } from './rules';

const rule = (ecosystem: string) => RULES.get(ecosystem)!;

/** Each list as its ecosystem's own documentation, or test suite, orders it. */
const ORDERS: { [ecosystem: string]: string[][] } = {
  // semver.org, item 11.
  npm: [
    [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ],
  ],
  // go.dev/ref/mod, "Pseudo-versions".
  Go: [['v0.9.0', 'v1.2.3-0.20191109021931-daa7c04131f5', 'v1.2.3', 'v1.2.4-pre', 'v2.0.0+incompatible', '2.0.1']],
  'crates.io': [['0.9.9', '0.10.0', '1.0.0-alpha', '1.0.0']],
  // PEP 440, "Summary of permitted suffixes and relative ordering" and "Handling of pre-releases".
  PyPI: [
    [
      '1.dev0',
      '1.0.dev456',
      '1.0a1',
      '1.0a2.dev456',
      '1.0a12.dev456',
      '1.0a12',
      '1.0b1.dev456',
      '1.0b2',
      '1.0b2.post345.dev456',
      '1.0b2.post345',
      '1.0rc1.dev456',
      '1.0rc1',
      '1.0',
      '1.0+abc.5',
      '1.0+abc.7',
      '1.0+5',
      '1.0.post456.dev34',
      '1.0.post456',
      '1.0.15',
      '1.1.dev1',
      '1!0.1',
    ],
  ],
  // ComparableVersionTest of Maven: its lists of qualifiers and of numbers, and single cases of its.
  Maven: [
    [
      '1-alpha2snapshot',
      '1-alpha2',
      '1-alpha-123',
      '1-beta-2',
      '1-beta123',
      '1-m2',
      '1-m11',
      '1-rc',
      '1-cr2',
      '1-rc123',
      '1-SNAPSHOT',
      '1',
      '1-sp',
      '1-sp2',
      '1-sp123',
      '1-abc',
      '1-def',
      '1-pom-1',
      '1-1-snapshot',
      '1-1',
      '1-2',
      '1-123',
    ],
    [
      '2.0',
      '2.0.a',
      '2-1',
      '2.0.2',
      '2.0.123',
      '2.1.0',
      '2.1-a',
      '2.1b',
      '2.1-c',
      '2.1-1',
      '2.1.0.1',
      '2.2',
      '2.123',
      '11.a2',
      '11.a11',
      '11.b2',
      '11.b11',
      '11.m2',
      '11.m11',
      '11',
      '11.a',
      '11b',
      '11c',
      '11m',
    ],
    ['6.1.0rc3', '6.1.0'],
    ['6.1.0', '6.1H.5-beta'],
    ['2.0-1', '2.0.1'],
    ['2.14.1', '2.15.0'],
    ['1.0.0.RC1', '1.0.0.RELEASE', '1.0.1'],
    ['20190722-1', '20190722-2'],
    ['2.0.1-xyz', '2.0.1-123'],
    ['20050331', '20051231'],
    ['1.0.0.2', '1.0.0-3'].reverse(),
  ],
  // Gem::Version: its documentation, "Sorting", and its tests.
  RubyGems: [['1.0.a.1', '1.0.a.2', '1.0.b1', '1.0', '1.0.1', '1.8.2.a10', '1.8.2', '1.10', '2.0.0.rc1', '2.0.0']],
  // learn.microsoft.com, "NuGet package versioning": the fourth number and releases before.
  NuGet: [['1.0.0-alpha', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0', '1.0.0.1', '1.0.1', '1.0.10']],
  // deb-version(7) and Debian policy 5.6.12.
  Debian: [
    ['1.0~~', '1.0~~a', '1.0~', '1.0', '1.0a', '1.0+b', '1.0.1'],
    ['1.0-1~bpo1', '1.0-1', '1.0-1+deb12u1', '1.0-1.1', '1.0-2', '1.0-10', '1:0.1'],
    ['2.7.2-linux-1', '2.7.3-1', '2.7.3-linux-1', '2.7.4-1'],
  ],
  // rpm-version(7) and the tests of rpmvercmp.
  'Red Hat': [
    ['1.0~rc1', '1.0', '1.0^', '1.0^20160101', '1.0^20160102', '1.0.1'],
    ['1.0~rc1^git1', '1.0~rc1.1'],
    ['1.0^git1~pre', '1.0^git1'],
    ['5.5p1', '5.5p2', '5.5p10'],
    ['xyz10', 'xyz10.1'],
    ['xyz.4', '8'],
    ['2.0', '2.0.1'],
    ['6.0', '6.0.rc1'],
    ['10b2', '10a1'].reverse(),
    ['1.0a', '1.0aa'],
    ['1.2-3.el9', '1.2-10.el9', '1.3-1.el9', '1:0.1-1.el9'],
    ['20101121', '20101122'],
  ],
  // apk-tools' test/version.data.
  Alpine: [
    ['1.0_alpha', '1.0_beta', '1.0_pre1', '1.0_rc1', '1.0', '1.0_git1', '1.0_p1'],
    ['1.1.1k-r0', '1.1.1l-r0', '1.1.1l-r1', '1.1.2-r0'],
    ['0.12.1', '0.13.0_beta1'],
    ['1.01', '1.1'],
    ['2.3', '2.3.0b'],
    ['3.0.9-r0', '3.0.10-r0'],
  ],
};

describe('versions', () => {
  for (const [ecosystem, lists] of Object.entries(ORDERS)) {
    test(`of ${ecosystem} are in the order that is documented for them`, () => {
      const { compare, isVersion } = rule(ecosystem);
      for (const list of lists) {
        for (const version of list) expect([version, isVersion(version)]).toEqual([version, true]);
        for (let i = 0; i < list.length; i++) {
          for (let j = 0; j < list.length; j++) {
            const [a, b] = [list[i]!, list[j]!];
            expect(`${a} ${b} ${Math.sign(compare(a, b))}`).toBe(`${a} ${b} ${Math.sign(i - j)}`);
          }
        }
      }
    });
  }
});
