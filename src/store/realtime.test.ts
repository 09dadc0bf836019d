import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Found } from '../core/file';
import { newId } from '../core/id';
import { createSeal } from './seal';
import { openStore, type Store } from './store';

let dir: string;
let store: Store;
const scanId = newId();
const by = { scanId, storageId: 'storage', reason: 'realtime', workflowId: 'workflow', workflowRevision: 1 } as const;

const newScan = (id: string, storageId = 'storage') => ({
  id,
  name: 'guard',
  kind: 'realtime' as const,
  state: 'running' as const,
  storageId,
  storageName: storageId,
  path: '',
  workflowId: 'workflow',
  workflowRevision: 1,
  createdAt: 1,
});

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'assay-realtime-'));
  store = await openStore(`file:${dir}/assay.db`, createSeal(new Uint8Array(32)));
  await store.realtime.insert(newScan(scanId), { begun: false });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const seen = (path: string, stamp: string): Found => ({ path, size: 1, modifiedAt: 0, stamp });
const counts = async () => (await store.scans.find(scanId))!.counts;
const take = () => store.work.take('lease', scanId, 100, 10, false);
const finishAll = async () => {
  const due = await take();
  await store.work.record(
    due.map((one) => ({
      ...one,
      id: one.processingId,
      verdict: { resultCode: 0, state: 'Available', status: 'Allowed', detections: [], explanation: '' },
      findings: { answers: [], startedAt: 1, endedAt: 2 },
    })),
  );
  return due;
};

describe('what is noticed', () => {
  test('was there at the beginning: nothing is due until something happens to it, even if it looks the same then', async () => {
    await store.realtime.notice(scanId, [seen('a', '1'), seen('b', '1'), seen('c', '1')], 'beginning');
    expect(await store.realtime.enter(by, 5)).toBe(0);
    await store.realtime.notice(scanId, [seen('a', '1'), seen('b', '1')], 'event');
    await store.realtime.notice(scanId, [seen('a', '1'), seen('b', '1'), seen('c', '1')], 'listing');
    expect(await store.realtime.enter(by, 5)).toBe(2);
    expect(await counts()).toMatchObject({ total: 2, pending: 2, bytes: 2 });
  });

  test('was there at the beginning, but changed since: it is due', async () => {
    await store.realtime.notice(scanId, [seen('old', '1'), { ...seen('new', '1'), modifiedAt: 1 }], 'beginning');
    expect(await store.realtime.enter(by, 5)).toBe(1);
    expect(await finishAll()).toMatchObject([{ place: { path: 'new' } }]);
  });

  test('is due once for each change, however often it is told or listed', async () => {
    for (const how of ['event', 'event', 'listing'] as const)
      await store.realtime.notice(scanId, [seen('a', '1')], how);
    expect(await store.realtime.enter(by, 5)).toBe(1);
    expect(await finishAll()).toMatchObject([{ place: { path: 'a' }, reason: 'realtime' }]);
    for (const how of ['event', 'listing'] as const) await store.realtime.notice(scanId, [seen('a', '1')], how);
    expect(await store.realtime.enter(by, 5)).toBe(0);
    await store.realtime.notice(scanId, [seen('a', '2')], 'listing');
    expect(await store.realtime.enter(by, 5)).toBe(1);
    expect(await counts()).toMatchObject({ total: 1, pending: 1, allowed: 0 });
    await finishAll();
    expect(await counts()).toMatchObject({ total: 1, pending: 0, allowed: 1 });
    const [file] = await store.files.list({ scanId, limit: 10 });
    expect(await store.files.history(file!.id)).toHaveLength(2);
  });

  test('changed before anybody began with it: it is read as it is then, once', async () => {
    await store.realtime.notice(scanId, [seen('a', '1')], 'event');
    await store.realtime.enter(by, 5);
    await store.realtime.notice(scanId, [{ ...seen('a', '2'), size: 7 }], 'event');
    expect(await store.realtime.enter(by, 5)).toBe(1);
    expect(await finishAll()).toMatchObject([{ size: 7 }]);
    expect(await store.realtime.hasWanted(scanId)).toBe(false);
    expect(await take()).toEqual([]);
  });

  test('changed while it was looked into: it is looked into again afterwards, and never twice at once', async () => {
    await store.realtime.notice(scanId, [seen('a', '1')], 'event');
    await store.realtime.enter(by, 5);
    const [due] = await take();
    await store.realtime.notice(scanId, [seen('a', '2')], 'event');
    expect(await store.realtime.enter(by, 5)).toBe(0);
    expect(await store.realtime.hasWanted(scanId)).toBe(true);
    expect(await take()).toEqual([]);
    await store.work.giveBack([{ fileId: due!.fileId, notBefore: 0, alone: false, uncount: true }]);
    await finishAll();
    expect(await store.realtime.enter(by, 5)).toBe(1);
    expect(await finishAll()).toHaveLength(1);
  });
});

test('a storage has one real-time scan at the most', async () => {
  const second = newId();
  expect(await store.realtime.insert(newScan(second), { begun: true })).toBe(false);
  expect(await store.scans.find(second)).toBeUndefined();
  expect(await store.realtime.insert(newScan(second, 'another'), { begun: true })).toBe(true);
  expect((await store.realtime.list()).map(({ begun }) => begun)).toEqual([false, true]);
});

test('it is not over while it is active; once it is stopped it ends with what is due, and notices nothing', async () => {
  expect(await store.scans.finishDone(9)).toEqual([]);
  await store.realtime.notice(scanId, [seen('a', '1')], 'event');
  await store.realtime.enter(by, 5);
  expect(await store.realtime.stop(scanId)).toBe(true);
  expect(await store.realtime.stop(scanId)).toBe(false);
  await store.realtime.notice(scanId, [seen('b', '1')], 'event');
  expect(await store.realtime.enter(by, 5)).toBe(0);
  expect(await store.scans.finishDone(9)).toEqual([]);
  await finishAll();
  expect(await store.scans.finishDone(9)).toEqual([scanId]);
});
