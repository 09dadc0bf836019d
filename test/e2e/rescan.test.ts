import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { misbehaving, temporaryFolder } from '../pipeline/app';
import { assay, environment, run } from './assay';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let rules: string;
let config: string;
let daemon: RunningDaemon | undefined;

const rule = (name: string, word: string) => `rule ${name} { strings: $a = "${word}" condition: $a }\n`;

beforeEach(() => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  rules = join(folder.path, 'rules');
  mkdirSync(share);
  mkdirSync(rules);
  config = join(folder.path, 'assay.yaml');
  writeFileSync(config, `engines:\n  yara: { rules: [${rules}], builtIn: false }\n`);
  writeFileSync(join(rules, 'one.yar'), rule('False_Alarm', 'invoice'));
  for (let i = 0; i < 20; i++) writeFileSync(join(share, `letter${i}`), 'dear all');
  writeFileSync(join(share, 'offer'), 'an invoice');
  writeFileSync(join(share, 'dropper'), 'evil bytes');
});
afterEach(async () => {
  await daemon?.kill('SIGTERM');
  daemon = undefined;
  folder.remove();
});

const start = async () => {
  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, share] });
  return daemon;
};
const cli = (...args: string[]) =>
  run([...args, '--data-dir', join(folder.path, 'state'), '--config', config], { cwd: folder.path });

test('new definitions: the report says how many files are outdated, the rescan of just those says what changed', async () => {
  const running = await start();
  const { id } = (await running.api('/api/scan')).entries[0];
  const { counts } = await scanIs(running, id, 'finished');
  expect(counts).toMatchObject({ total: 22, allowed: 21, blocked: 1 });

  expect((await cli('rescan', '--scan', id, '--outdated', '--dry-run', '--json')).stdout).toContain('"count": 0');
  writeFileSync(join(rules, 'one.yar'), rule('Evil_Dropper', 'evil'));
  expect((await cli('engines', 'reload')).exitCode).toBe(0);

  const dry = await cli('rescan', '--scan', id, '--outdated', '--status', 'Blocked', '--dry-run');
  expect(dry).toMatchObject({ exitCode: 0 });
  expect(dry.stdout).toContain('1 file would be looked at again');
  expect((await running.api(`/api/scan/${id}`)).outdated).toBe(22);

  const rescan = await cli('rescan', '--scan', id, '--outdated', '--wait');
  expect(rescan).toMatchObject({ exitCode: 1 });
  for (const line of [
    'finished, 22 files',
    '1 Allowed → Blocked',
    `${share}/dropper`,
    '1 Blocked → Allowed',
    `${share}/offer`,
  ]) {
    expect(rescan.stdout).toContain(line);
  }
  expect((await running.api(`/api/scan/${id}`)).outdated).toBe(0);
  const { entries } = await running.api('/api/rescan');
  expect(entries).toHaveLength(1);
  const changed = await running.api(`/api/rescan/${entries[0].id}/files?change=allowedToBlocked`);
  expect(changed).toMatchObject({ total: 1, entries: [{ path: `${share}/dropper` }] });
  const summary = await cli('report', '--rescan', entries[0].id);
  expect(summary.stdout).toContain('1 Blocked → Allowed');
  const listed = await cli('report', '--rescan', entries[0].id, '--change', 'blockedToAllowed');
  expect(listed.lines).toEqual([expect.stringMatching(/\t.*\/offer$/)]);
  const csv = await cli('report', '--rescan', entries[0].id, '--change', 'blockedToAllowed', '--format', 'csv');
  expect(csv.lines).toEqual([expect.stringContaining('"path"'), expect.stringContaining(`"${share}/offer"`)]);
  const history = await running.api(`/api/file/${changed.entries[0].id}/history`);
  expect(history.entries.map((e: any) => [e.reason, e.status, e.engines[0].threatFound])).toEqual([
    ['rescan', 'Blocked', 'Evil_Dropper'],
    ['scan', 'Allowed', ''],
  ]);
});

test('without a daemon the rescan works on the store itself, says so, and ends with its exit code', async () => {
  const running = await start();
  const { id } = (await running.api('/api/scan')).entries[0];
  await scanIs(running, id, 'finished');
  await running.kill('SIGTERM');
  rmSync(join(share, 'dropper'));
  writeFileSync(join(rules, 'two.yar'), rule('Letters', 'dear'));

  const rescan = await cli('rescan', '--scan', id, '--json');
  expect(rescan.stderr).toContain('working on the store');
  const { progress, changes } = JSON.parse(rescan.stdout);
  expect(progress).toMatchObject({ done: 22, total: 22 });
  expect(changes.allowedToBlocked.count).toBe(20);
  expect(changes.gone).toMatchObject({ count: 1, files: [{ path: join(share, 'dropper') }] });
  expect(rescan.exitCode).toBe(1);
});

