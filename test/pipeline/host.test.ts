import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { silentLog } from '../../src/core/log';
import { startHost } from '../../src/host/supervise';
import {
  addStorage,
  misbehaving,
  resultsOf,
  scanFolder,
  setFileTimeout,
  startTestApp,
  temporaryFolder,
  writeFiles,
} from './app';

const shortLived = join(import.meta.dir, '../fixtures/engines/short-lived.ts');

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let app: App;

beforeEach(() => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  mkdirSync(files);
});
afterEach(async () => {
  await app?.stop();
  folder.remove();
});

const start = async (more = {}) => {
  app = await startTestApp(join(folder.path, 'data'), more);
};

const scanWithTimeout = async (timeout: number) => {
  const { id } = await app.scans.start(
    { storageId: await addStorage(app, files), workflowId: await setFileTimeout(app, timeout) },
    'test',
  );
  await app.scans.ended(id);
  return (await app.store.scans.find(id))!;
};

const many = (n: number, content = 'x') =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`file${i}`, content]));

test('a file that crashes the host is Failed after three attempts and the others are judged', async () => {
  writeFiles(files, { ...many(100), a: 'crash', bad: 'bad' });
  const journal = join(folder.path, 'journal');
  await start({ engines: { engines: { misbehaving: { journal } }, plugins: [misbehaving] } });
  const scan = await scanFolder(app, files);
  expect(scan).toMatchObject({
    state: 'finished',
    counts: { total: 102, pending: 0, allowed: 100, blocked: 1, failed: 1 },
  });
  const results = await resultsOf(app, scan.id);
  const [poison] = results.get('a')!.history;
  expect(poison).toMatchObject({ attempts: 3, verdict: { state: 'Failed', resultCode: 3 } });
  expect(poison!.verdict.explanation).toContain('SIGSEGV');
  expect(results.get('a')!.history).toHaveLength(1);
  const attempts = readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/a'));
  expect(attempts).toHaveLength(3);
});

test('a neighbour of several poison files is never counted as one', async () => {
  writeFiles(files, { ...many(60), p1: 'crash', p2: 'exit', p3: 'crash', p4: 'throw' });
  await start();
  const scan = await scanFolder(app, files);
  expect(scan.counts).toMatchObject({ total: 64, allowed: 60, failed: 4 });
  const results = await resultsOf(app, scan.id);
  expect(results.get('p2')!.history[0]!.verdict.state).toBe('Failed');
  expect(results.get('p4')!.history[0]!.verdict.explanation).toContain('thrown by the engine');
});

test('an engine that ignores its cancel loses its thread, and its file is never in two threads at once', async () => {
  writeFiles(files, { ...many(40), stuck: 'ignore', spinning: 'spin' });
  await start();
  const scan = await scanWithTimeout(200);
  expect(scan.counts).toMatchObject({ total: 42, allowed: 40, failed: 2 });
  const results = await resultsOf(app, scan.id);
  for (const name of ['stuck', 'spinning']) {
    const [processing] = results.get(name)!.history;
    expect(processing).toMatchObject({ attempts: 3, verdict: { state: 'Failed' } });
    expect(processing!.verdict.explanation).toContain('its thread was ended');
  }
});

test('what waits behind a file that costs the only thread is still looked into', async () => {
  // Too large to travel with another: two of them wait in the pool.
  const large = 'x'.repeat(5 * 1024 * 1024);
  writeFiles(files, { a: 'spin', b: 'spin', c: large, d: large });
  await start({ threads: 1 });
  const scan = await scanWithTimeout(300);
  expect(scan.counts).toMatchObject({ total: 4, pending: 0, failed: 2 });
});

test('an engine that obeys its cancel keeps its thread, and the file is Failed with the reason', async () => {
  writeFiles(files, { ...many(10), slow: 'obey' });
  await start();
  const pid = app.host.pid();
  const scan = await scanWithTimeout(100);
  expect(scan.counts).toMatchObject({ allowed: 10, failed: 1 });
  expect((await resultsOf(app, scan.id)).get('slow')!.history[0]!.verdict.explanation).toContain(
    'time for the file was up',
  );
  expect(app.host.pid()).toBe(pid);
});

test('a host that eats memory is ended before the machine is, and only its file fails', async () => {
  writeFiles(files, { ...many(30), hungry: 'memory' });
  await start();
  const scan = await scanFolder(app, files);
  expect(scan.counts).toMatchObject({ total: 31, allowed: 30, failed: 1 });
  expect((await resultsOf(app, scan.id)).get('hungry')!.history[0]!.verdict.explanation).toContain('memory');
});

