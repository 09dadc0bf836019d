import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, zstdCompressSync } from 'node:zlib';
import { lacks } from '../../test/needs';
import { readAll, type Seen } from './fixtures/read-all';
import { readBytes, type Told } from './fixtures/read-bytes';
import { makeZip } from './fixtures/zip-maker';
import { createLoadSevenZip } from './sevenzip-load';
import { createZip } from './zip';

const zip = createZip(createLoadSevenZip());

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-zip-'));
  mkdirSync(join(dir, 'in/folder'), { recursive: true });
  writeFileSync(join(dir, 'in/a.txt'), 'hello');
  writeFileSync(join(dir, 'in/folder/b.txt'), 'world '.repeat(5000));
  writeFileSync(join(dir, 'in/empty'), '');
});
afterAll(() => rmSync(dir, { recursive: true }));

const tool = (...command: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: join(dir, 'in'), stdout: 'pipe', stderr: 'pipe' });
  if (exitCode !== 0) throw new Error(`${command[0]}: ${stdout}${stderr}`);
};
const pathOf = (name: string) => join(dir, name);
const read = (bytes: Uint8Array, passwords?: string[]) => readBytes(zip, bytes, passwords);
const text = (seen: Seen[]) =>
  Object.fromEntries(seen.map(({ name, content, trouble }) => [name ?? 'the zip', content?.toString() ?? trouble]));
/** What came, as one line each. */
const lines = (told: Told[]) =>
  told.map(({ name = 'the zip', content = '', why = '' }) => [name, content.slice(0, 20), why].join(' ').trim());

const INSIDE = { 'a.txt': 'hello', 'folder/b.txt': 'world '.repeat(5000), empty: '' };

describe.skipIf(lacks('zip', '7zz'))('a zip of a real tool', () => {
  test.each([
    ['zip', ['zip', '-r']],
    ['zip, only stored', ['zip', '-r0']],
    ['zip with zip64 records', ['zip', '-r', '-fz']],
    ['7z', ['7zz', 'a', '-tzip']],
    ['7z with Deflate64', ['7zz', 'a', '-tzip', '-mm=Deflate64']],
  ])('%s', async (name, command) => {
    const path = pathOf(`${name}.zip`);
    tool(...command, path, 'a.txt', 'folder', 'empty');
    expect(text(await readAll(zip, path))).toEqual(INSIDE);
  });

  test('written to a pipe, with sizes only behind the contents', async () => {
    const path = pathOf('pipe.zip');
    tool('sh', '-c', `cat folder/b.txt | zip -r - - a.txt > '${path}'`);
    expect(text(await readAll(zip, path))).toEqual({ '-': INSIDE['folder/b.txt'], 'a.txt': 'hello' });
  });

  test('a link is a member that holds its target, and is not followed', async () => {
    symlinkSync('/etc/passwd', join(dir, 'in/link'));
    tool('zip', '-y', pathOf('link.zip'), 'link');
    expect(text(await readAll(zip, pathOf('link.zip')))).toEqual({ link: '/etc/passwd' });
  });

  test.each(['Deflate64', 'BZip2', 'LZMA', 'PPMd', 'XZ'])('that is packed by %s', async (method) => {
    writeFileSync(join(dir, 'in/long.txt'), 'a long text '.repeat(30_000));
    tool('7zz', 'a', '-tzip', `-mm=${method}`, pathOf(`${method}.zip`), 'long.txt', 'a.txt');
    expect(text(await readAll(zip, pathOf(`${method}.zip`)))).toEqual({
      'long.txt': 'a long text '.repeat(30_000),
      'a.txt': 'hello',
    });
  });

  test('a method that is not read here is said to be so, and the others come', async () => {
    const bytes = makeZip([
      { name: 'mp3', content: 'x', both: { method: 94 } },
      { name: 'a.txt', content: 'hello' },
    ]);
    expect(await read(bytes)).toMatchObject([{ name: 'mp3', why: 'unsupported' }, { content: 'hello' }]);
  });

  test('Zstandard', async () => {
    const content = 'zstd '.repeat(300);
    const bytes = makeZip([{ name: 'z', content, raw: zstdCompressSync(content), both: { method: 93 } }]);
    expect(await read(bytes)).toEqual([{ name: 'z', content }]);
  });

  test('a part of a split archive is not supported, and what is whole in it comes', async () => {
    writeFileSync(join(dir, 'in/large'), Buffer.alloc(200_000, 'large '));
    tool('zip', '-0', '-s', '100k', pathOf('split.zip'), 'a.txt', 'large');
    const first = await readAll(zip, pathOf('split.z01'));
    expect(first[0]).toEqual({ name: 'a.txt', content: Buffer.from('hello') });
    expect(first.at(-1)).toEqual({ trouble: 'unsupported' });
  });

  test('an empty one holds nothing, and that is no trouble', async () => {
    expect(makeZip([])).toHaveLength(22);
    expect(await read(makeZip([]))).toEqual([]);
  });
});