test.each([true, false])('who waits no more is told what becomes of the rescan (with a daemon: %p)', async (isUp) => {
  const journal = join(folder.path, 'journal');
  writeFileSync(config, `engines:\n  misbehaving: { journal: ${journal} }\nplugins: [${misbehaving}]\n`);
  const running = await start();
  const { id } = (await running.api('/api/scan')).entries[0];
  await scanIs(running, id, 'finished');
  const offer = (await filesOf(running, id)).find(({ name }) => name === 'offer');
  if (!isUp) await running.kill('SIGTERM');
  // The engine now holds on to it until it is told to stop.
  writeFileSync(join(share, 'offer'), 'obey');
  rmSync(journal);
  const waiting = Bun.spawn([...assay, 'rescan', '--wait', offer.id, '--data-dir', join(folder.path, 'state')], {
    cwd: folder.path,
    env: environment({ ASSAY_CONFIG: config }),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  await until(async () => (isUp ? (await running.api('/api/rescan')).total === 1 : existsSync(journal)));
  waiting.kill('SIGINT');
  expect(await waiting.exited).toBe(130);
  expect(await waiting.stdout.text()).toBe('');
  const where = isUp ? 'in the daemon' : 'when Assay runs again';
  expect(await waiting.stderr.text()).toContain(`goes on ${where}; "assay rescans cancel `);
});

test('a report and files at once, neither of them, and a report that is not there are refused with a hint', async () => {
  const running = await start();
  await scanIs(running, (await running.api('/api/scan')).entries[0].id, 'finished');
  for (const args of [
    [],
    ['--scan', 'x', join(share, 'offer')],
    ['--dry-run', join(share, 'offer')],
    ['--status', 'Blocked', join(share, 'offer')],
    ['--outdated', join(share, 'offer')],
  ]) {
    const { exitCode, stderr } = await cli('rescan', ...args);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('hint: ');
  }
  expect((await running.api('/api/rescan')).total).toBe(0);
  expect((await cli('rescan', '--scan', '019ab3c2-0000-7000-8000-000000000000')).exitCode).toBe(66);
});

test('who waits for a rescan that is canceled is told what it did not come to, and gets no old verdict for a new one', async () => {
  writeFileSync(config, `engines:\n  misbehaving: {}\nplugins: [${misbehaving}]\n`);
  const running = await start();
  const { id } = (await running.api('/api/scan')).entries[0];
  await scanIs(running, id, 'finished');
  expect((await cli('realtime', 'stop', share)).exitCode).toBe(0);
  // The engine now holds on to these until it is told to stop.
  for (const name of ['offer', 'dropper']) writeFileSync(join(share, name), 'obey');
  const cancelOnly = async () => {
    const { id } = await until(async () =>
      (await running.api('/api/rescan')).entries.find((one: any) => one.state === 'running'),
    );
    await running.api(`/api/rescan/${id}/cancel`, post());
    return running.api(`/api/rescan/${id}`);
  };

  // By its id: what is newest at the path is of the real-time scan.
  const offer = (await filesOf(running, id)).find(({ name }) => name === 'offer');
  const waiting = cli('rescan', '--wait', offer.id);
  expect(await cancelOnly()).toMatchObject({ canceled: 1, progress: { percent: 100, done: 0, total: 1 } });
  expect(await waiting).toMatchObject({
    exitCode: 2,
    lines: [`${share}/offer: Canceled: Not looked into again. The rescan was canceled before it came to it.`],
  });

  const batch = cli('rescan', '--wait', '--scan', id, '--force');
  const { canceled, progress } = await cancelOnly();
  expect(progress).toMatchObject({ done: 22 - canceled, total: 22 });
  const { stdout, exitCode } = await batch;
  expect(stdout).toContain(`${canceled} not come to`);
  expect(exitCode).toBe(2);

  // What another one holds is not looked at either.
  writeFileSync(join(share, 'dropper'), 'harmless now');
  expect((await cli('rescan', offer.id)).exitCode).toBe(0);
  const beside = await cli('rescan', '--wait', '--scan', id, '--force');
  expect(beside.stdout).toContain('finished, 21 files, 1 skipped, which another processing held\n');
  expect(beside.exitCode).toBe(2);
  await cancelOnly();
});
