import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobReader, BlobWriter, configure, ZipWriter } from '@zip.js/zip.js';
import { lacks } from '../../test/needs';
import { readBytes, type Told } from './fixtures/read-bytes';
import { makeZip } from './fixtures/zip-maker';
import { createLoadSevenZip } from './sevenzip-load';
import { createZip } from './zip';

const zip = createZip(createLoadSevenZip());

let dir: string;
const LARGE = Array.from({ length: 60_000 }, (_, i) => `${Bun.hash.crc32(`${i}`)}`)
  .join(' ')
  .repeat(4);
const FILES: Record<string, string> = {
  'a.txt': 'hello hello hello',
  'b.txt': 'x'.repeat(5000),
  large: LARGE,
  empty: '',
};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-zip-encrypted-'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(dir, name), content);
});
afterAll(() => rmSync(dir, { recursive: true }));

let made = 0;
/** Lets a tool make a zip; `{}` is its path. */
const make = (...command: string[]): Buffer => {
  const path = join(dir, `${++made}.zip`);
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    command.map((word) => word.replace('{}', path)),
    { cwd: dir, stdout: 'pipe', stderr: 'pipe' },
  );
  if (exitCode !== 0) throw new Error(`${command[0]}: ${stdout}${stderr}`);
  return readFileSync(path);
};
const lines = (told: Told[]) =>
  told.map(({ name = 'the zip', content = '', why = '' }) => [name, content.slice(0, 20), why].join(' ').trim());
const contents = (told: Told[]) => Object.fromEntries(told.map(({ name, content, why }) => [name, why ?? content]));
const locked = (told: Told[]) => told.filter(({ name }) => name !== 'empty').every(({ why }) => why === 'encrypted');

const ALL = Object.keys(FILES);
const makers: [string, () => Buffer | Promise<Buffer>][] = [
  ['ZipCrypto of zip', () => make('zip', '-P', 'geheim', '{}', ...ALL)],
  ['ZipCrypto of zip, stored', () => make('zip', '-0', '-P', 'geheim', '{}', ...ALL)],
  ['ZipCrypto of zip to a pipe', () => make('sh', '-c', `zip -P geheim - ${ALL.join(' ')} > {}`)],
  ['ZipCrypto of 7z', () => make('7zz', 'a', '-tzip', '-pgeheim', '{}', ...ALL)],
  ['AES-128 of 7z', () => make('7zz', 'a', '-tzip', '-mem=AES128', '-pgeheim', '{}', ...ALL)],
  ['AES-192 of 7z', () => make('7zz', 'a', '-tzip', '-mem=AES192', '-pgeheim', '{}', ...ALL)],
  ['AES-256 of 7z', () => make('7zz', 'a', '-tzip', '-mem=AES256', '-pgeheim', '{}', ...ALL)],
  ['AES-256 of 7z, stored', () => make('7zz', 'a', '-tzip', '-mem=AES256', '-mx0', '-pgeheim', '{}', ...ALL)],
  [
    'AES-256 and Deflate64 of 7z',
    () => make('7zz', 'a', '-tzip', '-mem=AES256', '-mm=Deflate64', '-pgeheim', '{}', ...ALL),
  ],
  ['ZipCrypto and Deflate64 of 7z', () => make('7zz', 'a', '-tzip', '-mm=Deflate64', '-pgeheim', '{}', ...ALL)],
  ['AES-256 and bzip2 of 7z', () => make('7zz', 'a', '-tzip', '-mem=AES256', '-mm=BZip2', '-pgeheim', '{}', ...ALL)],
  ['ZipCrypto and LZMA of 7z', () => make('7zz', 'a', '-tzip', '-mm=LZMA', '-pgeheim', '{}', ...ALL)],
  ['AES-256 of zip.js', () => madeByZipJs({ encryptionStrength: 3 })],
  ['AES-128 of zip.js', () => madeByZipJs({ encryptionStrength: 1 })],
  ['ZipCrypto of zip.js', () => madeByZipJs({ zipCrypto: true })],
];

const madeByZipJs = async (options: object, names = ALL): Promise<Buffer> => {
  configure({ useWebWorkers: false });
  const writer = new ZipWriter(new BlobWriter(), { password: 'geheim', ...options });
  for (const name of names) await writer.add(name, new BlobReader(new Blob([FILES[name]!])));
  return Buffer.from(await (await writer.close()).arrayBuffer());
};

