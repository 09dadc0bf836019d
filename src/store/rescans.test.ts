import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import type { Change } from '../core/change';
import type { Detection } from '../core/result';
import { positionOf } from './file-order';
import { createFileQueries } from './files';
import { openDatabase } from './open';
import { createSeal } from './seal';
import { openStore, type Store } from './store';

const secret = 'Zz the very secret Zz';
const workflow = { id: 'w', revision: 1 };
const ask = { actor: 'x', passwords: [secret, 'другой'], audit: {} };

let folder: string;
let store: Store;
const open = async (fill = 1) =>
  openStore(`file:${join(folder, 'assay.db')}`, createSeal(new Uint8Array(32).fill(fill)));

/** A scan that is over, with some files that were judged. */
const judged = async (count: number, detections: Detection[] = []) => {
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
  const by = { scanId: 'scan', storageId: 'x', reason: 'scan' as const, workflowId: 'w', workflowRevision: 1 };
  const found = Array.from({ length: count }, (_, i) => ({ path: `/${i}`, size: 1, modifiedAt: 1 }));
  await store.work.addFound(by, found, 1);
  await finish('scan', detections);
  await store.scans.move('scan', ['running'], 'finished', 2);
  return (await store.files.list({ scanId: 'scan', limit: count })).map(({ id }) => id);
};

const content = {
  size: 1,
  sha256: 'a',
  sha1: '',
  md5: '',
  type: { mime: 'text/plain', description: 'Text', container: false },
};
const answer = { engineId: 'e', engineName: 'E', status: 'clean' as const, looksInside: false, scanTime: 1 };

const finish = async (run: string, detections: Detection[] = [], limit = 100) => {
  const due = await store.work.take('lease', run, limit, 5, false);
  await store.work.record(
    due.map((one) => ({
      ...one,
      id: one.processingId,
      rescanId: one.reason === 'rescan' ? run : undefined,
      verdict: { resultCode: 0, state: 'Available', status: 'Allowed', detections, explanation: '' },
      findings: { content, answers: [answer], startedAt: 3, endedAt: 4 },
    })),
  );
  return due;
};

/** What the rescans' rows have of passwords, read past the store. */
const kept = async () => {
  const client = createClient({ url: `file:${join(folder, 'assay.db')}` });
  const { rows } = await client.execute('SELECT passwords, state, pending FROM rescans ORDER BY id');
  client.close();
  return rows.map(({ passwords }) => passwords);
};

