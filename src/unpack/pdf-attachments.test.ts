import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { lacks } from '../../test/needs';
import { readAll } from './fixtures/read-all';
import { pdf } from './pdf';

const FONT = join(import.meta.dir, '../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const SECRET = 'words that only the attachment holds, '.repeat(50);

let dir: string;
const at = (name: string) => join(dir, name);
const run = (...command: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: dir });
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout.toString();
};

/** What the reader takes out of a document: name and text of each member, or the trouble. */
const read = async (file: string, passwords: string[] = []) =>
  (await readAll(pdf, at(file), passwords)).map(({ name, content, trouble }) => [name, trouble ?? content?.toString()]);

/** A document of these objects, without a table of them: every program that shows it repairs that. */
const write = (file: string, objects: string[]): void =>
  writeFileSync(
    at(file),
    `%PDF-1.7\n${objects.map((body, i) => `${i + 1} 0 obj\n${body}\nendobj\n`).join('')}trailer\n<</Root 1 0 R>>\n`,
    'latin1',
  );
const stream = (dictionary: string, content: Buffer | string): string =>
  `<<${dictionary}/Length ${content.length}>>\nstream\n${content.toString('latin1')}\nendstream`;
const SPECIFICATION = '<</Type/Filespec/F(a.txt)/EF<</F 3 0 R>>>>';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'assay-pdf-attachments-'));
  const document = new PDFDocument({ font: FONT });
  document.text('A page.');
  document.end();
  writeFileSync(at('bare.pdf'), Buffer.concat(await Array.fromAsync(document)));
  writeFileSync(at('secret.txt'), SECRET);
  writeFileSync(at('ü 2.txt'), 'another');
  if (!lacks('qpdf'))
    run('qpdf', 'bare.pdf', '--add-attachment', 'secret.txt', '--', '--add-attachment', 'ü 2.txt', '--', 'two.pdf');
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('files in a PDF', () => {
  test.skipIf(lacks('qpdf', 'pdfdetach'))('come with the names and contents that poppler sees', async () => {
    run('pdfdetach', '-saveall', '-o', dir, 'two.pdf');
    expect(await read('two.pdf')).toEqual(
      expect.arrayContaining([
        ['secret.txt', readFileSync(at('secret.txt'), 'utf8')],
        ['ü 2.txt', 'another'],
      ]),
    );
    expect(await read('two.pdf')).toHaveLength(2);
  });

  test.skipIf(lacks('qpdf'))(
    'come out of compressed structure, and out of an encrypted document’s decrypted copy',
    async () => {
      run('qpdf', '--object-streams=generate', 'two.pdf', 'compressed.pdf');
      expect(await read('compressed.pdf')).toContainEqual(['secret.txt', SECRET]);
      run('qpdf', 'compressed.pdf', 'locked.pdf', '--encrypt', 'p', 'o', '256', '--');
      const [document] = await readAll(pdf, at('locked.pdf'), ['p']);
      writeFileSync(at('unlocked.pdf'), document?.content ?? '');
      expect(await read('unlocked.pdf')).toContainEqual(['secret.txt', SECRET]);
    },
  );

  test.skipIf(lacks('qpdf')).each(['40', '128', '256'])(
    'are no trouble in the decrypted copy of a document under %s bits',
    async (bits) => {
      const attached = ['--empty', '--add-attachment', 'secret.txt', '--'];
      run('qpdf', '--allow-weak-crypto', ...attached, '--encrypt', 'p', 'o', bits, '--', 'weak.pdf');
      const [document] = await readAll(pdf, at('weak.pdf'), ['p']);
      writeFileSync(at('unlocked.pdf'), document?.content ?? '');
      expect(await read('unlocked.pdf')).toEqual([['secret.txt', SECRET]]);
    },
  );

  test('a document without any has no members and no trouble', async () => {
    expect(await read('bare.pdf')).toEqual([]);
  });

  test('nothing is in a sloppy document that every program repairs', async () => {
    const broken = readFileSync(at('bare.pdf'), 'latin1').replace(/startxref\n\d+/, 'startxref\n99999');
    writeFileSync(at('sloppy.pdf'), broken, 'latin1');
    expect(await read('sloppy.pdf')).toEqual([]);
    writeFileSync(at('cut.pdf'), broken.slice(0, broken.length / 2), 'latin1');
    expect(await read('cut.pdf')).toEqual([]);
  });

  test('a name that is written with escapes hides nothing', async () => {
    write('disguised.pdf', ['<<>>', '<</F(a.txt)/E#46<</F 3 0 R>>>>', stream('/Type/Embe#64dedFile', 'found')]);
    expect(await read('disguised.pdf')).toEqual([['a.txt', 'found']]);
  });

  test.each([
    ['none', '', (b: Buffer) => b],
    ['Flate', '/Filter/FlateDecode', (b: Buffer) => deflateSync(b)],
    ['an array of one', '/Filter[/Fl]', (b: Buffer) => deflateSync(b)],
    ['hexadecimal', '/Filter/ASCIIHexDecode', (b: Buffer) => Buffer.from(`${b.toString('hex')}>`)],
    [
      'Flate in hexadecimal',
      '/Filter[/AHx/FlateDecode]',
      (b: Buffer) => Buffer.from(`${deflateSync(b).toString('hex')}>`),
    ],
    [
      'run lengths',
      '/Filter/RunLengthDecode',
      (b: Buffer) => Buffer.concat([...b].map((byte) => Buffer.from([0, byte])).concat(Buffer.from([128]))),
    ],
  ])('are read through their filter: %s', async (_, filter, encode) => {
    write('filtered.pdf', ['<<>>', SPECIFICATION, stream(filter, encode(Buffer.from(SECRET)))]);
    expect(await read('filtered.pdf')).toEqual([['a.txt', SECRET]]);
  });

  test('a length that lies, or that another object says, cuts nothing off', async () => {
    write('lie.pdf', ['<<>>', SPECIFICATION, '<</Length 2>>\nstream\nall of it\nendstream']);
    expect(await read('lie.pdf')).toEqual([['a.txt', 'all of it\n']]);
    write('indirect.pdf', ['<<>>', SPECIFICATION, '<</Length 4 0 R>>\nstream\nan endstream within\nendstream', '19']);
    expect(await read('indirect.pdf')).toEqual([['a.txt', 'an endstream within']]);
  });

  test('a file that is cut off or of an unknown encoding is a trouble, and so is one that is missing', async () => {
    const packed = deflateSync(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i) % 251)));
    write('short.pdf', ['<<>>', SPECIFICATION, stream('/Filter/FlateDecode', packed.subarray(0, 100))]);
    expect(await read('short.pdf')).toEqual([['a.txt', 'damaged']]);
    write('unknown.pdf', ['<<>>', SPECIFICATION, stream('/Filter/NobodyDecode', 'x')]);
    expect(await read('unknown.pdf')).toEqual([['a.txt', 'unsupported']]);
    write('missing.pdf', ['<<>>', SPECIFICATION]);
    expect(await read('missing.pdf')).toEqual([[undefined, 'damaged']]);
  });

  test('a file specification may lie in a compressed stream that is encoded twice and calls itself nothing', async () => {
    const inner = Buffer.from(`2 0 ${SPECIFICATION}`);
    const packed = Buffer.from(`${deflateSync(inner).toString('hex')}>`);
    write('twice.pdf', ['<<>>', '<<>>', stream('', 'found'), stream('/N 1/First 4/Filter[/AHx/Fl]', packed)]);
    expect(await read('twice.pdf')).toEqual([['a.txt', 'found']]);
  });

  test('a file that is embedded without a name, or twice, comes once', async () => {
    write('once.pdf', ['<<>>', '[<</EF<</F 3 0 R/UF 3 0 R>>>><</EF 4 0 R>>]', stream('', 'found'), '<</F 3 0 R>>']);
    expect(await read('once.pdf')).toEqual([['embedded-1', 'found']]);
  });
});

describe('scripts in a PDF', () => {
  test('come as members, whether they are strings or streams', async () => {
    write('scripts.pdf', [
      '<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>',
      '<</S/JavaScript/JS 3 0 R>>',
      stream('/Filter/FlateDecode', deflateSync('app.alert(2)')),
      '<</S/JavaScript/JS 5 0 R>>',
      `<FEFF${Buffer.from('app.alert(3)', 'utf16le').swap16().toString('hex')}>`,
    ]);
    expect((await read('scripts.pdf')).toSorted()).toEqual([
      ['javascript-1.js', 'app.alert(1)'],
      ['javascript-2.js', 'app.alert(2)'],
      ['javascript-3.js', 'app.alert(3)'],
    ]);
  });
});

test.skipIf(lacks('qpdf'))('an encrypted document whose end is missing is damaged', async () => {
  run('qpdf', 'two.pdf', 'sealed.pdf', '--encrypt', 'p', 'o', '256', '--');
  const whole = readFileSync(at('sealed.pdf'));
  writeFileSync(at('endless.pdf'), whole.subarray(0, whole.indexOf('trailer')));
  expect(await read('endless.pdf', ['p'])).toContainEqual([undefined, 'damaged']);
});