test('kill -9 of the engine host costs an attempt, not a result', async () => {
  writeFiles(files, many(300, 'slow'));
  await start();
  const { id } = await app.scans.start({ storageId: await addStorage(app, files) }, 'test');
  const killed = new Set<number>();
  const stopListening = app.scans.listen(() => {
    const pid = app.host.pid();
    if (pid === undefined || killed.size >= 3 || killed.has(pid)) return;
    killed.add(pid);
    process.kill(pid, 'SIGKILL');
  });
  await app.scans.ended(id);
  stopListening();
  expect(killed.size).toBe(3);
  const results = await resultsOf(app, id);
  expect([...results.values()].map(({ history }) => history.length)).toEqual(Array(300).fill(1));
  expect((await app.store.scans.find(id))!.counts).toMatchObject({ total: 300, allowed: 300, failed: 0 });
});

test('the end of one engine host takes nothing from another that has its files in the same folder', async () => {
  const dir = join(folder.path, 'hosts');
  const setup = {
    config: { engines: { misbehaving: {} }, plugins: [misbehaving] },
    threads: 1,
    grace: 300,
    patience: 60_000,
  };
  const [one, two] = await Promise.all([1, 2].map(() => startHost({ setup, dir, memoryLimit: 700e6, log: silentLog })));
  try {
    expect(readdirSync(dir)).toHaveLength(2);
    await one!.stop();
    expect(readdirSync(dir)).toHaveLength(1);
  } finally {
    await Promise.all([one!.stop(), two!.stop()]);
  }
});

test('an engine host that is killed before it was ever ready is started again, and given up when that goes on', async () => {
  const dir = join(folder.path, 'hosts');
  const startWith = (times: number) => {
    const journal = join(folder.path, `starts-${times}`);
    const config = { engines: { 'short-lived': { journal, times } }, plugins: [shortLived] };
    const starting = startHost({
      setup: { config, threads: 1, grace: 300, patience: 60_000 },
      dir,
      memoryLimit: 700e6,
      log: silentLog,
    });
    return { starting, starts: () => readFileSync(journal).length };
  };
  const twice = startWith(2);
  const host = await twice.starting;
  expect(twice.starts()).toBe(3);
  expect(await host.engines()).toMatchObject([{ id: 'short-lived', state: 'ready' }]);
  await host.stop();
  const always = startWith(100);
  await expect(always.starting).rejects.toThrow('The engine host did not start: signal SIGKILL.');
  expect(always.starts()).toBe(3);
  expect(readdirSync(dir)).toEqual([]);
});

test('a failing engine is asked three times with a reason kept, and never makes a file clean', async () => {
  writeFiles(files, { a: 'fail', b: 'refuse' });
  const journal = join(folder.path, 'journal');
  await start({ engines: { engines: { misbehaving: { journal } }, plugins: [misbehaving] } });
  const scan = await scanFolder(app, files);
  expect(scan.counts).toMatchObject({ allowed: 0, failed: 2 });
  const results = await resultsOf(app, scan.id);
  expect(results.get('a')!.history[0]!).toMatchObject({
    attempts: 3,
    verdict: { explanation: 'Misbehaving failed: out of order.' },
  });
  expect(results.get('b')!.history[0]!.attempts).toBe(1);
  expect(
    readFileSync(journal, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('/a')),
  ).toHaveLength(3);
});

test('an answer that is none has failed, one with more in it than an answer is one, and the files beside have theirs', async () => {
  writeFiles(files, { ...many(20), a: 'nothing', b: 'circle' });
  await start();
  const scan = await scanFolder(app, files);
  expect(scan).toMatchObject({ state: 'finished', counts: { total: 22, allowed: 21, failed: 1 } });
  const [answered] = (await resultsOf(app, scan.id)).get('a')!.history;
  expect(answered!.verdict.explanation).toBe(
    'Misbehaving failed: what it answers is neither clean, detected, skipped nor failed.',
  );
});

test('engines are opened anew without losing a file of a running scan', async () => {
  writeFiles(files, many(300, 'slow'));
  await start();
  const { id } = await app.scans.start({ storageId: await addStorage(app, files) }, 'test');
  const before = app.host.pid();
  await app.host.reload();
  expect(app.host.pid()).not.toBe(before);
  await app.scans.ended(id);
  expect((await app.store.scans.find(id))!.counts).toMatchObject({ total: 300, allowed: 300 });
  expect(app.host.restarts()).toBe(0);
  const histories = [...(await resultsOf(app, id)).values()].map(({ history }) => history[0]!.attempts);
  expect(new Set(histories)).toEqual(new Set([1]));
});