describe.skipIf(lacks('zip', '7zz'))('an encrypted zip', () => {
  test.each(makers)('%s: opens with its password, and says so without it', async (_, maker) => {
    const bytes = await maker();
    expect(contents(await readBytes(zip, bytes, ['geheim']))).toEqual(FILES);
    expect(contents(await readBytes(zip, bytes, ['wrong', 'wrong too', 'geheim']))).toEqual(FILES);
    const without = await readBytes(zip, bytes);
    expect(locked(without)).toBe(true);
    expect(without[0]).toMatchObject({ content: '', message: 'It is encrypted and no password was given.' });
    const wrong = await readBytes(zip, bytes, ['wrong']);
    expect(locked(wrong)).toBe(true);
    expect(wrong[0]?.message).toBe('It is encrypted and the password that was given does not open it.');
    const wrongs = await readBytes(zip, bytes, ['wrong', 'also wrong']);
    expect(wrongs[0]?.message).toBe('It is encrypted and none of the 2 passwords opens it.');
  });

  test('may have another password for each member, and members without one', async () => {
    const steps = [
      'zip -P one {} a.txt',
      'zip -P two {} b.txt',
      '7zz a -tzip -mem=AES256 -pthree {} large',
      'zip {} empty',
    ];
    const bytes = make('sh', '-c', steps.join(' && ').replaceAll('{}', '"$0"'), '{}');
    expect(contents(await readBytes(zip, bytes, ['three', 'two', 'one']))).toEqual(FILES);
    expect(contents(await readBytes(zip, bytes, ['two']))).toEqual({
      ...FILES,
      'a.txt': 'encrypted',
      large: 'encrypted',
    });
  });

  test.each(['p\u00e4ss w\u00f6rd', ' two words '])('whose password is %j', async (password) => {
    const zips = [
      make('zip', '-P', password, '{}', 'a.txt'),
      await madeByZipJs({ password }, ['a.txt']),
      await madeByZipJs({ password, zipCrypto: true }, ['a.txt']),
    ];
    for (const bytes of zips) {
      expect(lines(await readBytes(zip, bytes, [password]))).toEqual(['a.txt hello hello hello']);
      expect(lines(await readBytes(zip, bytes, [password.trim().slice(1)]))).toEqual(['a.txt  encrypted']);
    }
  });

  test.each([
    ['Windows-1252', '\\344\\200\\223', '\u00e4\u20ac\u201c'],
    ['code page 437', '\\204\\234', '\u00e4\u00a3'],
  ])('whose password was typed in %s', async (_, octal, password) => {
    const bytes = make('sh', '-c', `zip -P "$(printf '${octal}')" "$0" a.txt`, '{}');
    expect(lines(await readBytes(zip, bytes, [password]))).toEqual(['a.txt hello hello hello']);
  });

  test.each([
    ['packed', []],
    ['stored', ['-0']],
  ])('opens behind a thousand wrong passwords, of which some pass the check of one byte (%s)', async (_, options) => {
    const bytes = make('zip', ...options, '-P', 'geheim', '{}', 'a.txt', 'large');
    const wrong = Array.from({ length: 1000 }, (_, i) => `wrong ${i}`);
    expect(lines(await readBytes(zip, bytes, wrong))).toEqual(['a.txt  encrypted', 'large  encrypted']);
    const told = await readBytes(zip, bytes, [...wrong, 'geheim']);
    expect(contents(told)).toEqual({ 'a.txt': FILES['a.txt'], large: LARGE });
  });

  test('that is damaged is told from one with another password', async () => {
    for (const maker of ['zip -P geheim', '7zz a -tzip -mem=AES256 -pgeheim']) {
      const bytes = make('sh', '-c', `${maker} "$0" large`, '{}');
      bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 100);
      for (const passwords of [['geheim'], ['wrong', 'geheim']]) {
        const [large] = await readBytes(zip, bytes, passwords);
        expect(large?.why).toBe('damaged');
        expect(large?.content?.slice(0, 1000)).toBe(LARGE.slice(0, 1000));
      }
      expect(lines(await readBytes(zip, bytes, ['wrong']))).toEqual(['large  encrypted']);
    }
  });

  test('that is cut off gives what is there', async () => {
    for (const maker of ['zip -P geheim', '7zz a -tzip -mem=AES256 -pgeheim']) {
      const bytes = make('sh', '-c', `${maker} "$0" large`, '{}');
      const [large, end] = await readBytes(zip, bytes.subarray(0, bytes.length >> 1), ['geheim']);
      expect([large?.why, end?.why]).toEqual(['damaged', 'damaged']);
      expect(large?.content?.length).toBeGreaterThan(100_000);
      expect(LARGE.startsWith(large?.content ?? '-')).toBe(true);
    }
  });

  test('of PKWARE\u2019s strong kind is encrypted, whatever is given', async () => {
    const bytes = makeZip([{ name: 'a', content: 'hello', both: { flags: 0x41 } }]);
    expect(await readBytes(zip, bytes, ['geheim'])).toEqual([
      {
        name: 'a',
        content: '',
        why: 'encrypted',
        message: 'It is encrypted in a way of PKWARE that is not read here.',
      },
    ]);
  });

  test('never shows a password in what it says', async () => {
    const bytes = make('zip', '-P', 'geheim', '{}', ...ALL);
    expect(JSON.stringify(await readBytes(zip, bytes, ['very secret']))).not.toContain('secret');
  });
});
