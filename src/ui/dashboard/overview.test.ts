import { expect, test } from 'bun:test';
import type { Engine, Realtime, Scan, Storage } from '../data/client';
import { latestScans, needsOf, scaleOf, sumOf, trendOf } from './overview';

const counts = {
  total: 4,
  pending: 0,
  allowed: 3,
  blocked: 0,
  failed: 1,
  failedRemediation: 0,
  canceled: 0,
  bytes: 10,
};
const scan = (id: string, more: Partial<Scan> = {}) =>
  ({
    id,
    name: id,
    kind: 'scan',
    state: 'finished',
    storageId: 's',
    storageName: 'Share',
    path: '',
    counts,
    ...more,
  }) as Scan;
const storage = { id: 's', name: 'Share' } as Storage;
const engine = (more: Partial<Engine>) => ({ id: 'e', name: 'E', state: 'ready', finds: [], ...more }) as Engine;
const nothing = {
  storages: [storage],
  scans: [scan('a', { counts: { ...counts, failed: 0 } })],
  engines: [],
  realtime: [],
};

test('a storage is judged by its latest finished scan as a whole', () => {
  const scans = [
    scan('runs', { state: 'running' }),
    scan('part', { path: 'sub' }),
    scan('watch', { kind: 'realtime' }),
    scan('b'),
    scan('a'),
  ];
  expect([...latestScans(scans).values()].map(({ id }) => id)).toEqual(['b']);
  expect(sumOf([scan('a'), scan('b')])).toMatchObject({ total: 8, allowed: 6, failed: 2 });
});

test('when all is well, nothing needs a person', () => {
  expect(needsOf(nothing)).toEqual([]);
});

test('what stops work comes first, and each need leads to where it is seen to', () => {
  const realtime = [{ scan: scan('w'), state: 'away', reason: 'unmounted', lost: 0 }] as Realtime[];
  const engines = [engine({ name: 'Fine' }), engine({ name: 'Broken', state: 'failing', reason: 'no socket' })];
  const needs = needsOf({ storages: [storage], scans: [scan('a')], engines, realtime });
  expect(needs.map(({ href }) => href)).toEqual(['/engines', '/realtime', '/reports/a?status=Failed']);
  expect(needs[0]?.text).toContain('Broken');
  expect(needsOf({ ...nothing, storages: [] })).toEqual([
    { text: expect.stringContaining('no storage'), href: '/setup' },
  ]);
});

test('a storage that no scan is known of, or whose newest scan failed, is told of', () => {
  expect(needsOf({ ...nothing, scans: [] })).toHaveLength(1);
  const failed = scan('f', { state: 'failed', error: 'gone' });
  expect(needsOf({ ...nothing, scans: [failed, ...nothing.scans] }).map(({ text }) => text)).toEqual([
    'The scan f failed: gone',
  ]);
});

test('a storage that is away is told of with why, also when its scans are fine', () => {
  const waiting = { reason: 'it does not answer', since: '', nextTry: '' };
  const needs = needsOf({ ...nothing, storages: [{ ...storage, waiting }] });
  expect(needs).toEqual([{ text: expect.stringContaining('it does not answer'), href: '/storages' }]);
});

test('the trend is of scans that are over, oldest first', () => {
  expect(trendOf([scan('r', { state: 'running' }), scan('b'), scan('a'), scan('z')], 2).map(({ id }) => id)).toEqual([
    'a',
    'b',
  ]);
});

test('the scale of the trend is the smallest on which all fit', () => {
  expect([[0, 0.01], [0.03, 0.2], [0.21], [0.9], []].map(scaleOf)).toEqual([0.01, 0.2, 0.5, 1, 0.01]);
});
