import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { filesOf, post, type RunningDaemon, startDaemon, until } from './daemon';
import { AS_NOBODY, canBeNobody, canLimitWatches } from './needs';

const BURST = 50_000;
const EICAR = Buffer.from(
  'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=',
  'base64',
);

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let daemon: RunningDaemon;

const start = () => startDaemon({ cwd: folder.path });
const realtime = async () => (await daemon.api('/api/realtime')).entries;
const assay = (...args: string[]) => run([...args, '--socket', daemon.socket], { cwd: folder.path });

beforeAll(async () => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  mkdirSync(share);
  daemon = await start();
});
afterAll(async () => {
  await daemon.kill('SIGTERM');
  folder.remove();
});

describe('a folder is guarded', () => {
  test('from the command line: what comes in is judged, and the status says so', async () => {
    const started = await assay('realtime', 'start', 'share');
    expect([started.exitCode, started.stdout]).toEqual([
      0,
      expect.stringContaining('is under real-time processing now'),
    ]);
    writeFileSync(join(share, 'bad'), EICAR);
    const status = await until(async () => {
      const { stdout } = await assay('realtime', 'status', '--json');
      const [one] = JSON.parse(stdout);
      return one.scan.counts.blocked === 1 && one;
    });
    expect(status).toMatchObject({ scan: { kind: 'realtime', state: 'running', counts: { total: 1, pending: 0 } } });
    const told = await assay('file', join(share, 'bad'));
    expect(told.stdout).toContain('Infected');
  });

  test('and its files are not rescanned meanwhile', async () => {
    const refused = await assay('rescan', join(share, 'bad'));
    expect(refused.exitCode).toBe(75);
    expect(refused.stderr).toContain('real-time scan that is active');
    expect(refused.stderr).toContain('Stop the real-time processing');
  });

  test('a webhook tells of files, too', async () => {
    const event = { Records: [{ s3: { object: { key: 'not+there' } } }] };
    const told = await daemon.api(
      '/api/webhook/realtime',
      post({ storageClientId: share, metadata: JSON.stringify(event) }),
    );
    expect(told.correlationId).toBeString();
    expect(
      await daemon.status('/api/webhook/realtime', post({ storageClientId: 'nobody', metadata: { path: 'a' } })),
    ).toBe(404);
    expect(await daemon.status('/api/webhook/realtime', post({ storageClientId: share, metadata: 'no JSON' }))).toBe(
      400,
    );
  });

  test(`and of ${BURST} files that come at once, with folders moved in and the daemon killed in between, each has its result`, async () => {
    const [{ scan }] = await realtime();
    const outside = join(folder.path, 'outside');
    const write = (to: string, from: number, count: number) => {
      mkdirSync(to, { recursive: true });
      for (let i = from; i < from + count; i++) writeFileSync(join(to, `file${i}`), i % 5000 === 0 ? EICAR : `${i}`);
    };
    write(join(share, 'a/b'), 0, BURST * 0.3);
    write(join(outside, 'deep/er'), 0, BURST * 0.2);
    renameSync(join(outside, 'deep'), join(share, 'moved'));
    // In the middle of it.
    await until(async () => (await daemon.api(`/api/scan/${scan.id}`)).counts.total > 1000);
    await daemon.kill('SIGKILL');
    write(join(share, 'a/c'), 0, BURST * 0.2);
    write(join(outside, 'while'), 0, BURST * 0.1);
    renameSync(join(outside, 'while'), join(share, 'a/b/while'));
    daemon = await start();
    write(join(share, 'd'), 0, BURST * 0.2);

    const done = await until(async () => {
      const now = await daemon.api(`/api/scan/${scan.id}`);
      return now.counts.total === BURST + 1 && now.counts.pending === 0 && now;
    });
    expect(done.counts).toMatchObject({ allowed: BURST - BURST / 5000, blocked: BURST / 5000 + 1, failed: 0 });
    const files = await filesOf(daemon, scan.id);
    expect(new Set(files.map(({ path }) => path)).size).toBe(BURST + 1);
  }, 600_000);

  test('until it is stopped: then its report is reprocessed like any other', async () => {
    rmSync(join(share, 'bad'));
    const stopped = await assay('realtime', 'stop', 'share');
    expect(stopped.exitCode).toBe(0);
    const [scanId = ''] = /[0-9a-f-]{36}/.exec(stopped.stdout) ?? [];
    await until(async () => (await daemon.api(`/api/scan/${scanId}`)).state === 'finished');
    const rescan = await assay('rescan', '--scan', scanId, '--status', 'Blocked', '--wait', '--json');
    expect(rescan.exitCode).not.toBe(75);
    expect((await assay('realtime', 'stop', 'share')).stderr).toContain('is not under real-time processing');
    expect((await assay('realtime')).stdout).toContain('Nothing is under real-time processing');
  });
});

