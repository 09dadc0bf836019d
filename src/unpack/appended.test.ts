import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { lacks, type Program } from '../../test/needs';
import { createIdentify } from '../content/identify';
import { pieceInMemory } from '../content/piece';
import { createScratch } from '../content/scratch';
import { isMember } from './contract';
import { makeRar4 } from './fixtures/rar4-maker';
import { makeRar5 } from './fixtures/rar5';
import { SEVENZIP } from './fixtures/sevenzip';
import { readerOf } from './readers';
import { AFTER } from './tail';

let dir: string;
let zip: Buffer;
const made = (command: string): Buffer => {
  const { exitCode, stderr } = Bun.spawnSync(['sh', '-ec', command], { cwd: dir, stderr: 'pipe' });
  if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
  return readFileSync(join(dir, 'made'));
};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-appended-'));
  writeFileSync(join(dir, 'a.txt'), 'hello');
  zip = made('zip -q made.zip a.txt; mv made.zip made');
});
afterAll(() => rmSync(dir, { recursive: true }));

/** What a file's reader gives, as the engine host asks for it. */
const entriesOf = async (bytes: Buffer, name: string) => {
  const scratch = createScratch(dir);
  const piece = pieceInMemory(bytes, scratch);
  const type = await createIdentify()(bytes.subarray(0, 65_536));
  const found: { [name: string]: Buffer } = {};
  const wrong: string[] = [];
  const context = {
    name: 'file',
    type,
    passwords: { list: () => [], worked: () => {} },
    signal: new AbortController().signal,
    scratch,
  };
  for await (const entry of readerOf(type, piece, name)?.members(piece, context) ?? []) {
    if (isMember(entry)) found[entry.name] = Buffer.concat(await Array.fromAsync(entry.open()).catch(() => []));
    else wrong.push(entry.why);
  }
  piece.close();
  return { found, wrong };
};
const members = async (bytes: Buffer) => (await entriesOf(bytes, 'file')).found;
const troubles = async (bytes: Buffer, name = 'file') => (await entriesOf(bytes, name)).wrong;

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(5000, 7)]);

describe('a zip behind something else', () => {
  test.each([
    ['a program', () => readFileSync('/bin/true')],
    ['a script', () => Buffer.from('#!/bin/sh\nexit 0\n')],
    ['a picture', () => PNG],
    ['a PDF document', () => Buffer.from('%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n')],
    ['a mail', () => Buffer.from('From: a@b.c\r\nTo: d@e.f\r\nSubject: s\r\n\r\nhello\r\n')],
    ['packed data', () => gzipSync('hello')],
  ])('%s is a member', async (_, before) => {
    const found = await members(Buffer.concat([before(), zip]));
    expect(found[AFTER]?.equals(zip)).toBe(true);
  });

  test('is found also where its offsets count what is in front, or something is behind it', async () => {
    writeFileSync(join(dir, 'sfx'), Buffer.concat([PNG, zip]));
    expect((await members(made('cp sfx made; zip -qA made')))[AFTER]?.length).toBe(zip.length);
    expect((await members(Buffer.concat([PNG, zip, Buffer.from('behind')])))[AFTER]?.length).toBe(zip.length + 6);
  });

  test('is not seen where there is none, nor twice in what holds one', async () => {
    expect(await members(PNG)).toEqual({});
    expect(await members(Buffer.concat([PNG, Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]))).toEqual({});
    expect(Object.keys(await members(zip))).toEqual(['a.txt']);
    writeFileSync(join(dir, 'b.zip'), zip);
    expect(Object.keys(await members(made('tar -cf made b.zip')))).toEqual(['b.zip']);
    expect(Object.keys(await members(made('tar -cf made a.txt; cat b.zip >> made')))).toEqual(['a.txt', AFTER]);
  });
});

