import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';
import { canMount } from './needs';

const SIZE = 64 * 1024 * 1024;
const FILES = 600;

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let state: string;
let ballast: string;
let config: string;
let daemon: RunningDaemon | undefined;

beforeEach(() => {
  if (!canMount) return;
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  state = join(folder.path, 'state');
  ballast = join(state, 'ballast');
  config = join(folder.path, 'assay.yaml');
  mkdirSync(share);
  mkdirSync(state);
  Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'assay-test', state]);
  writeFileSync(config, `engines:\n  misbehaving: {}\nplugins: [${misbehaving}]\nscan: { threads: 2 }\n`);
});
afterEach(async () => {
  await daemon?.kill('SIGKILL');
  daemon = undefined;
  if (!canMount) return;
  Bun.spawnSync(['umount', '--lazy', state]);
  folder.remove();
});

const start = async (paths: string[] = []) => {
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, ...paths] });
  return daemon;
};

/** Fills the disk but for so many bytes. */
const leave = (bytes: number) => {
  const { bavail, bsize } = statfsSync(state);
  try {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes), 1));
  } catch (error) {
    // A daemon that writes at the same time took what was left.
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
};

const FULL = /assay: There is no room left to write .*\nhint: Free some space .*\n$/m;

test.skipIf(!canMount)('a start on a full disk ends with a hint, and the next one with room works', async () => {
  for (const left of [0, 64 * 1024]) {
    leave(left);
    const refused = await startDaemon({ cwd: folder.path, args: ['--config', config] }).catch((error) => error);
    expect(refused.message).toStartWith('the daemon ended with 74: ');
    expect(refused.message).toMatch(FULL);
    expect(refused.message).not.toContain('    at ');
    rmSync(ballast);
  }
  const running = await start();
  expect(await running.status('/api/health')).toBe(200);
  expect(running.output()).toContain('password');
});

test.skipIf(!canMount)('a first start on a disk that is nearly full is ready, or ends with a hint', async () => {
  writeFileSync(join(share, 'a'), 'a');
  for (let left = 300; left < 700; left += 50) {
    leave(left * 1024);
    const started = await start([share]).catch((error: Error) => error);
    if (started instanceof Error) {
      expect(started.message).toStartWith('the daemon ended with 74: ');
      expect(started.message).toMatch(FULL);
    }
    await daemon?.kill('SIGKILL');
    daemon = undefined;
    for (const name of readdirSync(state)) rmSync(join(state, name), { recursive: true });
  }
});

test.skipIf(!canMount)('a disk that gets full in the middle of a scan costs no result', async () => {
  for (let i = 0; i < FILES; i++) writeFileSync(join(share, `file${i}`), i % 100 === 0 ? 'bad' : 'slow');
  let running = await start([share]);
  const { id } = (await running.api('/api/scan')).entries[0];
  await until(async () => (await running.api(`/api/scan/${id}`)).progress.done > 100);
  leave(0);
  expect(await running.exited).toBe(74);
  expect(running.output()).toMatch(FULL);
  expect(running.output()).not.toContain('    at ');

  // A start without room leaves all as it is.
  const refused = await startDaemon({ cwd: folder.path, args: ['--config', config] }).catch((error) => error);
  expect(refused.message).toStartWith('the daemon ended with 74: ');
  rmSync(ballast);

  running = await start();
  const scan = await scanIs(running, id, 'finished');
  expect(scan.counts).toMatchObject({ total: FILES, pending: 0, allowed: FILES - 6, blocked: 6, failed: 0 });
  const files = await filesOf(running, id);
  expect(new Set(files.map(({ path }) => path)).size).toBe(FILES);
  const histories = await Promise.all(files.map((file) => running.api(`/api/file/${file.id}/history`)));
  expect(new Set(histories.map(({ entries }) => entries.length))).toEqual(new Set([1]));
});

test.skipIf(!canMount)('with no room left the API says so, and the daemon leaves nothing behind', async () => {
  const running = await start();
  leave(0);
  let asked = 0;
  // What the disk has left in blocks that are begun goes first.
  const refused = await until(async () => {
    asked += 1;
    const storage = { name: `${asked}${'n'.repeat(150)}`, options: { kind: 'local', path: share } };
    const answer = await running.api('/api/storage', post(storage));
    return answer.responseKey !== undefined && answer;
  });
  expect(refused).toMatchObject({ responseKey: 'DISK_FULL', hint: expect.stringContaining('Free some space') });
  rmSync(ballast);
  expect(await running.kill('SIGTERM')).toBe(0);
  expect(readdirSync(join(state, 'hosts'))).toEqual([]);
});