test.skipIf(!canBeNobody)(
  'a folder that Assay may not read is named, the rest is watched, and it is seen once it may be read',
  async () => {
    const own = temporaryFolder();
    chmodSync(own.path, 0o777);
    const guarded = join(own.path, 'guarded');
    for (const name of ['lost+found', 'open']) mkdirSync(join(guarded, name), { recursive: true, mode: 0o700 });
    for (const path of [guarded, join(guarded, 'open')]) chmodSync(path, 0o755);
    const running = await startDaemon({ cwd: own.path, through: AS_NOBODY });
    const stateIs = async (state: string) => (await running.api('/api/realtime')).entries[0]?.state === state;
    const entry = async () => (await running.api('/api/realtime')).entries[0];
    const isJudged = async (path: string, scanId: string) =>
      (await filesOf(running, scanId)).some(
        (file) => file.path === path && ['Available', 'Blocked'].includes(file.state),
      );
    try {
      const started = await run(['realtime', 'start', guarded, '--socket', running.socket], { cwd: own.path });
      expect(started.exitCode).toBe(0);
      const { reason, scan } = await until(
        async () => (await stateIs('watching')) && (await entry()).reason && entry(),
      );
      expect(reason).toContain(`what changes in ${join(guarded, 'lost+found')} is not noticed`);
      writeFileSync(join(guarded, 'open/bad'), EICAR);
      await until(() => isJudged(join(guarded, 'open/bad'), scan.id));
      expect((await entry()).state).toBe('watching');

      writeFileSync(join(guarded, 'lost+found/before'), 'x');
      chmodSync(join(guarded, 'lost+found'), 0o755);
      await until(() => isJudged(join(guarded, 'lost+found/before'), scan.id));
      await until(async () => (await stateIs('watching')) && (await entry()).reason === undefined);
      writeFileSync(join(guarded, 'lost+found/after'), EICAR);
      await until(() => isJudged(join(guarded, 'lost+found/after'), scan.id));

      mkdirSync(join(guarded, 'open/later'), { mode: 0o700 });
      await until(async () => (await entry()).reason?.includes(join(guarded, 'open/later')));
      rmSync(join(guarded, 'open/later'), { recursive: true });
      await until(async () => (await stateIs('watching')) && (await entry()).reason === undefined);
    } finally {
      await running.kill('SIGTERM');
      own.remove();
    }
  },
);

test.skipIf(!canBeNobody)(
  'a folder that Assay may not read at its start is away, and the others are guarded',
  async () => {
    const own = temporaryFolder();
    chmodSync(own.path, 0o777);
    const [closed, open] = ['closed', 'open'].map((name) => join(own.path, name)) as [string, string];
    for (const path of [closed, open]) {
      mkdirSync(path);
      chmodSync(path, 0o755);
    }
    const begin = () => startDaemon({ cwd: own.path, through: AS_NOBODY });
    let running = await begin();
    const isCounted = (storageName: string, total: number) =>
      until(async () => {
        const { entries } = await running.api('/api/realtime');
        return entries.some(({ scan }: any) => scan.storageName === storageName && scan.counts.total === total);
      });
    try {
      for (const path of [closed, open]) {
        const started = await run(['realtime', 'start', path, '--socket', running.socket], { cwd: own.path });
        expect(started.exitCode).toBe(0);
      }
      await running.kill('SIGKILL');
      chmodSync(closed, 0);
      running = await begin();
      writeFileSync(join(open, 'new'), 'x');
      await isCounted(open, 1);
      const away = await until(async () =>
        (await running.api('/api/realtime')).entries.find(({ state }: any) => state === 'away'),
      );
      expect(away).toMatchObject({ scan: { storageName: closed }, reason: expect.stringContaining('EACCES') });
      writeFileSync(join(closed, 'meanwhile'), 'x');
      chmodSync(closed, 0o755);
      await isCounted(closed, 1);
    } finally {
      await running.kill('SIGTERM');
      own.remove();
    }
  },
);

test.skipIf(!canLimitWatches)(
  'a folder is listed again and again where the kernel gives no watch, and that is said',
  async () => {
    const own = temporaryFolder();
    const limited = ['unshare', '-Ur', 'sh', '-c', 'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"', 'sh'];
    const guarded = join(own.path, 'guarded');
    mkdirSync(guarded);
    const running = await startDaemon({ cwd: own.path, through: limited, env: { ASSAY_REALTIME_POLL: '200ms' } });
    try {
      const started = await run(['realtime', 'start', guarded, '--socket', running.socket], { cwd: own.path });
      expect(started.exitCode).toBe(0);
      const entry = async () => (await running.api('/api/realtime')).entries[0];
      const polled = await until(async () => (await entry()).state === 'polling' && entry());
      expect(polled.reason).toContain('raise fs.inotify.max_user_instances');
      writeFileSync(join(guarded, 'new'), EICAR);
      await until(async () => (await entry()).scan.counts.blocked === 1);
    } finally {
      await running.kill('SIGTERM');
      own.remove();
    }
  },
);
