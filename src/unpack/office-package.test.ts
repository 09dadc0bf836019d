import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encrypt } from 'officecrypto-tool';
import { lacks } from '../../test/needs';
import { libreOffice, PASSWORD } from './fixtures/libreoffice';
import { readAll } from './fixtures/read-all';
import { ole } from './ole';

let dir: string;
const at = (name: string) => join(dir, name);

/** The encrypted document itself, or what is wrong with the whole file. */
const read = async (file: string, passwords: string[] = []) =>
  (await readAll(ole, at(file), passwords)).find(({ name }) => name === file || name === undefined);

const CONTENT = Buffer.concat([
  Buffer.from('PK\x03\x04'),
  ...Array.from({ length: 40 }, (_, i) => Buffer.alloc(997, i)),
]);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-office-'));
  writeFileSync(at('agile.xlsx'), encrypt(CONTENT, { password: 'a long way' }));
  writeFileSync(at('standard.xlsx'), encrypt(CONTENT, { password: 'a long way', type: 'standard' }));
  writeFileSync(at('unguarded.xlsx'), encrypt(CONTENT, { password: 'VelvetSweatshop', type: 'standard' }));
  writeFileSync(at('letter.docx'), libreOffice('locked.docx'));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe.each(['agile', 'standard'])('a document with %s encryption', (kind) => {
  const file = `${kind}.xlsx`;

  test('is found whole inside with its password, among others', async () => {
    const document = await read(file, ['wrong', 'a long way']);
    expect(document?.content?.equals(CONTENT)).toBe(true);
  });

  test('is encrypted without a password, and with wrong ones', async () => {
    expect(await read(file)).toEqual({ name: file, trouble: 'encrypted' });
    expect(await read(file, ['wrong', 'A long way'])).toEqual({ name: file, trouble: 'encrypted' });
  });

  test('is damaged when it is cut off', async () => {
    const whole = await Bun.file(at(file)).bytes();
    writeFileSync(at('cut.xlsx'), whole.subarray(0, 10_000));
    expect(await read('cut.xlsx', ['a long way'])).toMatchObject({ trouble: 'damaged' });
  });
});

test('a workbook that Excel opens without asking needs no password', async () => {
  const document = await read('unguarded.xlsx');
  expect(document?.content?.equals(CONTENT)).toBe(true);
});

test.skipIf(lacks('unzip'))('what LibreOffice encrypted opens, with a password of any letters', async () => {
  const document = await read('letter.docx', [PASSWORD]);
  writeFileSync(at('open.docx'), document?.content ?? '');
  const unzip = Bun.spawnSync(['unzip', '-p', at('open.docx'), 'word/document.xml']);
  expect(unzip.exitCode).toBe(0);
  expect(unzip.stdout.toString()).toContain('the words of a letter');
});
