import { afterAll, test as anyTest, beforeAll, describe, expect, setDefaultTimeout } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeZip } from '../../src/unpack/fixtures/zip-maker';
import { eicar } from '../engines/samples';
import { lacks, PACKAGES, type Program } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { LOCKED, PASSWORDS } from './containers/locked';
import { type Pack, tool } from './containers/packer';
import { CONTAINERS, SINGLES } from './containers/plain';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

// All files of all formats pass through one daemon, on machines of every speed.
setDefaultTimeout(300_000);

const PACKERS = Object.keys(PACKAGES) as Program[];
const isSkipped = lacks(...PACKERS);
const test = anyTest.skipIf(isSkipped);

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let daemon: RunningDaemon;
let files: Map<string, any>;

const ALL: { [name: string]: Pack } = {
  ...CONTAINERS,
  ...Object.fromEntries(Object.entries(SINGLES).map(([name, { pack }]) => [name, pack])),
};

/** Blanks up to 128 bytes belong to the test file, and let it be packed. */
const bad = () => Buffer.concat([eicar(), Buffer.alloc(60, ' ')]);
/** Bytes that no packer makes small, the same ones each time. */
const noise = (seed: number, length: number) =>
  Buffer.concat(
    Array.from({ length: length / 32 }, (_, i) => new Bun.CryptoHasher('sha256').update(`${seed} ${i}`).digest()),
  );

/**
 * Word and Excel before 2007 keep no checksum of what they encrypt; and where nothing checks the password but the content, a first member that is
 * damaged looks as by a wrong one.
 */
const UNCHECKED = ['saved.doc', 'saved.xls', 'members.7z', 'crypto-lzma.zip'];

/** The parts of a container: two files and a zip of one. */
const makeParts = (name: string, content: (seed: number) => Buffer): string => {
  const parts = join(folder.path, name);
  mkdirSync(join(parts, 'letters'), { recursive: true });
  writeFileSync(join(parts, 'note.txt'), 'nothing to see '.repeat(20));
  writeFileSync(join(parts, 'letters', 'bad.com'), content(1));
  writeFileSync(join(parts, 'deep.com'), content(2));
  tool(parts, 'zip', '-qm', 'inner.zip', 'deep.com');
  return parts;
};

beforeAll(async () => {
  folder = temporaryFolder();
  if (isSkipped) return;
  share = join(folder.path, 'share');
  for (const name of ['whole', 'cut', 'locked', 'damaged']) mkdirSync(join(share, name), { recursive: true });
  const infected = makeParts('infected', bad);
  const harmless = makeParts('harmless', (seed) => noise(seed, 9600));
  for (const [name, pack] of Object.entries(ALL)) {
    pack(infected, join(share, 'whole', name));
    const cut = join(share, 'cut', name);
    pack(harmless, cut);
    truncateSync(cut, Math.ceil(readFileSync(cut).length * 0.6));
  }
  for (const [name, { pack }] of Object.entries(LOCKED)) {
    pack(infected, join(share, 'locked', name));
    if (UNCHECKED.includes(name)) continue;
    const path = join(share, 'damaged', name);
    pack(harmless, path);
    const bytes = readFileSync(path);
    for (let at = Math.floor(bytes.length * 0.45), i = 0; i < 24; i++)
      bytes.writeUInt8(bytes.readUInt8(at + i) ^ 0x5a, at + i);
    writeFileSync(path, bytes);
  }

  daemon = await startDaemon({ cwd: folder.path, args: [share] });
  const { id } = (await daemon.api('/api/scan')).entries[0];
  await scanIs(daemon, id, 'finished');
  files = new Map((await filesOf(daemon, id)).map((file) => [file.path.slice(share.length + 1), file]));
});
afterAll(async () => {
  await daemon?.kill('SIGTERM');
  folder.remove();
});