describe('names', () => {
  test('are what the zip says, whatever that is', async () => {
    const names = ['../../etc/passwd', '/abs', 'a\nb', 'x'.repeat(65_535), 'C:\\x', 'same', 'same', '\0'];
    const told = await read(makeZip(names.map((name, i) => ({ name, content: `${i}` }))));
    expect(told).toEqual(names.map((name, i) => ({ name, content: `${i}` })));
  });

  test('are UTF-8 where they can be, else code page 437; the Unicode field of Info-ZIP goes first', async () => {
    const cp437 = Buffer.from([0x81, 0x62]);
    const field = Buffer.concat([
      Buffer.from('7570', 'hex'),
      Buffer.from([10, 0, 1, 0, 0, 0, 0]),
      Buffer.from('\u0416b.c'),
    ]);
    field.writeUInt32LE(crc32(cp437), 5);
    const told = await read(
      makeZip([
        { name: 'ü', content: '1' },
        { name: '', content: '2', both: { name: cp437 } },
        { name: '', content: '3', both: { name: cp437, extra: field } },
        { name: '', content: '4', both: { name: Buffer.from('x'), extra: field } },
      ]),
    );
    expect(told.map(({ name }) => name)).toEqual(['ü', 'üb', '\u0416b.c', 'x']);
  });

  test('a folder with content is a member, one without is none', async () => {
    const told = await read(
      makeZip([
        { name: 'folder/', content: '' },
        { name: 'stored/', content: '', method: 0 },
        { name: 'evil/', content: 'evil' },
        { name: 'liar/', content: 'evil', method: 0, central: { size: 0, compressed: 0 } },
      ]),
    );
    expect(lines(told)).toEqual(['evil/ evil', 'liar/ evil']);
  });
});

describe('a damaged zip', () => {
  const sound = makeZip([
    { name: 'a', content: 'first', method: 0 },
    {
      name: 'b',
      content: Buffer.from(Array.from({ length: 100_000 }, (_, i) => 97 + (Bun.hash.crc32(`${i}`) % 26))),
    },
  ]);
  const atB = sound.indexOf('PK\x03\x04', 4, 'latin1') + 31;

  test('that is cut off gives what is there, and says that it is damaged', async () => {
    const whole = await read(sound);
    const cut = await read(sound.subarray(0, atB + 20_000));
    expect(cut.map(({ name, why }) => [name, why])).toEqual([
      ['a', undefined],
      ['b', 'damaged'],
      [undefined, 'damaged'],
    ]);
    expect(cut[1]?.content?.length).toBeGreaterThan(20_000);
    expect(whole[1]?.content?.startsWith(cut[1]?.content ?? '-')).toBe(true);
  });

  test('without its end record gives all members, and says that it is damaged', async () => {
    const [a, b, trouble] = await read(sound.subarray(0, -10));
    expect([a, b]).toEqual(await read(sound));
    expect(trouble).toEqual({ why: 'damaged', message: 'It has no central directory: it is cut off or damaged.' });
  });

  test('gives what comes before the damage, and the members behind it', async () => {
    const bytes = Buffer.from(sound);
    bytes.fill(0xff, atB + 30_000, atB + 30_400);
    const [a, b] = await read(bytes);
    expect(a).toEqual({ name: 'a', content: 'first' });
    expect(b?.why).toBe('damaged');
    expect(b?.content?.length).toBeGreaterThan(40_000);
  });

  test.each([
    ['checksum', { crc: 1 }],
    ['size', { size: 3 }],
  ])('gives all of a member before it says that its %s is wrong', async (_, both) => {
    expect(lines(await read(makeZip([{ name: 'a', content: 'first', both }])))).toEqual(['a first damaged']);
  });

  test('whose directory points to nowhere says so of each member', async () => {
    const bytes = makeZip([{ name: 'a', content: 'first', central: { offset: 3 } }]);
    expect(lines(await read(bytes))).toEqual(['a  damaged', 'a first']);
  });

  test('whose directory has fewer members than its end record says is damaged', async () => {
    const bytes = makeZip([{ name: 'a', content: 'first' }], { end: { entries: 2 } });
    expect(lines(await read(bytes))).toEqual(['a first', 'the zip  damaged']);
  });
});
