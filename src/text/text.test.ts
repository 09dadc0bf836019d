import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Piece, pieceInMemory } from '../content/piece';
import { createScratch } from '../content/scratch';
import type { FileType } from '../core/findings';
import { textOf } from './text';

const folder = mkdtempSync(join(tmpdir(), 'assay-text-'));
afterAll(() => rmSync(folder, { recursive: true }));
const scratch = createScratch(folder);

const CARD = '4012 8888 8888 1881';
const { signal } = new AbortController();

interface Kind extends Partial<FileType> {
  isTakenApart?: boolean;
}

/** A piece that comes in parts of so many bytes, so that whatever can be cut in two is. */
const inParts = (bytes: Uint8Array, length: number): Piece => ({
  ...pieceInMemory(bytes, scratch),
  stream: async function* () {
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  },
});

const textIn = (content: string | Uint8Array, mime: string, { isTakenApart = false, ...kind }: Kind = {}, part = 7) => {
  const piece = inParts(typeof content === 'string' ? Buffer.from(content) : content, part);
  const type = { mime, description: '', container: false, ...kind };
  return textOf(piece, { type, isTakenApart, signal });
};
const read = async (...asked: Parameters<typeof textIn>): Promise<string> => {
  let all = '';
  for await (const piece of textIn(...asked) ?? []) all += piece;
  return all;
};

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const utf32 = (text: string) => {
  const codes = [0xfeff, ...[...text].map((character) => character.codePointAt(0) ?? 0)];
  return new Uint8Array(new Uint32Array(codes).buffer);
};

describe('text in any encoding', () => {
  const text = `Ünïcode 🦠 ${CARD}, and much more of it so that nobody has to guess`;
  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE', utf16be(text)],
    ['UTF-16BE with a mark', utf16be(`\ufeff${text}`)],
    ['UTF-32', utf32(text)],
  ])('%s, also cut within characters', async (_, bytes) => {
    expect(await read(bytes, 'text/plain', {}, 1001)).toBe(text);
    expect(await read(bytes, 'text/plain', {}, 64)).toBe(text);
  });
  test('Windows-1252, and what else it declares', async () => {
    expect(await read(Buffer.from('Müller', 'latin1'), 'text/plain', {}, 100)).toBe('Müller');
    const html = Buffer.concat([Buffer.from('<meta charset="koi8-r"><p>'), Buffer.from([0xd0, 0xd2, 0xc9])]);
    expect(await read(html, 'text/html', {}, 100)).toContain('при');
  });
  test('what is not seen does not break a number, and wide digits are digits', async () => {
    expect(await read('4012\u200b8888\u00ad8888\uff11\uff18\uff18\uff11', 'text/plain', {}, 100)).toBe(
      '4012888888881881',
    );
  });
});

describe('markup', () => {
  const at = [1, 3, 1000];
  test.each(at)('a number that tags cut within is whole, in parts of %i', async (part) => {
    expect(await read(`<p>4012 <b>8888</b> 88<i>88</i> 18&#56;1</p>`, 'text/html', {}, part)).toContain(CARD);
    const word =
      '<w:document><w:p><w:r><w:t>4012 88</w:t></w:r><w:r><w:rPr/><w:t>88 8888 1881</w:t></w:r></w:p></w:document>';
    expect(await read(word, 'text/xml', {}, part)).toContain(CARD);
  });
  test('numbers in different cells stay apart', async () => {
    expect(await read('<table><tr><td>4012 8888</td><td>8888 1881</td></tr></table>', 'text/html')).not.toContain(CARD);
  });
  test('what stands in attributes, comments and scripts is text, too', async () => {
    for (const html of [`<a title="${CARD}">x</a>`, `<!-- ${CARD} -->`, `<script>x = "${CARD}"</script>`]) {
      expect(await read(html, 'text/html')).toContain(CARD);
    }
  });
  test('a workbook’s large numbers are whole', async () => {
    const sheet = '<worksheet><sheetData><row><c><v>4.012888888881881E15</v></c></row></sheetData></worksheet>';
    expect(await read(sheet, 'text/xml')).toContain('4012888888881881');
  });
  test('a tag that never ends loses nothing', async () => {
    expect(await read(`<p <${'<'.repeat(1000)} ${CARD}`, 'text/html')).toContain(CARD);
  });
});

describe('rich text', () => {
  test.each([1, 5, 1000])('is read without what nobody sees, in parts of %i', async (part) => {
    const rtf = `{\\rtf1{\\fonttbl{\\f0 Times 1111;}}\\b 4012\\b0  8888 {\\i 8888} 18\\u56?\\'31\\par{\\pict 00ff}}`;
    expect((await read(rtf, 'application/rtf', {}, part)).trim()).toBe(CARD);
  });
});

describe('other kinds', () => {
  test('JSON and CSV as they are', async () => {
    for (const mime of ['application/json', 'text/csv']) expect(await read(`"${CARD}"`, mime)).toBe(`"${CARD}"`);
  });
  test('the strings in bytes of any kind, also wide ones, and that this is not all', async () => {
    const noise = Uint8Array.from({ length: 64 }, (_, i) => 128 + i);
    const content = Buffer.concat([noise, Buffer.from(CARD), noise, Buffer.from(CARD, 'utf16le'), noise]);
    const runs: string[] = [];
    const reading = (async () => {
      for await (const piece of textIn(content, 'application/octet-stream', {}, 1000) ?? [])
        runs.push(...piece.split('\n'));
    })();
    await expect(reading).rejects.toMatchObject({ unread: 'skipped' });
    expect(runs.filter((run) => run === CARD)).toHaveLength(2);
    expect(await read('', 'application/x-empty')).toBe('');
  });
  test('the head of a message, with its encoded words', async () => {
    const mail = `Subject: =?utf-8?B?${Buffer.from(CARD).toString('base64')}?=\r\n\r\nits body is a file of its own`;
    const text = await read(mail, 'message/rfc822', { isTakenApart: true });
    expect(text).toContain(CARD);
    expect(text).not.toContain('its body');
  });
  test('pictures and containers that nobody opened have none; what was opened has it in its parts', async () => {
    expect(textIn('x', 'image/png')).toBeUndefined();
    expect(textIn('PK', 'application/zip', { container: true })).toBeUndefined();
    expect(await read('PK', 'application/zip', { container: true, isTakenApart: true })).toBe('');
  });
});

test('what is taken apart for what lies behind it keeps its own text', async () => {
  const apart = { isTakenApart: true };
  expect(await read(`<b>${CARD}</b>`, 'text/html', apart)).toContain(CARD);
  expect(await read(`{\\rtf1 ${CARD}}`, 'application/rtf', apart)).toContain(CARD);
  expect(await read('streams are members', 'application/msword', apart)).toBe('');
});

describe('what cannot be read says why', () => {
  const whyOf = async (...asked: Parameters<typeof textIn>) =>
    read(...asked).then(
      () => undefined,
      (error) => ({ unread: error.unread, message: error.message }),
    );
  test('a PDF that is none', async () => {
    expect(await whyOf('%PDF-1.4\nnothing', 'application/pdf')).toMatchObject({ unread: 'failed' });
  });
  test('what is encrypted', async () => {
    expect(await whyOf('x', 'application/x-x', { encrypted: 'archive' })).toMatchObject({ unread: 'skipped' });
  });
});
