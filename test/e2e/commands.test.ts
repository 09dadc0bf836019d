import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eicar } from '../engines/samples';
import { assay, environment, run } from './assay';

let cwd: string;
let daemon: ReturnType<typeof start>;

const start = () =>
  Bun.spawn([...assay, 'serve', '--data-dir', 'state', '--listen', '127.0.0.1:0'], {
    cwd,
    env: environment(),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
  });

const ask = (args: string[], stdin?: string) => run([...args, '--data-dir', 'state'], { cwd, stdin });

const askJson = async (args: string[], stdin?: string) => JSON.parse((await ask([...args, '--json'], stdin)).stdout);

/** Asks until the answer is as it should be. */
const until = async <T>(get: () => Promise<T>, good: (value: T) => boolean): Promise<T> => {
  for (;;) {
    const value = await get();
    if (good(value)) return value;
  }
};

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'assay-commands-'));
  mkdirSync(join(cwd, 'files'));
  writeFileSync(join(cwd, 'files/good.txt'), 'nothing');
  writeFileSync(join(cwd, 'files/bad.com'), eicar());
  daemon = start();
  // It says where it answers as soon as it does.
  await daemon.stdout.getReader().read();
});
afterAll(async () => {
  daemon.kill('SIGTERM');
  await daemon.exited;
  rmSync(cwd, { recursive: true, force: true });
});

test('a storage is added, tested, listed, scanned, and its files explained', async () => {
  expect((await ask(['storage', 'add', 'share', 'files'])).exitCode).toBe(0);
  expect((await ask(['storage', 'add', 'share', 'files'])).exitCode).toBe(73);
  expect((await ask(['storage', 'test', 'share'])).exitCode).toBe(0);
  expect((await askJson(['storage']))[0]).toMatchObject({ name: 'share', options: { path: join(cwd, 'files') } });

  const { id } = await askJson(['scans', 'start', '--storage', 'share', '--name', 'first']);
  const scan = await until(
    () => askJson(['scans', 'show', id]),
    ({ state }) => state !== 'running',
  );
  expect(scan).toMatchObject({ state: 'finished', name: 'first', counts: { total: 2, allowed: 1, blocked: 1 } });
  expect((await ask(['scans'])).stdout).toContain(id);
  expect((await ask(['scans', 'cancel', id])).exitCode).toBe(75);

  const blocked = await ask(['scans', 'files', id, '--status', 'Blocked', '--json']);
  expect(blocked.lines.map((line) => JSON.parse(line).name)).toEqual(['bad.com']);
  const sorted = await ask(['scans', 'files', id, '--sort', '-path', '--json']);
  expect(sorted.lines.map((line) => JSON.parse(line).name)).toEqual(['good.txt', 'bad.com']);
  const table = await ask(['report', id, '--sort', 'size']);
  expect(table.lines.slice(1).map((line) => line.includes('good.txt'))).toEqual([true, false]);
  const { stdout } = await ask(['file', 'files/bad.com']);
  expect(stdout).toContain('Blocked: Infected. YARA found EICAR');
  expect(await askJson(['file', 'files/good.txt'])).toMatchObject({ status: 'Allowed', history: [{ reason: 'scan' }] });
  expect((await ask(['file', 'files/unknown'])).exitCode).toBe(66);
});

test('a rescan is listed with what was asked for, and a file shows each processing with workflow and definitions', async () => {
  const [scan] = await askJson(['scans']);
  const done = await ask(['rescan', '--scan', scan.id, '--status', 'Blocked', '--wait']);
  expect(done.lines.at(-1)).toBe('  nothing changed');
  const [rescan] = await askJson(['rescans', '--scan', scan.id]);
  expect(rescan).toMatchObject({ state: 'finished', filter: { status: ['Blocked'] }, progress: { total: 1 } });
  expect((await ask(['rescans'])).stdout).toContain(`Blocked of ${scan.id}`);
  expect((await ask(['rescans', 'show', rescan.id])).stdout).toMatch(/Files +Blocked of/);
  for (const verb of ['pause', 'resume', 'cancel']) expect((await ask(['rescans', verb, rescan.id])).exitCode).toBe(75);
  const { lines } = await ask(['file', 'files/bad.com']);
  const history = lines.slice(lines.findIndex((line) => line.startsWith('WHEN')) + 1);
  expect(history).toHaveLength(2);
  expect(history[0]).toMatch(/rescan +1 +Default revision 1 +yara \([^;]+, of .*\); .*Blocked: Infected/);
  expect(history[1]).toMatch(/scan +1 +Default revision 1 +yara \([^;]+\); .*Threat +Blocked: Infected/);
});

