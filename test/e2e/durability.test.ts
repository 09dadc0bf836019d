import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let config: string;
let daemon: RunningDaemon | undefined;

const FILES = 400;

beforeEach(() => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  mkdirSync(share);
  for (let i = 0; i < FILES; i++) writeFileSync(join(share, `file${i}`), i % 40 === 0 ? 'bad' : 'slow');
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

const onlyScan = async (running: RunningDaemon) => (await running.api('/api/scan')).entries[0];

/** Processes of this test's folder that are still there. */
const leftOver = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(join(folder.path, 'state/hosts'))
      );
    } catch {
      return false;
    }
  });

test('kill -9 of the daemon again and again, then every file ends with exactly one result', async () => {
  let running = await start([share]);
  const { id } = await onlyScan(running);
  for (const part of [1, FILES * 0.2, FILES * 0.5, FILES * 0.8]) {
    await until(async () => (await running.api(`/api/scan/${id}`)).progress.done >= part);
    await running.kill('SIGKILL');
    // The engine host goes with its daemon: no old host still has a file when the next daemon gives it out.
    await until(async () => leftOver().length === 0);
    running = await start();
  }
  const scan = await scanIs(running, id, 'finished');
  expect(scan.counts).toMatchObject({ total: FILES, pending: 0, allowed: FILES - 10, blocked: 10, failed: 0 });
  const files = await filesOf(running, id);
  expect(new Set(files.map(({ path }) => path)).size).toBe(FILES);
  for (const file of files) {
    const history = await running.api(`/api/file/${file.id}/history`);
    expect(history.entries).toHaveLength(1);
  }
});

test('kill -9 while files are still being found loses none and finds none twice', async () => {
  const deep = join(folder.path, 'deep');
  for (let d = 0; d < 60; d++) {
    mkdirSync(join(deep, `d${d}`), { recursive: true });
    for (let i = 0; i < 100; i++) writeFileSync(join(deep, `d${d}`, `f${i}`), 'x');
  }
  let running = await start([deep]);
  const { id } = await onlyScan(running);
  await running.kill('SIGKILL');
  running = await start();
  const scan = await scanIs(running, id, 'finished');
  expect(scan.counts).toMatchObject({ total: 6000, pending: 0, allowed: 6000 });
  expect(new Set((await filesOf(running, id)).map(({ path }) => path)).size).toBe(6000);
});

test('SIGTERM ends the daemon with 0 in the middle of a scan, leaves no process, and the scan goes on at the next start', async () => {
  const running = await start([share]);
  const { id } = await onlyScan(running);
  await until(async () => (await running.api(`/api/scan/${id}`)).progress.done > 10);
  expect(await running.kill('SIGTERM')).toBe(0);
  expect(leftOver()).toEqual([]);
  const next = await start();
  const scan = await scanIs(next, id, 'finished');
  expect(scan.counts).toMatchObject({ total: FILES, allowed: FILES - 10, blocked: 10, failed: 0 });
});

test('a scan is paused, resumed and cancelled, and a file of it is rescanned only once it has ended', async () => {
  const running = await start([share]);
  const { id } = await onlyScan(running);
  await until(async () => (await running.api(`/api/scan/${id}`)).progress.done > 0);
  const [file] = await filesOf(running, id);
  const rescan = () => running.api('/api/file/ondemandscan', post({ fileId: file.id }));

  expect(await rescan()).toMatchObject({ responseKey: 'SCAN_NOT_FINISHED' });
  expect((await running.api(`/api/scan/${id}/pause`, post())).state).toBe('paused');
  expect(await rescan()).toMatchObject({ responseKey: 'SCAN_NOT_FINISHED' });
  expect((await running.api(`/api/scan/${id}/resume`, post())).state).toBe('running');
  const canceled = await running.api(`/api/scan/${id}/cancel`, post());
  expect(canceled).toMatchObject({ state: 'canceled', counts: { total: FILES, pending: 0 } });
  const { allowed, blocked, canceled: left } = canceled.counts;
  expect(allowed + blocked + left).toBe(FILES);
  expect(await running.status(`/api/scan/${id}/resume`, post())).toBe(409);

  const { rescanId } = await rescan();
  await until(async () => (await running.api(`/api/rescan/${rescanId}`)).state === 'finished');
  const history = await running.api(`/api/file/${file.id}/history`);
  expect(history.entries.map(({ reason }: { reason: string }) => reason)).toEqual(['rescan', 'scan']);
});

test('many rescans of one file at once: one starts, the others are refused, and each processing is kept', async () => {
  writeFileSync(join(share, 'file0'), 'slow');
  const running = await start([share]);
  const { id } = await onlyScan(running);
  await scanIs(running, id, 'finished');
  const [file] = await filesOf(running, id);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => running.api('/api/file/ondemandscan', post({ fileId: file.id }))),
  );
  const started = answers.filter(({ responseKey }) => responseKey === 'STARTED_PROCESSING_FILE');
  expect(started.length).toBeGreaterThan(0);
  expect(answers.filter(({ responseKey }) => responseKey === 'FILE_IN_PROGRESS')).toHaveLength(50 - started.length);
  for (const { rescanId } of started) {
    await until(async () => (await running.api(`/api/rescan/${rescanId}`)).state === 'finished');
  }
  const { entries } = await running.api(`/api/file/${file.id}/history`);
  expect(entries).toHaveLength(1 + started.length);
  const spans = entries.map((e: any) => [Date.parse(e.started), Date.parse(e.finished)]).toReversed();
  for (let i = 1; i < spans.length; i++) expect(spans[i][0]).toBeGreaterThanOrEqual(spans[i - 1][1]);
});

test('a second daemon on the same data directory is refused with a hint and an exit code', async () => {
  await start();
  const second = startDaemon({ cwd: folder.path, args: ['--config', config] });
  expect(second).rejects.toThrow(/75[\s\S]*in use by another Assay/);
});
