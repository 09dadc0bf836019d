import { expect, test } from 'bun:test';
import CFB from 'cfb';
import { PDFDocument, PDFName, PDFString } from 'pdf-lib';
import { field, pack, relationships, text, types, wordPackage } from '../../src/sanitize/fixtures/package';
import { sanitizerOf } from '../../src/sanitize/sanitize';
import { createRandom, mutate } from '../../src/unpack/fixtures/mutate';

const { signal } = new AbortController();

const sanitize = async (mime: string, document: Uint8Array, name: string) => {
  const type = { mime, description: '', container: false };
  const made = await sanitizerOf(type)!.sanitize(document, { name, type, signal });
  if (made === undefined) throw new Error('none of the family');
  return made;
};

/** Sanitizes broken documents: each is refused with a sentence, or made into one in which nothing more is found that acts. */
const survives = async (mime: string, broken: (seed: number) => Uint8Array | Promise<Uint8Array>, name = 'broken') => {
  let made = 0;
  for (let seed = 1; seed <= COUNT; seed++) {
    const result = await sanitize(mime, await broken(seed), name).catch((error: unknown) => error);
    if (result instanceof Error) {
      expect(result.message).not.toBe('');
      continue;
    }
    made += 1;
    const { content } = result as { content: Uint8Array };
    const again = await sanitize(mime, content, name);
    expect({ seed, removed: again.removed }).toEqual({ seed, removed: [] });
  }
  return made;
};
const COUNT = 150;

const bytes = (source: string) => Buffer.from(source);
const OFFICE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const BODY = `${text('words')}${field([' DDE', 'AUTO evil'])}<w:p><w:hyperlink r:id="rId5"><w:r><w:t>link</w:t></w:r></w:hyperlink><w:fldSimple w:instr="LINK x"/></w:p>`;
const RELATIONSHIPS = relationships(
  ['rId3', 'vbaProject', 'vbaProject.bin'],
  ['rId5', 'hyperlink', 'file:///evil', true],
);
const document = (body = BODY, rels = RELATIONSHIPS) => wordPackage(body, rels, { 'word/vbaProject.bin': 'evil' });

test('documents of Office that are damaged as a whole, or in a part', async () => {
  const whole = await document();
  await survives(OFFICE, (seed) => mutate(whole, createRandom(seed)));
  const part = (source: string, seed: number) => mutate(bytes(source), createRandom(seed)).toString();
  const bodies = await survives(OFFICE, (seed) => document(part(BODY, seed)));
  const rels = await survives(OFFICE, (seed) => document(BODY, part(RELATIONSHIPS, seed)));
  // Mutants that nobody can read would say nothing.
  expect(Math.min(bodies, rels)).toBeGreaterThan(5);
});

test('lists of what the parts of a document are', async () => {
  const list = types('application/vnd.ms-word.document.macroEnabled.main+xml', 'word/document.xml');
  const made = await survives(OFFICE, async (seed) =>
    pack({
      '[Content_Types].xml': mutate(bytes(list), createRandom(seed)).toString(),
      '_rels/.rels': relationships(['rId1', 'officeDocument', 'word/document.xml']),
      'word/document.xml': `<w:document xmlns:w="w"><w:body>${text('words')}</w:body></w:document>`,
    }),
  );
  expect(made).toBeGreaterThan(10);
});

test('PDF documents', async () => {
  const source = await PDFDocument.create();
  const page = source.addPage([100, 100]);
  source.addJavaScript('a', 'app.alert(1)');
  await source.attach(bytes('evil'), 'evil.exe');
  const { context } = source;
  const action = { S: 'Launch', F: PDFString.of('evil.exe') };
  const link = context.obj({ Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 9, 9], A: action });
  page.node.set(PDFName.of('Annots'), context.obj([context.register(link)]));
  const whole = await source.save({ useObjectStreams: false });
  expect(await survives('application/pdf', (seed) => mutate(whole, createRandom(seed)))).toBeGreaterThan(10);
});

