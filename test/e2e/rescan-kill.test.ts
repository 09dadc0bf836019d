import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

/** More than are planned in one transaction. */
const FILES = 6_000;

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let config: string;
let daemon: RunningDaemon | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  mkdirSync(share);
  for (let i = 0; i < FILES; i++) writeFileSync(join(share, `file${i}`), i % 100 === 0 ? 'bad' : 'fine');
  config = join(folder.path, 'assay.yaml');
  writeFileSync(config, `engines:\n  misbehaving: {}\nplugins: [${misbehaving}]\nscan: { threads: 2 }\n`);
});
afterEach(async () => {
  await daemon?.kill('SIGKILL');
  daemon = undefined;
  folder.remove();
});

const start = async (paths: string[] = []) => {
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, ...paths] });
  return daemon;
};
const killAndStart = async (running: RunningDaemon) => {
  await running.kill('SIGKILL');
  return start();
};

const scanned = async () => {
  const running = await start([share]);
  const [{ id: storageId }] = (await running.api('/api/storage')).entries;
  const realtime = (await running.api('/api/scan?limit=100')).entries.find(({ kind }: any) => kind === 'realtime');
  if (realtime) await running.api(`/api/realtime/${realtime.id}`, { method: 'DELETE' });
  const { id } = (await running.api('/api/scan?limit=100')).entries.find(({ kind }: any) => kind === 'scan');
  await scanIs(running, id, 'finished');
  return { running, id: String(id), storageId };
};

const reprocess = async (running: RunningDaemon, scanId: string): Promise<string> =>
  (await running.api(`/api/scan/${scanId}/reprocess`, post({ force: true }))).rescanId;

/** How many files have how many results of a rescan, read past the daemon, which has ended. */
const resultsOf = async (rescanId: string) => {
  const client = createClient({ url: `file:${join(folder.path, 'state/assay.db')}` });
  const args = { id: rescanId };
  const each = await client.execute({
    sql: 'SELECT n, count(*) AS files FROM (SELECT count(*) AS n FROM processings WHERE rescan_id = :id GROUP BY file_id) GROUP BY n',
    args,
  });
  const one = async (sql: string) => Number((await client.execute(sql)).rows[0]?.n);
  const due = await one('SELECT count(*) AS n FROM work');
  const astray = await one(`SELECT count(*) AS n FROM files AS f WHERE processing_id IS NOT
    (SELECT id FROM processings WHERE file_id = f.id ORDER BY rowid DESC LIMIT 1) OR state = 'InProgress'`);
  client.close();
  return { files: Object.fromEntries(each.rows.map((row) => [Number(row.n), Number(row.files)])), due, astray };
};

test('kill -9 while a rescan is planned and while it runs: each file has exactly one result of it', async () => {
  const { running: first, id } = await scanned();
  const rescanId = await reprocess(first, id);
  let running = await killAndStart(first);
  for (const part of [1, FILES * 0.3, FILES * 0.7]) {
    await until(async () => (await running.api(`/api/rescan/${rescanId}`)).progress.done >= part);
    running = await killAndStart(running);
  }
  const rescan = await until(async () => {
    const now = await running.api(`/api/rescan/${rescanId}`);
    return now.state === 'finished' && now;
  });
  expect(rescan).toMatchObject({ skipped: 0, canceled: 0, progress: { total: FILES, done: FILES } });
  expect(rescan.changes.allowedToBlocked.count).toBe(0);
  expect((await running.api(`/api/scan/${id}`)).counts).toMatchObject({
    total: FILES,
    allowed: FILES - 60,
    blocked: 60,
  });
  await running.kill('SIGTERM');
  expect(await resultsOf(rescanId)).toEqual({ files: { 1: FILES }, due: 0, astray: 0 });
});

test('kill -9 while a rescan is cancelled: what it did stays, nothing is due any more, and each file can be rescanned', async () => {
  const { running: first, id } = await scanned();
  const rescanId = await reprocess(first, id);
  await until(async () => (await first.api(`/api/rescan/${rescanId}`)).progress.done > 0);
  const answer = first.status(`/api/rescan/${rescanId}/cancel`, post()).catch(() => 0);
  await until(async () => (await first.api(`/api/rescan/${rescanId}`)).state !== 'running');
  const running = await killAndStart(first);
  await answer;
  const { state, progress, canceled } = await running.api(`/api/rescan/${rescanId}`);
  expect(state).toBe('canceled');

  const again = await reprocess(running, id);
  const rescan = await until(async () => {
    const now = await running.api(`/api/rescan/${again}`);
    return now.state === 'finished' && now;
  });
  expect(rescan).toMatchObject({ skipped: 0, progress: { total: FILES } });
  await running.kill('SIGTERM');
  const { files, due, astray } = await resultsOf(rescanId);
  expect({ due, astray }).toEqual({ due: 0, astray: 0 });
  expect(Object.keys(files)).toEqual(['1']);
  expect(files[1]! + canceled).toBe(progress.total);
  expect(await resultsOf(again)).toEqual({ files: { 1: FILES }, due: 0, astray: 0 });
});