const batch = (id: string) => ({
  ...ask,
  id,
  scanId: 'scan',
  filter: { status: [], detection: [] },
  force: false,
  workflow,
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-rescans-'));
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe('the passwords of a rescan', () => {
  test('are kept in their order while it waits, paused too, and over a start; no file of the store has them', async () => {
    const again = (await judged(2)).map((fileId) => ({ fileId, workflow }));
    await store.rescans.insert({ ...ask, id: 'r' }, again, 3);
    await store.rescans.move('r', ['running'], 'paused');
    expect(await store.rescans.passwords('r')).toEqual(ask.passwords);
    for (const name of readdirSync(folder)) {
      for (const word of ask.passwords) {
        expect([name, readFileSync(join(folder, name)).includes(word)]).toEqual([name, false]);
      }
    }
    await store.close();
    store = await open();
    expect(await store.rescans.passwords('r')).toEqual(ask.passwords);
    expect(JSON.stringify(await store.rescans.list({ limit: 10 }))).not.toContain('assword');
  });

  test('are erased with the record of its last result, before anybody ends it', async () => {
    const again = (await judged(3)).map((fileId) => ({ fileId, workflow }));
    await store.rescans.insert({ ...ask, id: 'r' }, again, 3);
    await finish('r', [], 2);
    expect(await kept()).toEqual([expect.any(String)]);
    await finish('r');
    expect(await kept()).toEqual([null]);
    expect(await store.rescans.find('r')).toMatchObject({ state: 'running', pending: 0 });
    expect(await store.rescans.passwords('r')).toEqual([]);
  });

  test('stay while files of its report are still to be found, and are erased when it ends without any', async () => {
    await judged(2);
    await store.rescans.insertBatch(batch('r'), 3);
    await store.rescans.plan('r', 3);
    await finish('r');
    expect(await store.rescans.passwords('r')).toEqual(ask.passwords);
    expect(await store.rescans.plan('r', 3)).toBe(false);
    expect(await store.rescans.finishDone(4)).toEqual(['r']);
    expect(await kept()).toEqual([null]);
  });

  test('are erased when it is paused while its last files are in flight: with them it is over', async () => {
    await judged(2);
    await store.rescans.insertBatch(batch('r'), 3);
    await store.rescans.plan('r', 3);
    expect(await store.rescans.plan('r', 3)).toBe(false);
    await store.rescans.move('r', ['running'], 'paused');
    expect(await store.rescans.finishDone(4)).toEqual([]);
    await finish('r');
    expect(await store.rescans.finishDone(4)).toEqual(['r']);
    expect(await store.rescans.find('r')).toMatchObject({ state: 'finished', finishedAt: 4 });
    expect(await kept()).toEqual([null]);
  });

  test('are erased when it is cancelled, and with files in flight nothing brings them back', async () => {
    const again = (await judged(2)).map((fileId) => ({ fileId, workflow }));
    await store.rescans.insert({ ...ask, id: 'r' }, again, 3);
    await store.work.take('lease', 'r', 1, 5, false);
    await store.rescans.move('r', ['running', 'paused'], 'canceled', 6);
    expect(await kept()).toEqual([null]);
    while (await store.rescans.cancelPending('r'));
    expect(await store.rescans.passwords('r')).toEqual([]);
  });

  test('open with no other key, and only in their own row', async () => {
    const again = (await judged(1)).map((fileId) => ({ fileId, workflow }));
    await store.rescans.insert({ ...ask, id: 'r' }, again, 3);
    await store.rescans.insertBatch(batch('other'), 3);
    const client = createClient({ url: `file:${join(folder, 'assay.db')}` });
    await client.execute(
      `UPDATE rescans SET passwords = (SELECT passwords FROM rescans WHERE id = 'r') WHERE id = 'other'`,
    );
    client.close();
    expect(store.rescans.passwords('other')).rejects.toMatchObject({ code: 'NOT_POSSIBLE' });
    await store.close();
    store = await open(2);
    expect(store.rescans.passwords('r')).rejects.toMatchObject({ code: 'NOT_POSSIBLE' });
  });

  test('a wish that takes no file leaves none', async () => {
    const again = (await judged(1)).map((fileId) => ({ fileId, workflow }));
    await store.rescans.insert({ ...ask, id: 'r' }, again, 3);
    expect(await store.rescans.insert({ ...ask, id: 's' }, again, 3)).toEqual([]);
    expect(await store.rescans.find('s')).toBeUndefined();
  });
});

test('the audit tells of each start with the files that it took, and of none that took nothing', async () => {
  const ids = await judged(2);
  const again = ids.map((fileId) => ({ fileId, workflow }));
  const told = async () => (await store.audit.list({ limit: 10 })).map(({ id: _, ...entry }) => entry);
  const as = (id: string) => ({ ...ask, id, actor: 'ada', audit: { workflow: 'Default' } });
  await store.rescans.insert(as('one'), again.slice(0, 1), 3);
  await store.rescans.insert(as('both'), again, 4);
  await store.rescans.insert(as('none'), again, 5);
  await store.rescans.insertBatch({ ...batch('report'), ...as('report') }, 6);
  const start = { actor: 'ada', action: 'rescan.start' };
  expect(await told()).toEqual([
    { ...start, at: 6, detail: { rescanId: 'report', workflow: 'Default' } },
    { ...start, at: 4, detail: { rescanId: 'both', workflow: 'Default', files: 1, fileIds: [ids[1]] } },
    { ...start, at: 3, detail: { rescanId: 'one', workflow: 'Default', files: 1, fileIds: [ids[0]] } },
  ]);
});

describe('answers of before are used again in a rescan of a report', () => {
  const answersOf = async (passwords: string[], detections: Detection[]) => {
    await judged(1, detections);
    await store.rescans.insertBatch({ ...batch('r'), passwords }, 3);
    await store.rescans.plan('r', 3);
    return (await finish('r'))[0]?.earlier?.known?.answers.length ?? 0;
  };

  test('where nothing new was brought', async () => {
    expect(await answersOf([], [])).toBe(1);
  });

  test('not with passwords: files are opened anew', async () => {
    expect(await answersOf([secret], [])).toBe(0);
  });

  test('not of what was encrypted: a workflow may have got passwords since', async () => {
    expect(await answersOf([], ['Encrypted', 'Unscannable'])).toBe(0);
  });
});

test('the files of a rescan, and those that it changed, are the same whether they are sorted or walked', async () => {
  const ids = await judged(30);
  for (const [at, run] of ['r1', 'r2'].entries()) {
    if (at === 0) {
      const some = ids.slice(0, 20).map((fileId) => ({ fileId, workflow }));
      await store.rescans.insert({ ...ask, id: run }, some, 10);
    } else {
      await store.rescans.insertBatch(batch(run), 10);
      while (await store.rescans.plan(run, 11));
    }
    const due = await store.work.take('lease', run, 100, 12, false);
    const change = (id: string): Change[] => {
      const n = ids.indexOf(id) + at;
      return n % 3 === 0 ? [] : n % 3 === 1 ? ['allowedToBlocked', 'newlyDetected'] : ['gone'];
    };
    await store.work.record(
      due.map((one) => ({
        ...one,
        id: one.processingId,
        rescanId: run,
        verdict: { resultCode: 0, state: 'Available', status: 'Allowed', detections: [], explanation: '' },
        findings: { content, answers: [answer], startedAt: 13, endedAt: 14 },
        changes: change(one.fileId),
      })),
    );
  }
  const database = await openDatabase(`file:${join(folder, 'assay.db')}`);
  const walked = createFileQueries(database, 0);
  const filters = [{}, { change: 'gone' }, { change: 'newlyDetected' }, { change: 'newlyReadable' }] as const;
  const counts: number[] = [];
  for (const rescanId of ['r1', 'r2', 'none', undefined])
    for (const filter of filters) {
      const wish = { scanId: 'scan', rescanId, ...filter };
      counts.push(await store.files.count(wish));
      expect(await walked.count(wish)).toBe(counts.at(-1)!);
      for (const order of [undefined, 'path', '-size', '-processed'] as const) {
        const all = await store.files.list({ ...wish, order, limit: 100 });
        expect(all).toHaveLength(counts.at(-1)!);
        expect(await walked.list({ ...wish, order, limit: 100 })).toEqual(all);
        if (all.length < 6) continue;
        const page = { ...wish, order, after: positionOf(all[2]!, order), limit: 3 };
        expect(await store.files.list(page)).toEqual(all.slice(3, 6));
        expect(await walked.list(page)).toEqual(all.slice(3, 6));
      }
    }
  expect(counts).toEqual([20, 6, 7, 0, 30, 10, 10, 0, 0, 0, 0, 0, 30, 16, 17, 0]);
  await database.close();
});
