import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '../core/file';
import { takes } from '../core/filter';
import { DETECTIONS, type Detection, StatusFilter } from '../core/result';
import { positionOf } from './file-order';
import { createSeal } from './seal';
import { openStore, type Store } from './store';

const folder = mkdtempSync(join(tmpdir(), 'assay-store-'));
let store: Store;
const verdicts = new Map<string, Verdict>();

const some = <T>(values: readonly T[], bits: number): T[] => values.filter((_, i) => bits & (1 << i));

const KINDS = [
  { state: 'Available', status: 'Allowed' },
  { state: 'Available', status: 'Blocked' },
  { state: 'FailedRemediation', status: 'Allowed' },
  { state: 'FailedRemediation', status: 'Blocked' },
  { state: 'Failed' },
  { state: 'Canceled' },
] as const;

/** A scan with a file of every kind and every pair of detections. */
beforeAll(async () => {
  store = await openStore(`file:${join(folder, 'assay.db')}`, createSeal(new Uint8Array(32)));
  await store.scans.insert({
    id: 'scan',
    name: 's',
    kind: 'scan',
    state: 'running',
    storageId: 'x',
    storageName: 'x',
    path: '',
    workflowId: 'w',
    workflowRevision: 1,
    createdAt: 1,
  });
  for (const kind of KINDS) {
    for (let i = 0; i < DETECTIONS.length ** 2; i++) {
      const detections = [
        ...new Set([DETECTIONS[i % DETECTIONS.length]!, DETECTIONS[Math.floor(i / DETECTIONS.length)]!]),
      ];
      verdicts.set(`/${kind.state}-${'status' in kind ? kind.status : ''}-${i}`, {
        ...kind,
        detections,
        resultCode: 0,
        explanation: '',
      });
    }
  }
  const by = { scanId: 'scan', storageId: 'x', reason: 'scan' as const, workflowId: 'w', workflowRevision: 1 };
  await store.work.addFound(
    by,
    [...verdicts.keys()].map((path) => ({ path, size: 1, modifiedAt: 1 })),
    1,
  );
  const due = await store.work.take('lease', 'scan', 10_000, 2, false);
  await store.work.record(
    due.map((d) => ({
      ...d,
      id: d.processingId,
      verdict: verdicts.get(d.place.path)!,
      findings: { answers: [], startedAt: 1, endedAt: 2 },
    })),
  );
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

test('the store takes exactly the files that the filter takes, for every choice of statuses and many of detections', async () => {
  for (let statuses = 0; statuses < 1 << StatusFilter.options.length; statuses++) {
    for (const bits of [0, 1, 2, 3, 5, 0b10000, 0b110000, 0b111, 0xff]) {
      const filter = { status: some(StatusFilter.options, statuses), detection: some(DETECTIONS, bits) as Detection[] };
      const expected = [...verdicts].filter(([, verdict]) => takes(filter, verdict)).map(([path]) => path);
      const listed = await store.files.list({ scanId: 'scan', ...filter, limit: 10_000 });
      expect(listed.map(({ path }) => path).toSorted()).toEqual(expected.toSorted());
      expect(await store.files.count({ scanId: 'scan', ...filter })).toBe(expected.length);
    }
  }
});

test('pages of what a filter takes are the same files in any order, and none is met twice', async () => {
  for (const status of [['Blocked'], ['Failed', 'Canceled'], ['Allowed', 'FailedRemediation']] as const) {
    for (const order of [undefined, 'path', '-path', 'size', '-size', '-processed'] as const) {
      const filter = { scanId: 'scan', status: [...status], detection: [DETECTIONS[1]!], order };
      const seen: string[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await store.files.list({ ...filter, after, limit: 7 });
        seen.push(...page.map(({ path }) => path));
        more = page.length === 7;
        after = page.length > 0 ? positionOf(page.at(-1)!, order) : after;
      }
      const expected = [...verdicts].filter(([, verdict]) => takes(filter, verdict)).map(([path]) => path);
      expect(seen.toSorted()).toEqual(expected.toSorted());
    }
  }
});

test('the counts of a scan agree with its files', async () => {
  const n = DETECTIONS.length ** 2;
  expect((await store.scans.find('scan'))!.counts).toMatchObject({
    total: 6 * n,
    pending: 0,
    allowed: n,
    blocked: n,
    failed: n,
    failedRemediation: 2 * n,
    canceled: n,
  });
});

test('a search for quotes, percent signs and underscores finds only what holds them', async () => {
  for (const search of ["'", '%', '_', '"; DROP TABLE files', '\0', '\n']) {
    expect(await store.files.list({ scanId: 'scan', search, limit: 10 })).toEqual([]);
  }
  expect(await store.files.list({ scanId: 'scan', search: 'FAILED-', limit: 10_000 })).toHaveLength(64);
});

test('a file knows the workflow and the end of its latest processing, also when it was canceled', async () => {
  const [judged] = await store.files.list({ scanId: 'scan', workflowId: 'w', from: 2, to: 3, limit: 1 });
  expect(judged).toMatchObject({ workflowId: 'w', processedAt: 2 });
  const by = { scanId: 'scan', storageId: 'x', reason: 'scan' as const, workflowId: 'other', workflowRevision: 1 };
  await store.work.addFound(by, [{ path: '/late', size: 1, modifiedAt: 1 }], 1);
  expect(await store.files.count({ scanId: 'scan', workflowId: 'other' })).toBe(0);
  await store.scans.cancelPending('scan', 9);
  const canceled = await store.files.list({ scanId: 'scan', workflowId: 'other', from: 9, limit: 2 });
  expect(canceled).toMatchObject([{ path: '/late', state: 'Canceled', workflowId: 'other', processedAt: 9 }]);
});
