import { describe, expect, test } from 'bun:test';
import { RULES, type VersionRule } from '../versions/rules';
import { affects, type Extent } from './affects';
import type { Event } from './record';

const semantic = RULES.get('npm') as VersionRule;

const of = (ranges: Event[][], versions: string[] = []): Extent => ({ ranges, versions });
const which = (extent: Extent, versions: string[]) =>
  versions.filter((version) => affects(extent, version, semantic) !== undefined);

describe('a version is affected', () => {
  test('from where it was introduced up to, but not with, where it was fixed, and the fix is told', () => {
    const extent = of([[{ introduced: '1.2.0' }, { fixed: '1.4.0' }]]);
    expect(which(extent, ['1.1.9', '1.2.0-rc.1', '1.2.0', '1.3.9', '1.4.0-rc.1', '1.4.0', '2.0.0'])).toEqual([
      '1.2.0',
      '1.3.9',
      '1.4.0-rc.1',
    ]);
    expect(affects(extent, '1.2.0', semantic)).toEqual({ fixed: '1.4.0' });
  });

  test('up to, and with, the last that is', () => {
    const extent = of([[{ introduced: '0' }, { last_affected: '1.4.0' }]]);
    expect(which(extent, ['0.0.0-alpha', '1.4.0', '1.4.1'])).toEqual(['0.0.0-alpha', '1.4.0']);
    expect(affects(extent, '1.4.0', semantic)).toEqual({});
  });

  test('in each of several stretches of one range, whatever their order, and its own fix is told', () => {
    const extent = of([[{ fixed: '2.0.6' }, { introduced: '2.0.0' }, { fixed: '1.26.17' }, { introduced: '0' }]]);
    expect(which(extent, ['1.26.16', '1.26.17', '1.99.0', '2.0.0', '2.0.6'])).toEqual(['1.26.16', '2.0.0']);
    expect(affects(extent, '1.26.16', semantic)).toEqual({ fixed: '1.26.17' });
    expect(affects(extent, '2.0.5', semantic)).toEqual({ fixed: '2.0.6' });
  });

  test('below one of the limits alone', () => {
    const extent = of([[{ introduced: '1.0.0' }, { limit: '1.5.0' }]]);
    expect(which(extent, ['1.0.0', '1.4.9', '1.5.0'])).toEqual(['1.0.0', '1.4.9']);
    expect(which(of([[{ introduced: '1.0.0' }, { limit: '*' }]]), ['0.9.0', '9.0.0'])).toEqual(['9.0.0']);
  });

  test('when it is listed, also when no range says so', () => {
    expect(which(of([], ['1.0.0', 'odd']), ['1.0.0', 'v1.0.0', '1.0.1', 'odd'])).toEqual(['1.0.0', 'v1.0.0', 'odd']);
  });

  test('never by a range whose events nobody can compare, or by none at all', () => {
    expect(which(of([[{ introduced: 'odd' }, { fixed: 'even' }], []]), ['0.0.1', '1.0.0'])).toEqual([]);
  });
});
