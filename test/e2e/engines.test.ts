import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../pipeline/app';
import { eicar, hasClamd, startClamd } from '../servers/clamd';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let config: string;
let daemon: RunningDaemon | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  config = join(folder.path, 'assay.yaml');
  mkdirSync(share);
  writeFileSync(join(share, 'eicar'), eicar());
  writeFileSync(join(share, 'innocent'), 'x');
});
afterEach(async () => {
  await daemon?.kill('SIGKILL');
  daemon = undefined;
  folder.remove();
});

/** Starts a daemon with these engines, on the share. */
const start = async (engines: object) => {
  const settings = { engines, scan: { threads: 2, backoff: '10ms' } };
  writeFileSync(config, JSON.stringify(settings));
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, share] });
  const { id } = (await daemon.api('/api/scan')).entries[0];
  return { running: daemon, id };
};

const engineOf = async (running: RunningDaemon, id: string) =>
  (await running.api('/api/engine')).entries.find((engine: { id: string }) => engine.id === id);

/** Waits until an engine says so; the daemon asks its engines every few seconds. */
const engineIs = (running: RunningDaemon, id: string, state: string) =>
  until(async () => {
    const engine = await engineOf(running, id);
    return engine.state === state && engine;
  });

const rescan = async (running: RunningDaemon, fileIds: string[]) => {
  const { rescanId } = await running.api('/api/file/ondemandscan', post({ fileIds }));
  await until(async () => (await running.api(`/api/rescan/${rescanId}`)).state === 'finished');
};

const byName = (files: any[]) => Object.fromEntries(files.map((file) => [file.name, file]));

test('rules that do not compile fail each file with the place, never clean; mended and opened anew they find', async () => {
  const rules = join(folder.path, 'mine.yar');
  writeFileSync(rules, 'rule mine {\n  condition:\n    nonsense\n}\n');
  const { running, id } = await start({ yara: { rules: [rules] } });
  const scan = await scanIs(running, id, 'finished');
  expect(scan.counts).toMatchObject({ total: 2, failed: 2, allowed: 0, blocked: 0 });
  const reason = expect.stringContaining(`${rules}:3: unknown identifier`);
  expect(await engineOf(running, 'yara')).toMatchObject({ state: 'failing', reason });
  const files = await filesOf(running, id);
  for (const file of files) expect(file).toMatchObject({ state: 'Failed', exceptionDetails: reason });

  writeFileSync(rules, 'rule mine {\n  condition:\n    filesize == 1\n}\n');
  process.kill(running.pid, 'SIGHUP');
  await engineIs(running, 'yara', 'ready');
  await rescan(
    running,
    files.map((file) => file.id),
  );
  expect(byName(await filesOf(running, id))).toMatchObject({
    eicar: { status: 'Blocked', blockedReason: 'YARA found EICAR_Test_File.' },
    innocent: { status: 'Blocked', blockedReason: 'YARA found mine.' },
  });
});

test('a list or a folder of rules that is not there is a reason too', async () => {
  const { running, id } = await start({ yara: { rules: ['/nowhere/rules'] }, hashes: { block: ['/nowhere/list'] } });
  expect((await scanIs(running, id, 'finished')).counts).toMatchObject({ failed: 2, allowed: 0 });
  for (const engine of ['yara', 'hashes']) {
    expect((await engineOf(running, engine)).reason).toContain('/nowhere/');
  }
});

test.skipIf(!hasClamd)(
  'without clamd files are Failed with the reason; once it is there a rescan gives a verdict',
  async () => {
    const clamd = await startClamd();
    await clamd.stop();
    try {
      const { running, id } = await start({ clamav: { socket: clamd.socket } });
      expect(await running.status('/api/health')).toBe(200);
      expect((await scanIs(running, id, 'finished')).counts).toMatchObject({ total: 2, failed: 2 });
      const files = await filesOf(running, id);
      for (const file of files) {
        expect(file).toMatchObject({ state: 'Failed', exceptionDetails: expect.stringContaining(clamd.socket) });
        expect(await running.api(`/api/file/${file.id}`)).toMatchObject({ attempts: 3 });
      }
      expect(await engineOf(running, 'clamav')).toMatchObject({ state: 'failing' });

      await clamd.start();
      await rescan(
        running,
        files.map((file) => file.id),
      );
      expect(byName(await filesOf(running, id))).toMatchObject({
        eicar: { status: 'Blocked', detections: ['Threat'] },
        innocent: { status: 'Allowed', scanAllResultA: 'No Threat Detected' },
      });
      await engineIs(running, 'clamav', 'ready');
    } finally {
      await clamd.remove();
    }
  },
);
