import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../core/log';
import { WorkflowDefinition } from '../core/workflow';
import type { Host, Job } from '../host/host';
import { createSeal } from '../store/seal';
import { openStore, type Store } from '../store/store';
import { type Dispatch, type DispatchDeps, startDispatch } from './dispatch';
import type { Reach } from './reach';
import { createSpool } from './spool';

const OPENS = 'Zz opens it Zz';
const OWN = 'Zz of the workflow Zz';
/** Files of this size travel alone. */
const LARGE = 5_000_000;

let folder: string;
let store: Store;
let dispatch: Dispatch;
let jobs: Job[];

const findings = { answers: [], startedAt: 1, endedAt: 2 };

/** A host whose files open with one password, if it is among those that are given. */
const host: Host = {
  inspect: async (group) => {
    jobs.push(...group);
    return group.map(({ id, passwords }) => ({
      id,
      findings,
      usedPassword: passwords.includes(OPENS) ? OPENS : undefined,
    }));
  },
  threads: 1,
  engines: async () => [],
  reload: async () => {},
  restarts: () => 0,
  pid: () => 1,
  stop: async () => {},
};

const FILES = 12;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-dispatch-'));
  store = await openStore(`file:${join(folder, 'assay.db')}`, createSeal(new Uint8Array(32).fill(1)));
  jobs = [];
  const definition = WorkflowDefinition.parse({});
  await store.workflows.insert(
    { id: 'w', name: 'w', revision: 1, definition, createdAt: 1, passwords: [OWN, 'b'] },
    true,
  );
  const scan = { name: 's', storageId: 'x', storageName: 'x', path: '', workflowId: 'w', workflowRevision: 1 };
  await store.scans.insert({ ...scan, id: 'scan', kind: 'scan', state: 'running', createdAt: 1 });
  const found = Array.from({ length: FILES }, (_, i) => ({ path: `/${i}`, size: LARGE, modifiedAt: 1 }));
  const by = { scanId: 'scan', storageId: 'x', reason: 'scan', workflowId: 'w', workflowRevision: 1 } as const;
  await store.work.addFound(by, found, 1);
});
afterEach(async () => {
  await dispatch.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Storages that are always there. */
const reach: Reach = {
  waiting: () => undefined,
  away: () => [],
  lost: () => {},
  reached: () => {},
  check: async () => true,
  renew: async () => {},
  back: async () => {},
  stop: () => {},
};

/** Gives out all that is due, and settles when all of it is kept. */
const runAll = async (more: Partial<DispatchDeps> = {}) => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  dispatch = startDispatch({
    store,
    host,
    startSuspectHost: async () => host,
    openBackend: async () => {
      throw new Error('no storage is opened');
    },
    reach,
    spool: createSpool(join(folder, 'fetched'), 1e9),
    retry: { attempts: 3, backoff: 1 },
    lease: 'lease',
    clock: () => 10,
    log: silentLog,
    findSource: async ({ place }) => ({ place, close: () => {} }),
    recorded: async () => {
      if ((await store.work.count()) === 0) resolve();
    },
    failed: reject,
    ...more,
  });
  dispatch.wake();
  await promise;
};

test("a first scan tries the workflow's own passwords", async () => {
  await runAll();
  expect(jobs).toHaveLength(FILES);
  for (const { passwords } of jobs) expect(passwords).toEqual([OWN, 'b']);
});

test('the password that opened a file of a rescan is tried first with its next files, and kept nowhere', async () => {
  await runAll();
  await dispatch.stop();
  await store.scans.move('scan', ['running'], 'finished', 2);
  const files = await store.files.list({ scanId: 'scan', limit: FILES });
  const again = files.map(({ id }) => ({ fileId: id, workflow: { id: 'w', revision: 1 } }));
  await store.rescans.insert({ id: 'r', actor: 'x', passwords: ['a', 'b', OPENS], audit: {} }, again, 3);
  jobs = [];
  await runAll();
  expect(jobs).toHaveLength(FILES);
  expect(jobs[0]?.passwords).toEqual(['a', 'b', OPENS, OWN]);
  expect(jobs.at(-1)?.passwords).toEqual([OPENS, 'a', 'b', OWN]);

  for (const { id } of files) expect(JSON.stringify(await store.files.history(id))).not.toContain(OPENS);
  for (const name of readdirSync(folder).filter((name) => name !== 'fetched')) {
    for (const secret of [OPENS, OWN]) {
      expect([name, readFileSync(join(folder, name)).includes(secret)]).toEqual([name, false]);
    }
  }
  expect(await store.rescans.passwords('r')).toEqual([]);
});

test('what Assay deleted itself is gone, also while its storage is away, and waits for nothing', async () => {
  await runAll();
  await dispatch.stop();
  await store.scans.move('scan', ['running'], 'finished', 2);
  const [file] = await store.files.list({ scanId: 'scan', limit: 1 });
  const again = [{ fileId: file!.id, workflow: { id: 'w', revision: 1 } }];
  await store.rescans.insert({ id: 'r1', actor: 'x', passwords: [], audit: {} }, again, 3);
  const [due] = await store.work.take('another', 'r1', 1, 10, false);
  const verdict = { resultCode: 0, state: 'Available', status: 'Allowed', detections: [], explanation: '' } as const;
  const location = { is: 'deleted', at: 4 } as const;
  await store.work.record([
    { ...due!, id: due!.processingId, rescanId: 'r1', verdict: { ...verdict, detections: [] }, findings, location },
  ]);
  await store.rescans.finishDone(5);

  await store.rescans.insert({ id: 'r2', actor: 'x', passwords: [], audit: {} }, again, 6);
  const gone = { why: 'gone', message: 'Assay deleted it.' } as const;
  await runAll({ reach: { ...reach, check: async () => false }, findSource: async () => gone });
  expect((await store.files.history(file!.id))[0]?.findings.unread).toMatchObject(gone);
});