const show = (name: string) => daemon.api(`/api/file/${files.get(name).id}`);
const infectedIn = ({ scanResult }: any): string[] =>
  scanResult.extractedFiles.filesInArchive
    .filter(({ scanAllResultA }: any) => scanAllResultA === 'Infected')
    .map(({ displayName }: any) => displayName);

describe('what lies in a container is found', () => {
  test.each(Object.keys(CONTAINERS))('%s, also one level further in', async (name) => {
    const file = await show(`whole/${name}`);
    expect({ status: file.status, detections: file.detections }).toEqual({
      status: 'Blocked',
      detections: expect.arrayContaining(['Threat']),
    });
    const found = infectedIn(file);
    expect(found.some((path) => /bad\.com$/i.test(path) && !path.includes('inner'))).toBe(true);
    expect(found.some((path) => /inner\.zip\/deep\.com$/i.test(path))).toBe(true);
  });
  test.each(Object.entries(SINGLES))('%s', async (name, { holds }) => {
    const file = await show(`whole/${name}`);
    expect(file).toMatchObject({ status: 'Blocked', detections: ['Threat'] });
    expect(infectedIn(file).map((path) => path.endsWith(holds))).toContain(true);
  });
});

describe('what is cut off is never clean', () => {
  // Nothing is left of what lies behind a program: what remains is a program.
  test.each(Object.keys(ALL).filter((name) => !name.endsWith('.exe')))('%s', async (name) => {
    const { status, detections, state } = await show(`cut/${name}`);
    expect({ status, detections, state }).toEqual({
      status: 'Blocked',
      detections: expect.arrayContaining(['Unscannable']),
      state: 'Available',
    });
  });
});

/** Rescans files and waits for their new results. */
const rescan = async (names: string[], passwords: string[]) => {
  const fileIds = names.map((name) => files.get(name).id);
  const { rescanId } = await daemon.api('/api/file/ondemandscan', post({ fileIds, passwords }));
  await until(async () => (await daemon.api(`/api/rescan/${rescanId}`)).state === 'finished');
};

describe('what is encrypted is opened when its password is known', () => {
  const names = Object.keys(LOCKED).map((name) => `locked/${name}`);
  const shown = async () => Object.fromEntries(await Promise.all(names.map(async (name) => [name, await show(name)])));
  const results: { [step: string]: { [name: string]: any } } = {};

  beforeAll(async () => {
    results.without = await shown();
    await rescan(names, ['wrong', PASSWORDS[1]?.trim() ?? '']);
    results.wrong = await shown();
    await rescan(names, PASSWORDS);
    results.right = await shown();
  });

  test.each(Object.entries(LOCKED))('%s', async (name, { result, harmless }) => {
    for (const step of ['without', 'wrong']) {
      const file = results[step]?.[`locked/${name}`];
      expect(file).toMatchObject({
        status: 'Blocked',
        state: 'Available',
        detections: expect.arrayContaining(['Encrypted']),
      });
      expect(file.scanResult.scanResults.scanAllResultA).toBe(result);
    }
    const opened = results.right?.[`locked/${name}`];
    if (harmless) expect(opened).toMatchObject({ status: 'Allowed', detections: [] });
    else {
      expect(opened).toMatchObject({ status: 'Blocked', detections: ['Threat'] });
      const found = infectedIn(opened);
      expect(found.some((path) => path.endsWith('bad.com'))).toBe(true);
      expect(found.some((path) => path.endsWith('inner.zip/deep.com'))).toBe(true);
    }
    const { entries } = await daemon.api(`/api/file/${files.get(`locked/${name}`).id}/history`);
    expect(entries).toHaveLength(3);
    for (const password of PASSWORDS.slice(1)) expect(JSON.stringify([opened, entries])).not.toContain(password);
  });

  test('what is damaged is told from what is encrypted, once its password is known', async () => {
    const damaged = Object.keys(LOCKED).filter((name) => !UNCHECKED.includes(name));
    await rescan(
      damaged.map((name) => `damaged/${name}`),
      PASSWORDS,
    );
    for (const name of damaged) {
      const { status, detections } = await show(`damaged/${name}`);
      expect({ name, status, detections }).toEqual({ name, status: 'Blocked', detections: ['Unscannable'] });
    }
  });

  test('a whole report is looked at again with one list of passwords, which is for that rescan only', async () => {
    const { id } = (await daemon.api('/api/scan')).entries[0];
    await rescan(names, []);
    const filter = { detection: ['Encrypted'], passwords: PASSWORDS };
    const { rescanId, count } = await daemon.api(`/api/scan/${id}/reprocess`, post(filter));
    expect(count).toBe(names.length);
    const rescanned = await until(async () => {
      const now = await daemon.api(`/api/rescan/${rescanId}`);
      return now.state === 'finished' && now;
    });
    expect(rescanned.changes).toMatchObject({ newlyReadable: { count: names.length } });
    await rescan(names, []);
    for (const file of Object.values<any>(await shown())) expect(file.detections).toContain('Encrypted');
  });
});