describe('another archive behind something else', () => {
  const rar = (how: 4 | 5) => {
    const files = [{ name: 'a.txt', content: Buffer.from('hello') }];
    return how === 4 ? makeRar4(files) : makeRar5(files);
  };
  const archives: [string, Program[], () => Buffer][] = [
    ['7z', [], () => made(`${SEVENZIP} a -bso0 made.7z a.txt; mv made.7z made`)],
    ['RAR 4', [], () => rar(4)],
    ['RAR 5', [], () => rar(5)],
    ['a cabinet', ['gcab'], () => made('gcab -c -z made a.txt')],
    ['ARJ', ['arj'], () => made('arj a -y -i made.arj a.txt; mv made.arj made')],
    ['LHA', ['jlha'], () => made('jlha aq made.lzh a.txt; mv made.lzh made')],
    ['SquashFS', ['mksquashfs'], () => made('mkdir -p in; mksquashfs in made -noappend -quiet -no-progress')],
  ];
  for (const [name, programs, make] of archives) {
    test.skipIf(lacks(...programs))(`${name} is a member, whatever it lies behind`, async () => {
      const archive = make();
      const noise = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7919) >> 3));
      const fronts = [PNG, Buffer.from('%PDF-1.4\n%%EOF\n'), Buffer.from('{\\rtf1 a}'), Buffer.from([0]), noise];
      for (const before of [readFileSync('/bin/true'), ...fronts])
        expect((await members(Buffer.concat([before, archive])))[AFTER]?.equals(archive)).toBe(true);
      const both = await members(Buffer.concat([PNG, archive, zip]));
      expect(Object.keys(both)).toEqual([AFTER]);
    });
  }

  test('what only begins like one is none', async () => {
    for (const [, , make] of archives.slice(0, 3)) {
      const archive = make();
      expect(await members(Buffer.concat([PNG, archive.subarray(0, 10)]))).toEqual({});
      archive[12] = (archive[12] ?? 0) ^ 0x55;
      expect(await members(Buffer.concat([PNG, archive]))).toEqual({});
    }
  });

  test('a zip in a picture is one also where its end is missing', async () => {
    const cut = zip.subarray(0, zip.lastIndexOf('PK\x05\x06', undefined, 'latin1'));
    for (const behind of [cut, Buffer.concat([zip, Buffer.alloc(100_000, 1)])])
      expect((await members(Buffer.concat([PNG, behind])))[AFTER]?.equals(behind)).toBe(true);
    expect(await members(Buffer.concat([PNG, Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(99, 1)]))).toEqual({});
  });

  test('a script that unpacks itself has packed data behind its last line', async () => {
    for (const how of ['-z', '-j', '-J']) {
      const packed = made(`tar ${how} -cf made a.txt`);
      const found = await members(Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), packed]));
      expect(found[AFTER]?.equals(packed)).toBe(true);
      expect(await members(Buffer.concat([Buffer.from('no script\n'), packed]))).toEqual({});
    }
  });

  test('a PDF document behind something short is one, where it has an end', async () => {
    const document = Buffer.from('%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\nstartxref\n0\n%%EOF\n');
    for (const before of ['junk\n', 'GIF89a....', '<html>'])
      expect((await members(Buffer.concat([Buffer.from(before), document])))[AFTER]?.equals(document)).toBe(true);
    expect(await members(Buffer.from('this is how one begins: %PDF-1.4'))).toEqual({});
    expect(await members(Buffer.concat([Buffer.alloc(2000, 'x'), document]))).toEqual({});
  });

  test('in front of a zip, or behind its end, it is a member beside those of the zip', async () => {
    const archive = rar(5);
    expect(Object.keys(await members(Buffer.concat([Buffer.alloc(99, 1), archive, zip])))).toEqual([
      'a.txt',
      'data before the beginning',
    ]);
    const behind = await members(Buffer.concat([zip, Buffer.alloc(5000), archive]));
    expect(behind[AFTER]?.equals(archive)).toBe(true);
    expect(Object.keys(await members(Buffer.concat([zip, Buffer.alloc(5000)])))).toEqual(['a.txt']);
  });

  test('padding in front of it does not hide it behind another archive', async () => {
    writeFileSync(join(dir, 'b.txt'), 'second');
    const second = made('echo b.txt | cpio --quiet -o -H newc > made');
    const first = made('echo a.txt | cpio --quiet -o -H newc > made');
    const found = await members(Buffer.concat([first, Buffer.alloc(3_000_000), second]));
    expect(found[AFTER]?.equals(second)).toBe(true);
  });

  test.skipIf(lacks('zip'))('the last part of a zip in several files is not taken for data', async () => {
    const noise = Buffer.concat(
      Array.from({ length: 3000 }, (_, i) => new Bun.SHA256().update(`${i}`).digest() as Buffer),
    );
    writeFileSync(join(dir, 'noise'), noise);
    const last = made('zip -q -s 64k parts.zip noise a.txt; mv parts.zip made');
    expect(await troubles(last)).toEqual(['unsupported']);
    expect(await troubles(noise)).toEqual([]);
    expect(await troubles(noise, 'parts.z02')).toEqual(['unsupported']);
    expect(await troubles(noise, 'a.7z.002')).toEqual(['unsupported']);
    expect(await troubles(noise, 'app.log.002')).toEqual([]);
  });
});
