import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { eicar } from '../engines/samples';
import { lacks } from '../needs';
import { assay, environment, run } from './assay';
import { post, type RunningDaemon, scanIs, startDaemon } from './daemon';

const NAMES = ['bad.com', 'good.txt', '=formula.txt', 'отчёт 報告書.txt', 'line\nbreak.txt'];

let cwd: string;
let daemon: RunningDaemon;
let id: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'assay-report-'));
  const files = join(cwd, 'files');
  mkdirSync(files);
  for (const name of NAMES) writeFileSync(join(files, name), name === 'bad.com' ? eicar() : name);
  daemon = await startDaemon({ cwd });
  const storage = await daemon.api('/api/storage', post({ name: 'files', options: { kind: 'local', path: files } }));
  ({ id } = await daemon.api('/api/scan', post({ storageId: storage.id, name: 'A scan' })));
  await scanIs(daemon, id, 'finished');
});
afterAll(async () => {
  await daemon?.kill('SIGTERM');
  rmSync(cwd, { recursive: true, force: true });
});

const report = (...args: string[]) => run(['report', '--socket', daemon.socket, ...args], { cwd });
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

test('a table has a line for each file, whatever its name', async () => {
  const { lines, exitCode, stderr } = await report(id);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(lines).toHaveLength(1 + NAMES.length);
  expect(lines[0]).toMatch(/^STATUS +RESULT +WHEN +PATH$/);
  expect(lines.find((line) => line.includes('bad.com'))).toMatch(/^Blocked +Infected +\d{4}-\d\d-\d\d /);
  expect(lines.join('\n')).toContain('line\\nbreak.txt');
});

test('JSON and CSV hold the same files', async () => {
  const json = JSON.parse((await report(id, '--json')).stdout);
  expect(json).toMatchObject({ scan: { name: 'A scan', state: 'finished' }, total: NAMES.length });
  expect(json.entries.map(({ name }: { name: string }) => name).sort()).toEqual(NAMES.toSorted());
  const rows: { path: string }[] = parse((await report(id, '--format', 'csv')).stdout, { bom: true, columns: true });
  expect(rows.map(({ path }) => nameOf(path)).sort()).toEqual(NAMES.toSorted());
});

test('a filter holds in each format', async () => {
  const filter = ['--status', 'Blocked', '--detection', 'Threat', '--workflow', 'Default', '--from', '2020-01-01'];
  expect((await report(id, ...filter)).lines).toHaveLength(2);
  expect(JSON.parse((await report(id, '--json', ...filter)).stdout)).toMatchObject({ total: 1 });
  expect(JSON.parse((await report(id, '--json', '--to', '2020-01-01')).stdout)).toMatchObject({ total: 0 });
  const none = await report(id, '--workflow', 'Nope');
  expect([none.exitCode, none.stderr]).toEqual([66, expect.stringContaining('"Nope"')]);
});

test('a PDF is written into a file', async () => {
  const { exitCode, stdout } = await report(id, '--format', 'pdf', '-o', 'report.pdf');
  expect([exitCode, stdout]).toEqual([0, '']);
  const file = join(cwd, 'report.pdf');
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
  expect(readdirSync(cwd).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test.skipIf(lacks('pdftotext'))('a PDF holds its names and counts as text', async () => {
  const file = join(cwd, 'report.pdf');
  await report(id, '--format', 'pdf', '-o', file);
  const text = Bun.spawnSync(['pdftotext', '-layout', file, '-']).stdout.toString();
  expect(text).toContain('отчёт 報告書.txt');
  expect(text).toMatch(/Blocked +1\b/);
  expect(text).toContain(`${NAMES.length} files are listed.`);
});

test('a PDF goes into a pipe, and not to a terminal', async () => {
  const child = Bun.spawn([...assay, 'report', '--socket', daemon.socket, id, '--format', 'pdf'], {
    cwd,
    env: environment(),
    stdout: 'pipe',
  });
  expect((await new Response(child.stdout).text()).slice(0, 5)).toBe('%PDF-');
  let shown = '';
  const onTerminal = Bun.spawn([...assay, 'report', '--socket', daemon.socket, id, '--format', 'pdf'], {
    cwd,
    env: environment(),
    terminal: { data: (_, piece) => (shown += Buffer.from(piece).toString()) },
  });
  expect(await onTerminal.exited).toBe(64);
  expect(shown).toContain('not for a terminal');
  expect(shown).not.toContain('%PDF');
});

test('what cannot be is refused, and leaves nothing behind', async () => {
  const refused = async (args: string[], code: number, words: string) => {
    const { exitCode, stderr, stdout } = await report(...args);
    expect([args, exitCode, stdout]).toEqual([args, code, '']);
    expect(stderr).toContain(words);
  };
  await refused(['019a0000-0000-7000-8000-000000000000', '--json', '-o', 'none.json'], 66, 'no such scan');
  await refused([id, '--from', 'yesterday'], 64, 'no time for --from');
  await refused([id, '--json', '-o', 'no/such/folder/x.json'], 69, 'cannot be written');
  await refused([id, '-o', 'table.txt'], 64, 'table');
  for (const name of ['none.json', 'table.txt']) expect(existsSync(join(cwd, name))).toBe(false);
});
