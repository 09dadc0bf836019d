import { afterEach, beforeEach, expect, test } from 'bun:test';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { filesOf, type RunningDaemon, startDaemon, until } from './daemon';
import { AS_NOBODY, canBeNobody, canMount } from './needs';

const EICAR = Buffer.from(
  'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=',
  'base64',
);

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let daemon: RunningDaemon | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'bad'), EICAR);
});
afterEach(async () => {
  await daemon?.kill('SIGKILL');
  daemon = undefined;
  Bun.spawnSync(['umount', '--lazy', join(share, 'small')]);
  folder.remove();
});

const assay = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await run([...args, '--socket', daemon?.socket ?? ''], { cwd: folder.path });
  return { stdout, stderr, exitCode };
};

/** A daemon whose default workflow treats blocked files so. */
const start = async (blocked: object, through?: string[]) => {
  daemon = await startDaemon({ cwd: folder.path, through });
  const definition = { remediation: { blocked: { original: blocked } } };
  writeFileSync(join(folder.path, 'workflow.json'), JSON.stringify(definition));
  expect((await assay('workflow', 'change', 'Default', 'workflow.json')).exitCode).toBe(0);
  return daemon;
};

const scan = async (running: RunningDaemon): Promise<{ id: string; counts: object }> => {
  const { stdout } = await assay('scans', 'start', '--storage', share, '--json');
  const { id } = JSON.parse(stdout);
  return until(async () => {
    const now = await running.api(`/api/scan/${id}`);
    return now.state === 'finished' && now;
  });
};

test('a blocked file goes into quarantine, is told of, and comes back, all by the command line', async () => {
  chmodSync(join(share, 'bad'), 0o640);
  const running = await start({ action: 'quarantine' });
  const { id, counts } = await scan(running);
  expect(counts).toMatchObject({ blocked: 1 });
  expect((await assay('scans', 'show', id)).stdout).toMatch(/Remediation +quarantine 1/);
  expect(readdirSync(share)).toEqual([]);
  expect((await assay('file', join(share, 'bad'))).stdout).toMatch(/in quarantine, as [0-9a-f-]{36}/);
  const [entry] = JSON.parse((await assay('quarantine', '--json')).stdout);
  expect((await assay('quarantine', 'show', entry.id)).stdout).toContain('EICAR');
  const kept = readFileSync(join(folder.path, 'state/quarantine', entry.id));
  expect([kept.length, kept.includes('EICAR')]).toEqual([EICAR.length, false]);
  const restored = await assay('quarantine', 'restore', entry.id, '--allow');
  expect(restored.stdout).toContain(`${join(share, 'bad')} again. The workflow Default allows its content`);
  expect(readFileSync(join(share, 'bad')).equals(EICAR)).toBe(true);
  expect((await assay('quarantine')).stdout).not.toContain(entry.id);
  expect(await scan(running)).toMatchObject({ counts: { allowed: 1, blocked: 0 } });
  expect((await assay('file', join(share, 'bad'))).stdout).toContain('restored from quarantine');
});

test.skipIf(!canMount)(
  'a file is moved to another disk; where that is full, nothing is lost and a rescan ends it',
  async () => {
    const small = join(share, 'small');
    mkdirSync(small);
    Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'assay-test', small]);
    const running = await start({ action: 'move', moveTo: { folder: 'small/blocked' } });
    expect(await scan(running)).toMatchObject({ counts: { blocked: 1, failedRemediation: 0 } });
    expect(readFileSync(join(small, 'blocked/bad')).equals(EICAR)).toBe(true);
    expect(readdirSync(share)).toEqual(['small']);

    const { bavail, bsize } = statfsSync(small);
    writeFileSync(join(small, 'ballast'), Buffer.alloc(bavail * bsize, 1));
    writeFileSync(join(share, 'bad'), EICAR);
    const { id, counts } = await scan(running);
    expect(counts).toMatchObject({ failedRemediation: 1 });
    const failed = (await filesOf(running, id)).find(({ path }) => path === join(share, 'bad'));
    expect(await running.api(`/api/file/${failed.id}`)).toMatchObject({
      state: 'FailedRemediation',
      status: 'Blocked',
      exceptionDetails: expect.stringContaining('no room left'),
    });
    expect([readFileSync(join(share, 'bad')).equals(EICAR), readdirSync(join(small, 'blocked'))]).toEqual([
      true,
      ['bad'],
    ]);

    rmSync(join(small, 'ballast'));
    const rescan = await assay('rescan', '--scan', id, '--status', 'FailedRemediation', '--wait');
    expect(rescan.stderr).not.toContain('hint');
    expect([readdirSync(share), readdirSync(join(small, 'blocked')).sort()]).toEqual([['small'], ['bad', 'bad (2)']]);
  },
);

test.skipIf(!canBeNobody)('a file that Assay may not take away stays, with the reason and what to do', async () => {
  chmodSync(folder.path, 0o755);
  const state = join(folder.path, 'state');
  mkdirSync(state);
  chownSync(state, 65534, 65534);
  const running = await start({ action: 'quarantine' }, AS_NOBODY);
  expect(await scan(running)).toMatchObject({ counts: { failedRemediation: 1 } });
  const { stdout } = await assay('file', join(share, 'bad'));
  expect(stdout).toContain('permission denied');
  expect(stdout).toContain('ReadWritePaths');
  expect(readdirSync(share)).toEqual(['bad']);
  expect(readdirSync(join(state, 'quarantine'))).toEqual([]);
  expect(JSON.parse((await assay('quarantine', '--json')).stdout)).toEqual([]);
});

test('a remediation that fails is told by the report, and by each rescan until it succeeds', async () => {
  const running = await start({ action: 'move', moveTo: { folder: 'out' } });
  writeFileSync(join(share, 'out'), 'in the way');
  const { id } = await scan(running);
  expect((await assay('report', id, '--status', 'FailedRemediation')).stdout).toContain('Blocked, FailedRemediation');
  for (const format of [[], ['--format', 'csv']]) {
    const { stdout } = await assay('report', id, '--status', 'FailedRemediation', ...format);
    expect(stdout).toContain('Its remediation failed: ');
  }
  expect((await assay('rescan', '--wait', join(share, 'bad'))).stdout).toContain('Its remediation failed: ');

  const again = () => assay('rescan', '--scan', id, '--status', 'FailedRemediation', '--wait');
  expect(await again()).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('remediation: failed 1') });
  rmSync(join(share, 'out'));
  expect(await again()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('remediation: move 1') });
  expect(readdirSync(join(share, 'out'))).toEqual(['bad']);
});
