import { expect, test } from 'bun:test';
import { inWords, readMade } from './fixtures/read-made';
import { oneNote } from './onenote';
import { rtf } from './rtf';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const sized = (text: string | Buffer) => Buffer.concat([u32(text.length), Buffer.from(text as string)]);

/** What the packager keeps of a file (see ole-package.ts), behind its size. */
const packed = (name: string, content: string) =>
  Buffer.concat([
    Buffer.from(`\x02\0${name}\0C:\\${name}\0\0\0\x03\0`, 'latin1'),
    sized(`C:\\${name}\0`),
    sized(content),
  ]);

/** An embedded object by MS-OLEDS 2.2.5. */
const embedded = (kind: string, native: Buffer) =>
  Buffer.concat([u32(0x501), u32(2), sized(`${kind}\0`), sized(''), sized(''), sized(native)]);
const document = (...objects: string[]) =>
  `{\\rtf1 before ${objects.map((object) => `{\\object\\objemb{\\*\\objdata ${object}}{\\result x}}`).join(' ')} after}`;

test('objects in Rich Text Format come out, and the files of the packager by their names', async () => {
  const file = packed('a.exe', 'hello');
  const text = document(
    embedded('Package', file).toString('hex'),
    embedded('Word', Buffer.from('native')).toString('hex'),
  );
  expect(inWords(await readMade(rtf, text))).toEqual([
    `object-1: ${file.toString('latin1')}`,
    'a.exe: hello',
    'object-2: native',
  ]);
  expect(await readMade(rtf, '{\\rtf1 nothing}')).toEqual([]);
});

test('nothing that Word reads over hides an object', async () => {
  const hex = embedded('Word', Buffer.from('native')).toString('hex').toUpperCase();
  const ways = [
    hex.replace(/(.)/g, '$1\r\n'),
    hex.replace(/^(....)/, '$1\\par \\bedfac3 {\\*\\x}'.replace('3', '')),
    `{}${hex}`,
    `${hex}{\\*`,
  ];
  for (const way of ways) expect(inWords(await readMade(rtf, document(way)))[0]).toStartWith('object-1: native');
  const cut = document(hex).slice(0, -60);
  expect((await readMade(rtf, cut)).length).toBe(1);
});

test('what makes no sense as an object comes out as it is', async () => {
  expect(inWords(await readMade(rtf, document('68656c6c6f')))).toEqual(['object-1: hello']);
  expect(inWords(await readMade(rtf, `{\\rtf1 ${'{\\objdata 41}'.repeat(3)}`))).toEqual([
    'object-1: A',
    'object-2: A',
    'object-3: A',
  ]);
});

test('files in a section of OneNote come out, also the part of one that is cut off', async () => {
  const head = Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex');
  const file = (content: string, size = content.length) =>
    Buffer.concat([
      Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex'),
      u32(size),
      Buffer.alloc(16),
      Buffer.from(content),
    ]);
  const section = Buffer.concat([head, Buffer.alloc(1000), file('one'), Buffer.alloc(77), file('two')]);
  expect(inWords(await readMade(oneNote, section))).toEqual(['file-1: one', 'file-2: two']);
  const cut = Buffer.concat([head, file('three', 9)]);
  expect(inWords(await readMade(oneNote, cut))).toEqual(['file-1: damaged']);
});