test('a file with many processings shows the newest, says how many there are besides, and has all as JSON', async () => {
  const { id: fileId } = await askJson(['file', 'files/good.txt']);
  const rescan = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fileId }),
    unix: join(cwd, 'state/assay.sock'),
  };
  for (let i = 0; i < 101; i++)
    await until(
      () => fetch('http://localhost/api/file/ondemandscan', rescan),
      // It is refused until the one before is over.
      ({ status }) => status === 202,
    );
  const { history } = await until(
    () => askJson(['file', fileId]),
    ({ state }) => state === 'Available',
  );
  const ids = history.map((entry: any) => entry.id);
  expect(new Set(ids).size).toBeGreaterThan(100);
  expect(ids).toEqual(ids.toSorted().toReversed());
  const { lines } = await ask(['file', fileId]);
  expect(lines.at(-1)).toBe(`and ${ids.length - 100} earlier; --json shows all`);
});

test('a path that lies in no storage becomes one', async () => {
  mkdirSync(join(cwd, 'other'));
  const { stderr, exitCode } = await ask(['scans', 'start', '--storage', 'other']);
  expect({ stderr, exitCode }).toEqual({ stderr: `assay: ${join(cwd, 'other')} is a new storage\n`, exitCode: 0 });
});

test('a path with nothing behind it becomes none, and no word is no storage', async () => {
  const before = await askJson(['storage']);
  for (const words of [
    ['scans', 'start', '--storage'],
    ['realtime', 'start'],
  ]) {
    const mistyped = await ask([...words, 'tyop']);
    expect(mistyped.exitCode).toBe(69);
    expect(mistyped.stderr).toStartWith(`assay: ${join(cwd, 'tyop')} cannot be read: ENOENT.`);
    expect(await ask([...words, ''])).toMatchObject({
      stderr: 'assay: No storage is named.\nhint: Write its name, its id or a path; "." is the current folder.\n',
    });
  }
  expect(await askJson(['storage'])).toEqual(before);
});

test('known files are looked at again, and the new verdicts shown', async () => {
  const { lines, exitCode } = await ask(['rescan', '--wait', 'files/bad.com', 'files/good.txt']);
  expect(exitCode).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/files\/bad\.com: Blocked: Infected\./),
    expect.stringMatching(/files\/good\.txt: Allowed: No Threat Detected\.$/),
  ]);
  expect((await ask(['rescan', 'files/bad.com', '--workflow', 'none'])).exitCode).toBe(66);
});

test('status and engines tell what runs', async () => {
  const { engines, ready, version } = await askJson(['status']);
  expect({ ready, version: typeof version }).toEqual({ ready: true, version: 'string' });
  expect(engines.map(({ id }: { id: string }) => id).toSorted()).toEqual(['hashes', 'yara']);
  expect((await ask(['engines'])).stdout).toContain('YARA');
  expect((await ask(['engines', 'reload'])).exitCode).toBe(0);
});

test('users and API keys come and go', async () => {
  expect((await ask(['user', 'add', 'alice', '--role', 'operator'], 'long enough\n')).exitCode).toBe(0);
  writeFileSync(join(cwd, 'password'), 'another one\n');
  expect((await ask(['user', 'password', 'alice', '--password-file', 'password'])).exitCode).toBe(0);
  expect((await askJson(['user'])).map(({ userName }: { userName: string }) => userName)).toContain('alice');
  expect((await ask(['user', 'remove', 'alice'])).exitCode).toBe(0);
  expect((await ask(['user', 'remove', 'admin'])).exitCode).toBe(75);
  expect((await ask(['user', 'add', 'bob'], '')).exitCode).toBe(64);

  const made = await ask(['apikey', 'add', 'ci', '--role', 'viewer']);
  expect(made.stdout).toMatch(/^assay_\S+\n$/);
  expect((await ask(['apikey'])).stdout).not.toContain(made.stdout.trim());
  expect((await ask(['apikey', 'remove', 'ci'])).exitCode).toBe(0);
  expect((await ask(['apikey', 'remove', 'ci'])).exitCode).toBe(66);
});

