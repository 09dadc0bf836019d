import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFBool, PDFDocument, PDFName, PDFString, StandardFonts } from 'pdf-lib';
import { lacks } from '../../test/needs';
import { sanitized } from './fixtures/sanitized';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-sanitize-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A document of one page with everything that acts. */
const acting = async (): Promise<Uint8Array> => {
  const document = await PDFDocument.create();
  const page = document.addPage([300, 300]);
  page.drawText('Kept text', { font: await document.embedFont(StandardFonts.Helvetica), x: 20, y: 200 });
  document.addJavaScript('evil', 'app.alert("evil")');
  await document.attach(new TextEncoder().encode('evil'), 'evil.exe');
  const { context } = document;
  const script = { S: 'JavaScript', JS: PDFString.of('app.alert("evil")') };
  document.catalog.set(PDFName.of('OpenAction'), context.obj({ Type: 'Action', ...script }));
  document.catalog.set(PDFName.of('AcroForm'), context.obj({ XFA: PDFString.of('evil'), Fields: [] }));
  const link = (A: object) =>
    context.register(context.obj({ Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 9, 9], A: A as never }));
  const annotations = [
    link({ S: 'Launch', F: PDFString.of('evil.exe') }),
    link({ S: 'URI', URI: PDFString.of('file://evil/share') }),
    link({ S: 'URI', URI: PDFString.of('https://example.org/') }),
    link({ S: 'GoToR', F: PDFString.of('evil.pdf') }),
    // What an action is can stand elsewhere, and what it calls itself says nothing.
    link({ S: context.register(PDFName.of('Launch')), F: PDFString.of('evil.exe') }),
    link({ Type: 'Nothing', S: 'Launch', F: PDFString.of('evil.exe') }),
    link({
      S: 'URI',
      URI: PDFString.of('https://example.org/next'),
      Next: { S: 'SubmitForm', F: PDFString.of('https://evil.example') },
    }),
    context.register(
      context.obj({
        Type: 'Annot',
        Subtype: 'FileAttachment',
        Rect: [0, 0, 9, 9],
        FS: { EF: { F: context.register(context.stream('evil content')) }, F: PDFString.of('evil.exe') },
      }),
    ),
  ];
  page.node.set(PDFName.of('Annots'), context.obj(annotations));
  page.node.set(PDFName.of('AA'), context.obj({ O: script }));
  return document.save({ useObjectStreams: false });
};

const plain = async (content: Uint8Array): Promise<string> => {
  const document = await PDFDocument.load(content);
  return Buffer.from(await document.save({ useObjectStreams: false })).toString('latin1');
};

describe('a PDF document', () => {
  test('loses scripts, actions, attachments and forms, and keeps links to pages', async () => {
    const source = await acting();
    expect(Buffer.from(source).toString('latin1')).toMatch(/JavaScript|Launch|SubmitForm/);
    const { content, removed } = await sanitized(source);
    const text = await plain(content);
    for (const gone of [
      'JavaScript',
      'Launch',
      'SubmitForm',
      'GoToR',
      'FileAttachment',
      'EmbeddedFile',
      'XFA',
      'OpenAction',
      '/AA',
      'evil',
    ])
      expect(text).not.toContain(gone);
    expect(text).toContain('https://example.org/');
    expect(new Set(removed.map(({ what }) => what))).toEqual(
      new Set(['script', 'action', 'attachment', 'external link', 'form']),
    );
  });

  test.skipIf(lacks('pdftotext', 'qpdf'))('opens with other programs, with its text', async () => {
    const path = join(dir, 'sanitized.pdf');
    writeFileSync(path, (await sanitized(await acting())).content);
    expect(Bun.spawnSync(['pdftotext', path, '-']).stdout.toString()).toContain('Kept text');
    expect(Bun.spawnSync(['qpdf', '--check', path]).exitCode).toBe(0);
  });

  test.skipIf(lacks('pdftotext'))('keeps what was filled into its form, also where nobody has drawn it', async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([300, 300]);
    const drawn = document.getForm().createTextField('drawn');
    drawn.setText('Drawn value');
    drawn.addToPage(page, { x: 20, y: 100, width: 200, height: 30 });
    const bare = document.getForm().createTextField('bare');
    bare.addToPage(page, { x: 20, y: 20, width: 200, height: 30 });
    bare.acroField.dict.set(PDFName.of('V'), PDFString.of('Bare value'));
    for (const widget of bare.acroField.getWidgets()) widget.dict.delete(PDFName.of('AP'));
    document.getForm().acroForm.dict.set(PDFName.of('NeedAppearances'), PDFBool.True);
    const path = join(dir, 'form.pdf');
    writeFileSync(path, (await sanitized(await document.save({ updateFieldAppearances: false }))).content);
    const text = Bun.spawnSync(['pdftotext', path, '-']).stdout.toString();
    expect(text).toContain('Drawn value');
    expect(text).toContain('Bare value');
  });

  test.skipIf(lacks('qpdf'))('that is encrypted is refused, for its copy would not be', async () => {
    const [plain, locked] = [join(dir, 'plain.pdf'), join(dir, 'locked.pdf')];
    writeFileSync(plain, await acting());
    Bun.spawnSync(['qpdf', '--encrypt', '', 'owner', '256', '--', plain, locked]);
    expect(sanitized(readFileSync(locked))).rejects.toThrow('It is encrypted');
  });

  test('that is damaged is refused', () => {
    expect(sanitized(Buffer.from('%PDF-1.7\nnothing'))).rejects.toThrow();
  });
});
