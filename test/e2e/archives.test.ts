import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eicar } from '../engines/samples';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { LOCKED, PASSWORDS } from './containers/locked';
import { type Pack, tool } from './containers/packer';
import { CONTAINERS, SINGLES } from './containers/plain';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

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
  share = join(folder.path, 'share');
  for (const name of ['whole', 'cut', 'locked']) mkdirSync(join(share, name), { recursive: true });
  const infected = makeParts('infected', bad);
  const harmless = makeParts('harmless', (seed) => noise(seed, 9600));
  for (const [name, pack] of Object.entries(ALL)) {
    pack(infected, join(share, 'whole', name));
    const cut = join(share, 'cut', name);
    pack(harmless, cut);
    truncateSync(cut, Math.ceil(readFileSync(cut).length * 0.6));
  }
  for (const [name, { pack }] of Object.entries(LOCKED)) pack(infected, join(share, 'locked', name));

  daemon = await startDaemon({ cwd: folder.path, args: [share] });
  const { id } = (await daemon.api('/api/scan')).entries[0];
  await scanIs(daemon, id, 'finished');
  files = new Map((await filesOf(daemon, id)).map((file) => [file.path.slice(share.length + 1), file]));
}, 300_000);
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
  test.each(Object.keys(ALL))('%s', async (name) => {
    const { status, detections, state } = await show(`cut/${name}`);
    expect({ status, detections, state }).toEqual({
      status: 'Blocked',
      detections: expect.arrayContaining(['Unscannable']),
      state: 'Available',
    });
  });
});
