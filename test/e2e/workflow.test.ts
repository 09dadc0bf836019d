import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './assay';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon } from './daemon';

const SECRET = 'Zz-the-very-secret-Zz';

let cwd: string;
let daemon: RunningDaemon;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'assay-workflow-'));
  mkdirSync(join(cwd, 'files'));
  writeFileSync(join(cwd, 'files/a.txt'), 'nothing');
  daemon = await startDaemon({ cwd });
});
afterAll(async () => {
  await daemon.kill('SIGTERM');
  rmSync(cwd, { recursive: true, force: true });
});

const assay = (args: string[], stdin?: string) => run([...args, '--socket', daemon.socket], { cwd, stdin });
const workflow = (args: string[], stdin?: string) => assay(['workflow', ...args], stdin);
const json = async (args: string[]) => JSON.parse((await workflow([...args, '--json'])).stdout);

test('a workflow is created from a file, changed, shown, made the default and removed', async () => {
  writeFileSync(join(cwd, 'uploads.yaml'), 'engines: [yara]\nmaxFileSize: 100MB\nfileTimeout: 30s\n');
  writeFileSync(join(cwd, 'passwords'), `${SECRET}\n\nanother one\n`);
  const created = await workflow(['create', 'uploads', 'uploads.yaml', '--password-file', 'passwords']);
  expect(created.stdout).toMatch(/^uploads is created as [0-9a-f-]{36}\.\n$/);
  expect(await json(['show', 'uploads'])).toMatchObject({
    revision: 1,
    passwordCount: 2,
    definition: { engines: ['yara'], maxFileSize: 100e6, fileTimeout: 30_000 },
  });

  writeFileSync(join(cwd, 'uploads.yaml'), 'engines: [yara]\nfileTimeout: 30s\nblocked: [1]\n');
  const changed = await workflow(['change', 'uploads', 'uploads.yaml']);
  expect(changed.stdout).toBe('uploads is at revision 2 now.\n');
  expect((await json(['show', 'uploads'])).definition).not.toHaveProperty('maxFileSize');
  const same = await workflow(['change', 'uploads', 'uploads.yaml']);
  expect(same.stdout).toBe('uploads says that already: it stays at revision 2.\n');
  await workflow(['change', 'uploads', '--rename', 'inbox', '--password-file', '-'], 'new\n');

  const shown = await workflow(['show', 'inbox']);
  for (const line of [/^Name +inbox$/m, /^Revision +3, made /m, /^Blocked +Infected \(1\)$/m, /^Passwords +1$/m]) {
    expect(shown.stdout).toMatch(line);
  }
  const { lines } = await workflow(['revisions', 'inbox']);
  expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(['REVISION', '3', '2', '1']);
  expect(lines[1]).toEndWith('name, passwords');
  expect(lines[2]).toEndWith('blocked, maxFileSize');
  expect(lines[3]).toEndWith('created');

  expect((await workflow(['default', 'inbox'])).stdout).toBe('inbox is the default now.\n');
  expect((await workflow(['list'])).lines).toHaveLength(3);
  const refused = await workflow(['remove', 'inbox']);
  expect(refused).toMatchObject({ exitCode: 75, stderr: expect.stringContaining('Make another workflow the default') });
  await workflow(['default', 'Default']);
  const { id } = await json(['show', 'inbox']);
  expect((await workflow(['remove', 'inbox'])).stdout).toBe('The workflow is removed.\n');
  expect((await workflow(['show', 'inbox'])).exitCode).toBe(66);
  expect(await json(['revisions', id])).toHaveLength(3);
});

test('what one workflow says as JSON makes another', async () => {
  writeFileSync(join(cwd, 'default.json'), (await workflow(['show', 'Default', '--json'])).stdout);
  await workflow(['create', 'copy', 'default.json']);
  expect((await json(['show', 'copy'])).definition).toEqual((await json(['show', 'Default'])).definition);
});

test('all that is done with files is said', async () => {
  const moveTo = { folder: 'bad', structure: 'flatten' };
  const original = { tag: { a: 'b' }, copyTo: [{ folder: 'kept' }], action: 'move', moveTo, removeEmptyFolders: true };
  await workflow(['create', 'acting', '-'], JSON.stringify({ remediation: { blocked: { original } } }));
  expect((await workflow(['show', 'acting'])).stdout).toMatch(
    /Blocked files are +tagged a=b, copied to kept, moved to bad without the folders that it was in, folders that are empty without it are removed\n/,
  );
});

test('a mistake is told with its place and what was meant, and nothing is made', async () => {
  const wrong = await workflow(['create', 'wrong', '-'], 'blokced: [1]\n');
  expect(wrong).toMatchObject({ exitCode: 78, stdout: '' });
  expect(wrong.stderr).toContain('standard input:1:1');
  expect(wrong.stderr).toContain('did you mean "blocked"?');
  const unknown = await workflow(['create', 'wrong', '-'], 'engines: [yrra]\n');
  expect(unknown).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('Did you mean "yara"?') });
  expect((await workflow(['change', 'Default'])).stderr).toContain('nothing to change');
  expect((await workflow(['create', 'wrong', '-', '--password-file', '-'], 'x')).exitCode).toBe(64);
  expect((await workflow(['create', 'wrong', '--password-file', 'no-such-file'])).exitCode).toBe(66);
  expect((await json(['list'])).map(({ name }: { name: string }) => name)).not.toContain('wrong');
});

test("a scan goes through the storage's workflow, and names the revision that it ran under", async () => {
  await workflow(['create', 'own', '-'], 'engines: [yara]\n');
  await workflow(['change', 'own', '-'], 'engines: [yara]\nmaxFileSize: 3B\n');
  const path = join(cwd, 'files');
  await assay(['storage', 'add', 'files', path, '--workflow', 'own']);
  const { entries } = await daemon.api('/api/storage');
  const { id } = await daemon.api('/api/scan', post({ storageId: entries[0].id }));
  await scanIs(daemon, id, 'finished');
  await workflow(['change', 'own', '--rename', 'renamed']);
  const [file] = await filesOf(daemon, id);
  const result = await daemon.api(`/api/file/${file.id}`);
  expect(result.workflow).toMatchObject({ name: 'own', revision: 2 });
  expect(result.scanResult.scanResults.scanAllResultI).toBe(10);
  expect((await workflow(['remove', 'renamed'])).stderr).toContain('files');
  expect((await assay(['storage', 'workflow', 'files'])).stdout).toBe('files goes through the default workflow now.\n');
  expect((await workflow(['remove', 'renamed'])).exitCode).toBe(0);
  expect((await daemon.api(`/api/file/${file.id}`)).workflow).toMatchObject({ name: 'own', revision: 2 });
});

test('no password is in any file of the daemon, nor in what it wrote', async () => {
  writeFileSync(join(cwd, 'passwords'), `${SECRET}\n`);
  await workflow(['create', 'secretive', '--password-file', 'passwords']);
  await workflow(['change', 'secretive', '--rename', 'secretive2']);
  const state = join(cwd, 'state');
  const paths = readdirSync(state, { recursive: true }).map((name) => join(state, String(name)));
  const files = paths.filter((path) => statSync(path).isFile());
  expect(files.some((path) => path.endsWith('assay.db'))).toBe(true);
  for (const path of files) expect([path, readFileSync(path).includes(SECRET)]).toEqual([path, false]);
  expect(daemon.output()).not.toContain(SECRET);
  const audit = JSON.stringify(await daemon.api('/api/audit'));
  expect(audit).toContain('workflow.create');
  expect(audit).not.toContain(SECRET);
});