test.each([
  [
    'image/svg+xml',
    'a.svg',
    '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" onload="a()"><script>evil</script><style>@import "x"; b { c: url(#d) }</style><a x:href="javascript:evil"><text>t &amp; u</text></a><image x:href="//evil"/></svg>',
  ],
  [
    'text/html',
    'a.html',
    '<!doctype html><html><head><meta http-equiv="refresh" content="0; url=//evil"><style>p { background: url(//evil) }</style></head><body onload="a()"><!-- b --><p style="c: u&#114;l(//evil)">x &lt; y<script>evil()</script><svg><script>evil</script></svg><a href="javascript:evil()">l</a><img src="//evil" srcset="a 1x, b 2x"><form action="//evil"><textarea><script></textarea></form></body></html>',
  ],
  [
    'text/html',
    'a.xhtml',
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><style>p { background: url(//evil) }</style></head><body onload="a()"><p style="b: url(//evil)">x</p><script>evil()</script><a href="javascript:evil()">l</a></body></html>',
  ],
])('%s (%s)', async (mime, name, source) => {
  const random = (seed: number) => mutate(bytes(source), createRandom(seed));
  expect(await survives(mime, random, name)).toBeGreaterThan(2);
});

/** A Word document of one piece of text, with the field in it that its table tells of. */
const word = (): Uint8Array => {
  const content = `\x13 DDEAUTO evil \x14shown\x15 and more words`;
  const head = Buffer.alloc(2048);
  head.writeUInt16LE(0xa5ec, 0);
  head.writeUInt16LE(0xc1, 2);
  head.write(content, 1024, 'latin1');
  const list = Buffer.alloc(21);
  list[0] = 2;
  for (const [at, value] of [
    [1, 16],
    [9, content.length],
    [15, (1024 * 2) | 0x4000_0000],
  ] as const)
    list.writeUInt32LE(value, at);
  head.writeUInt32LE(list.length, 0x9a + 33 * 8 + 4);
  const file = CFB.utils.cfb_new();
  CFB.utils.cfb_add(file, '/WordDocument', head);
  CFB.utils.cfb_add(file, '/0Table', list);
  CFB.utils.cfb_add(file, '/Macros/VBA/Module1', Buffer.alloc(500, 'x'));
  return new Uint8Array(CFB.write(file, { type: 'array' }) as unknown as ArrayLike<number>);
};

/** A presentation with all that acts in records: macros, an object that only the directory of its edit leads to, links, and what is clicked. */
const presentation = (): Uint8Array => {
  const record = (type: number, data: Uint8Array, instance = 0, isContainer = false) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE((instance << 4) | (isContainer ? 0xf : 0), 0);
    head.writeUInt16LE(type, 2);
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data]);
  };
  const holder = (type: number, ...inner: Buffer[]) => record(type, Buffer.concat(inner), 0, true);
  const wide = (text: string) => Buffer.from(text, 'utf16le');
  const numbers = (...list: number[]) => Buffer.from(Uint32Array.from(list).buffer);
  const interaction = Buffer.alloc(16);
  interaction[8] = 2;
  const name = wide('\\\\evil\\a.png');
  const picture = Buffer.concat([Buffer.from([0x05, 0xc1]), numbers(name.length), name]);
  const body = holder(
    1000,
    holder(0x3ff, record(0x400, numbers(1, 1, 2))),
    holder(0xff2, record(0xff3, interaction), record(0xfba, wide('evil.exe'))),
    holder(0xfd7, record(0xfba, wide('https://example.org/'), 1)),
    holder(0xfd7, record(0xfba, wide('file:///evil'), 1)),
    holder(0x1005, record(0xfba, wide('\\\\evil\\a.avi'))),
    record(0xf00b, picture, 1),
  );
  const object = record(0x1011, Buffer.from('evil'));
  const hidden = record(0x9999, object);
  const directory = record(0x1772, numbers((1 << 20) | 1, body.length + 8));
  const edit = record(0xff5, numbers(0, 0, 0, body.length + hidden.length, 1, 1, 1));
  const user = Buffer.concat([record(0xff6, numbers(20, 0xe391c05f, body.length + hidden.length + directory.length))]);
  const file = CFB.utils.cfb_new();
  CFB.utils.cfb_add(file, '/PowerPoint Document', Buffer.concat([body, hidden, directory, edit]));
  CFB.utils.cfb_add(file, '/Current User', user);
  return new Uint8Array(CFB.write(file, { type: 'array' }) as unknown as ArrayLike<number>);
};

test.each([
  ['application/msword', word, 2],
  ['application/vnd.ms-powerpoint', presentation, 6],
])('documents up to 2003 (%s)', async (mime, make, count) => {
  const whole = make();
  const { content, removed } = await sanitize(mime, whole, 'document');
  expect(removed).toHaveLength(count);
  for (const evil of ['evil', Buffer.from('evil', 'utf16le')]) expect(Buffer.from(content).includes(evil)).toBe(false);
  expect(await survives(mime, (seed) => mutate(whole, createRandom(seed)))).toBeGreaterThan(10);
});