test('the command line says what was found inside, and what could not be opened', async () => {
  const path = join(share, 'locked', 'names.7z');
  const scan = (...args: string[]) => run(['scan', '--no-summary', ...args, path], { cwd: folder.path });
  expect(await scan()).toMatchObject({ exitCode: 2, lines: [`${path}: Encrypted Archive NOT SCANNED`] });
  const passwords = join(folder.path, 'passwords');
  writeFileSync(passwords, `${PASSWORDS.join('\n')}\n`);
  expect(await scan('--password-file', passwords)).toMatchObject({
    exitCode: 1,
    lines: [`${path}: EICAR_Test_File FOUND`],
  });
  const state = ['--data-dir', join(folder.path, 'state')];
  const shown = await run(['file', join(share, 'whole', 'plain.zip'), ...state], { cwd: folder.path });
  expect(shown.stdout).toContain('letters/bad.com');
});

test('what lies in an archive of 100,000 files is listed page by page, those that matter most first', async () => {
  const crowd = join(folder.path, 'crowd');
  mkdirSync(crowd);
  const members = Array.from({ length: 100_000 }, (_, i) => ({
    name: `f${i}`,
    content: i === 77_777 ? Buffer.from(eicar()) : `${i}`,
    method: 0 as const,
  }));
  writeFileSync(join(crowd, 'crowd.zip'), makeZip(members));
  const storage = await daemon.api('/api/storage', post({ name: 'crowd', options: { kind: 'local', path: crowd } }));
  const { id } = await daemon.api('/api/scan', post({ storageId: storage.id }));
  await scanIs(daemon, id, 'finished');
  const [file] = await filesOf(daemon, id);
  const { scanResult, status, detections } = await daemon.api(`/api/file/${file.id}`);
  expect({ status, detections }).toEqual({ status: 'Blocked', detections: ['Threat'] });
  expect(scanResult.extractedFiles).toMatchObject({ filesExtractedCount: 100_000 });
  expect(scanResult.extractedFiles.filesInArchive).toHaveLength(100);
  const names = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: any = await daemon.api(`/api/file/${file.id}/members?limit=1000${after}`);
    if (names.size === 0) expect(page.entries[0]).toMatchObject({ displayName: 'f77777', scanAllResultA: 'Infected' });
    for (const { displayName } of page.entries) names.add(displayName);
    cursor = page.nextCursor;
  }
  expect(names.size).toBe(100_000);

  const state = ['--data-dir', join(folder.path, 'state')];
  const { lines } = await run(['file', file.id, '--members', '2500', ...state], { cwd: folder.path });
  expect(lines.filter((line) => /^f\d+ /.test(line))).toHaveLength(2500);
  expect(lines.some((line) => line.includes('and 97500 more'))).toBe(true);
});

test('nothing is left behind', () => {
  const left = readdirSync(join(folder.path, 'state'), { recursive: true }) as string[];
  expect(left.filter((path) => path.includes('scratch'))).toEqual([]);
});