test('the doctor finds the daemon, and what is wrong with a host', async () => {
  const checks: { level: string; what: string; todo?: string }[] = await askJson(['doctor']);
  expect(checks.filter(({ level }) => level === 'fail')).toEqual([]);
  expect(checks.every(({ level, todo }) => level === 'ok' || todo !== undefined)).toBe(true);
  expect(checks.some(({ what }) => what.startsWith('daemon: Assay is ready'))).toBe(true);

  writeFileSync(join(cwd, 'broken.yaml'), 'engines:\n  clamav: { socket: /no/such/clamd }\n');
  const sick = await run(['doctor', '--config', 'broken.yaml', '--data-dir', 'none'], { cwd });
  expect(sick.stdout).toMatch(/^FAIL {2}engine ClamAV/m);
  expect(sick.exitCode).toBe(1);
  writeFileSync(join(cwd, 'wrong.yaml'), 'enginse: {}\n');
  expect((await run(['doctor', '--config', 'wrong.yaml'], { cwd })).stdout).toContain('did you mean "engines"?');
});

test('the configuration is checked and shown', async () => {
  writeFileSync(join(cwd, 'secret.yaml'), 'database: { url: "libsql://db.example", authToken: hush }\n');
  const shown = await run(['config', 'show', '--config', 'secret.yaml'], { cwd });
  expect(shown.stdout).toContain('libsql://db.example');
  expect(shown.stdout).not.toContain('hush');
  writeFileSync(join(cwd, 'wrong.yaml'), 'enginse: {}\n');
  const wrong = await run(['config', 'check', 'wrong.yaml'], { cwd });
  expect(wrong.stderr).toContain('did you mean "engines"?');
  expect(wrong.exitCode).toBe(78);
  const { stdout } = await run(['config', 'default'], { cwd });
  writeFileSync(join(cwd, 'default.yaml'), stdout);
  expect((await run(['config', 'check', 'default.yaml'], { cwd })).exitCode).toBe(0);
});

test('without a daemon a command says how to start one, and a rescan works on the store itself', async () => {
  const nobody = await run(['status', '--data-dir', 'nobody'], { cwd });
  expect(nobody.exitCode).toBe(69);
  expect(nobody.stderr).toContain('assay serve');
  expect((await run(['rescan', 'x', '--data-dir', 'nobody'], { cwd })).exitCode).toBe(69);

  daemon.kill('SIGTERM');
  expect(await daemon.exited).toBe(0);
  const { stderr, lines, exitCode } = await ask(['rescan', 'files/bad.com']);
  expect(stderr).toContain('working on the store in');
  expect(lines).toEqual([expect.stringMatching(/files\/bad\.com: Blocked: Infected\./)]);
  expect(exitCode).toBe(1);
});

test('every command helps, with an example', async () => {
  const groups = {
    scans: ['list', 'show', 'start', 'pause', 'resume', 'cancel', 'files'],
    rescans: ['list', 'show', 'pause', 'resume', 'cancel'],
    engines: ['list', 'reload'],
    storage: ['list', 'add', 'remove', 'test'],
    user: ['list', 'add', 'password', 'remove'],
    apikey: ['list', 'add', 'remove'],
    config: ['check', 'show', 'default'],
  };
  const commands = Object.entries(groups).flatMap(([group, words]) => words.map((word) => [group, word]));
  const all = [['serve'], ['scan'], ['rescan'], ['status'], ['file'], ['doctor'], ...commands];
  const helps = await Promise.all(all.map(async (words) => ({ words, ...(await run([...words, '--help'], { cwd })) })));
  const poor = helps.filter(({ stdout, exitCode }) => exitCode !== 0 || !stdout.includes('Examples:'));
  expect(poor.map(({ words }) => words)).toEqual([]);
  expect((await run(['scans', 'shwo'], { cwd })).stderr).toContain('Did you mean "show"?');
});
