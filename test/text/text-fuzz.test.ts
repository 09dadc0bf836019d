import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { pieceInMemory } from '../../src/content/piece';
import { createScratch } from '../../src/content/scratch';
import { textOf } from '../../src/text/text';
import { createRandom, mutate } from '../../src/unpack/fixtures/mutate';

const COUNT = 300;
const FONT = join(import.meta.dir, '../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

const folder = mkdtempSync(join(tmpdir(), 'assay-text-fuzz-'));
const scratch = createScratch(folder);
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads the text to its end; how many letters came, and the error that ended it. */
const read = async (mime: string, bytes: Uint8Array, isTakenApart = false) => {
  const type = { mime, description: '', container: false };
  // Running out of time would say that it hangs.
  const signal = AbortSignal.timeout(60_000);
  let letters = 0;
  try {
    for await (const piece of textOf(pieceInMemory(bytes, scratch), { type, isTakenApart, signal }) ?? [])
      letters += piece.length;
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).name).not.toMatch(/Timeout|Abort/);
    expect((error as Error).message).not.toBe('');
  }
  return letters;
};

const RTF = String.raw`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}\f0 Card \b 4012\b0  88\'388 \u8211? {\pict\bin4 abcd}\par{\uc2\u1234xx y}\trowd\cell\row}`;
const HTML =
  '<!doctype html><html><head><title>t</title><style>a{b:c}</style></head><body><!-- c --><p title="x">A&amp;B &#52;<b>01</b>2&nbsp;</p><script>1 < 2</script></body></html>';
const WORD =
  '<?xml version="1.0"?><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>4012</w:t></w:r><w:r><w:tab/><w:t xml:space="preserve"> 8888</w:t></w:r></w:p></w:body></w:document>';
const SHEET =
  '<worksheet><sheetData><row r="1"><c r="A1"><v>4.012888888881881E15</v></c><c t="s"><v>0</v></c></row></sheetData></worksheet>';
const MAIL = 'From: =?utf-8?B?w7w=?= <a@example.org>\r\nSubject: a\r\n b\r\n\r\nbody';

let PDF: Buffer;
beforeAll(async () => {
  const document = new PDFDocument({ font: FONT, compress: false });
  document.text('Card 4012 8888 8888 1881').addPage().text('Another page');
  document.end();
  PDF = Buffer.concat(await Array.fromAsync(document));
});

test.each<[string, string, () => Uint8Array]>([
  ['rich text', 'application/rtf', () => Buffer.from(RTF)],
  ['a page', 'text/html', () => Buffer.from(HTML)],
  ['a part of a document', 'text/xml', () => Buffer.from(WORD)],
  ['a sheet', 'text/xml', () => Buffer.from(SHEET)],
  ['a letter', 'message/rfc822', () => Buffer.from(MAIL)],
  ['a table in UTF-16', 'text/plain', () => Buffer.from('\ufeffname;card\r\nAnn;4012888888881881\r\n', 'utf16le')],
  ['bytes', 'application/octet-stream', () => Buffer.from('\x00\x01words and 4012888888881881\xff\xfe', 'latin1')],
])('%s: every mutant comes to its end, and grows to nothing large', async (_, mime, make) => {
  const bytes = make();
  for (let seed = 1; seed <= COUNT; seed++) {
    const mutant = mutate(bytes, createRandom(seed));
    expect(await read(mime, mutant)).toBeLessThanOrEqual(mutant.length * 4 + 1000);
  }
});

test('a PDF: every mutant comes to its end', async () => {
  expect(await read('application/pdf', PDF)).toBeGreaterThan(40);
  for (let seed = 1; seed <= 100; seed++)
    expect(await read('application/pdf', mutate(PDF, createRandom(seed)))).toBeLessThan(PDF.length);
});

// Work that grew with the square of these would not end within the time of a test.
test.each([
  ['tags that do not end', 'text/html', '<a '],
  ['comments that do not end', 'text/html', '<!--'],
  ['brackets', 'text/html', '<'],
  ['tags in tags', 'text/xml', '<a b="'],
  ['entities that do not end', 'text/html', '&amp'],
  ['groups', 'application/rtf', '{'],
  ['ends of groups', 'application/rtf', '}'],
  ['marks', 'application/rtf', '\\'],
  ['letters of Unicode', 'application/rtf', '\\u1'],
  ['bytes that are skipped', 'application/rtf', '\\bin9'],
  ['lines of a head', 'message/rfc822', 'a: =?'],
])('4 MB of %s are gone through once', async (_, mime, unit) => {
  await read(mime, Buffer.from(unit.repeat(Math.ceil((4 * 1024 * 1024) / unit.length))));
});
