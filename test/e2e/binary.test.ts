import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { eicar } from '../engines/samples';
import { skipped } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { canMount } from './needs';

const PROJECT = join(import.meta.dir, '../..');
const BINARY = process.env.ASSAY_BIN ?? join(PROJECT, 'dist/assay');

const hasBinary = existsSync(BINARY);
if (!hasBinary) skipped(`tests of the moved binary, for ${BINARY} is missing (bun build.ts)`);

/** A plugin that needs nothing but what it is given. */
const PLUGIN = `import { createHash } from 'node:crypto';
interface File { bytes: () => Promise<Uint8Array> }
export default {
  id: 'outside', name: 'Outside', finds: ['Threat'],
  options: (z) => z.strictObject({ word: z.string() }),
  open: async ({ word }: { word: string }) => ({
    definitions: async () => ({ version: createHash('md5').update(word).digest('hex') }),
    scan: async (file: File) =>
      new TextDecoder().decode(await file.bytes()).includes(word)
        ? { status: 'detected', name: 'Outside.Word', kind: 'Threat' }
        : { status: 'clean' },
    close: async () => {},
  }),
};`;

let folder: ReturnType<typeof temporaryFolder>;
/** Holds the binary alone. */
let place: string;
let share: string;
let elsewhere: string;
let config: string;

/** Runs a command where the project is out of reach: in a mount namespace in which an empty folder hides it; by name alone without the right to mount. */
const away = (command: string[]): string[] => {
  if (!canMount) return command;
  return ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none '${PROJECT}' && exec "$@"`, 'sh', ...command];
};

const spawn = (command: string[], cwd = place) =>
  Bun.spawn(away(command), {
    cwd,
    env: { PATH: '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', TMPDIR: elsewhere },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });

const run = async (...command: string[]) => {
  const child = spawn(command);
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, exitCode };
};

/** What is left in the folder for temporary files, but for the native module that Bun unpacks there once for each user and version. */
const leftIn = (path: string) => readdirSync(path).filter((name) => !/^\.bun-\d+-[0-9a-f]+\.node$/.test(name));

beforeAll(() => {
  folder = temporaryFolder();
  elsewhere = join(folder.path, 'tmp');
  mkdirSync(elsewhere);
});
afterAll(() => folder.remove());
beforeEach(() => {
  if (!hasBinary) return;
  const root = join(folder.path, crypto.randomUUID());
  place = join(root, 'place');
  share = join(root, 'share');
  config = join(root, 'assay.yaml');
  mkdirSync(place, { recursive: true });
  mkdirSync(share);
  copyFileSync(BINARY, join(place, 'assay'));
  writeFileSync(join(share, 'eicar'), eicar());
  writeFileSync(join(share, 'innocent'), 'x');
  writeFileSync(join(share, 'other'), 'a sesame b');
  writeFileSync(join(root, 'outside.ts'), PLUGIN);
  writeFileSync(
    config,
    'listen: 127.0.0.1:0\nengines: { yara: {}, hashes: {}, outside: { word: sesame } }\nplugins: [outside.ts]\n',
  );
});

test.skipIf(!hasBinary || !canMount)('the project is out of reach', async () => {
  expect((await run('ls', '-A', PROJECT)).stdout).toBe('');
});

test.skipIf(!hasBinary)('scan finds with nothing but itself, and leaves nothing behind', async () => {
  const { stdout, stderr, exitCode } = await run(join(place, 'assay'), 'scan', share);
  expect(stdout).toContain(`${share}/eicar: EICAR_Test_File FOUND`);
  expect(stdout).toContain(`${share}/innocent: OK`);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
  expect(readdirSync(place)).toEqual(['assay']);
  expect(leftIn(elsewhere)).toEqual([]);
});

test.skipIf(!hasBinary)('an outside plugin in TypeScript loads', async () => {
  const { stdout, exitCode } = await run(join(place, 'assay'), 'scan', '--config', config, share);
  expect(stdout).toContain(`${share}/other: Outside.Word FOUND`);
  expect(stdout).toContain(`${share}/innocent: OK`);
  expect(exitCode).toBe(1);
});

test.skipIf(!hasBinary)('serve scans, rescans, shows its documentation and ends with 0', async () => {
  const child = spawn([join(place, 'assay'), 'serve', '--listen', '127.0.0.1:0', share]);
  let output = '';
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) output += piece;
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  try {
    while (!output.includes('"msg":"ready"')) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output}`);
      await Bun.sleep(20);
    }
    const url = /address {3}(\S+)/.exec(output)?.[1] as string;
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`http://localhost${path}`, {
        ...init,
        headers: { 'content-type': 'application/json' },
        unix: join(place, '.assay/assay.sock'),
      });
    const get = async (path: string): Promise<any> => (await ask(path)).json();
    const ended = async (path: string) => {
      for (;;) {
        const run = await get(path);
        if (run.state !== 'running') return run;
        await Bun.sleep(20);
      }
    };

    const [{ id }] = (await get('/api/scan')).entries;
    expect((await ended(`/api/scan/${id}`)).counts).toMatchObject({ total: 3, allowed: 2, blocked: 1, failed: 0 });
    const engines = (await get('/api/engine')).entries;
    expect(engines.map((engine: any) => `${engine.id} ${engine.state}`).sort()).toEqual(['hashes ready', 'yara ready']);
    const [file] = (await get(`/api/scan/${id}/files?detection=Threat`)).entries;
    expect(basename(file.path)).toBe('eicar');
    const again = await ask('/api/file/ondemandscan', { method: 'POST', body: JSON.stringify({ fileId: file.id }) });
    await ended(`/api/rescan/${((await again.json()) as any).rescanId}`);
    expect((await get(`/api/file/${file.id}/history`)).entries).toHaveLength(2);

    const page = await (await fetch(`${url}/api/docs`)).text();
    for (const [, script] of page.matchAll(/src="([^"]+)"/g)) {
      const answer = await fetch(`${url}${script}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('javascript');
      expect((await answer.text()).length).toBeGreaterThan(100);
    }
    expect((await get('/api/openapi.json')).openapi).toBeString();
  } finally {
    child.kill('SIGTERM');
  }
  expect(await child.exited).toBe(0);
  await reading;
  expect(readdirSync(place).sort()).toEqual(['.assay', 'assay']);
  const kept = ['assay.db', 'fetched', 'hosts', 'instance.key', 'lock', 'quarantine', 'sanitized'];
  expect(
    readdirSync(join(place, '.assay'))
      .filter((name) => !/^assay\.db-(wal|shm)$/.test(name))
      .sort(),
  ).toEqual(kept);
  expect(leftIn(elsewhere)).toEqual([]);
});
