import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createIdentify } from '../content/identify';
import { pieceInMemory } from '../content/piece';
import { createScratch } from '../content/scratch';
import { AFTER } from './appended';
import { isMember } from './contract';
import { readerOf } from './readers';

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

/** The members that a file's reader gives, as the engine host asks for it. */
const members = async (bytes: Buffer): Promise<{ [name: string]: Buffer }> => {
  const scratch = createScratch(dir);
  const piece = pieceInMemory(bytes, scratch);
  const type = await createIdentify()(bytes.subarray(0, 65_536));
  const found: { [name: string]: Buffer } = {};
  const context = {
    name: 'file',
    type,
    passwords: { list: () => [], worked: () => {} },
    signal: new AbortController().signal,
    scratch,
  };
  for await (const entry of readerOf(type, piece)?.members(piece, context) ?? []) {
    if (isMember(entry)) found[entry.name] = Buffer.concat(await Array.fromAsync(entry.open()).catch(() => []));
  }
  piece.close();
  return found;
};

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
