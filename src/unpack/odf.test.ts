import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { libreOffice, PASSWORD } from './fixtures/libreoffice';
import { entryOf, makeWholesome, manifestOf } from './fixtures/odf';
import { readBytes, type Told } from './fixtures/read-bytes';
import { makeZip } from './fixtures/zip-maker';
import { createOpenDocument } from './odf';
import { createLoadSevenZip } from './sevenzip-load';
import { createZip } from './zip';

// Each key takes 100,000 rounds or more, on machines of every speed.
setDefaultTimeout(60_000);

const odf = createOpenDocument(createZip(createLoadSevenZip()));
const read = (bytes: Uint8Array, passwords: string[] = []) => readBytes(odf, bytes, passwords);
const one = (told: Told[], name: string) => told.find((each) => each.name === name);
const MANIFEST = 'META-INF/manifest.xml';

describe.each([
  ['locked.odt', 'letter'],
  ['locked.ods', 'sheet'],
  ['blowfish.odt', 'letter'],
] as const)('%s of LibreOffice', (file, what) => {
  test('opens with its password, among others', async () => {
    const told = await read(libreOffice(file), ['wrong', PASSWORD]);
    expect(one(told, 'content.xml')?.content).toContain(`the words of a ${what}`);
    expect(told.filter(({ why }) => why !== undefined)).toEqual([]);
  });

  test('is encrypted without a password and with a wrong one, but for what is not', async () => {
    for (const passwords of [[], ['wrong', 'pass word']]) {
      const told = await read(libreOffice(file), passwords);
      expect(told.filter(({ why }) => why === 'encrypted').map(({ name }) => name)).toContain('content.xml');
      expect(one(told, 'mimetype')?.content).toStartWith('application/vnd.oasis');
      expect(JSON.stringify(told)).not.toContain('pass word');
    }
  });
});

test('a document that is encrypted as a whole comes out as one', async () => {
  const inner = makeZip([{ name: 'content.xml', content: 'the words of a letter' }]);
  const bytes = makeWholesome(inner, PASSWORD);
  const opened = one(await read(bytes, ['wrong', PASSWORD]), 'encrypted-package');
  expect(Buffer.from(opened?.content ?? '', 'latin1').equals(inner)).toBe(true);
  expect(one(await read(bytes, ['wrong']), 'encrypted-package')).toMatchObject({ why: 'encrypted', content: '' });
});

test('a document that does not begin with its kind is one all the same', async () => {
  const [plain] = await read(libreOffice('locked.odt'));
  expect(plain?.name).toBe('mimetype');
  const told = await read(libreOffice('locked.odt'));
  const lock = one(told, MANIFEST)?.content ?? '';
  const bytes = makeZip([
    { name: 'a.txt', content: 'hello' },
    { name: 'content.xml', content: Buffer.alloc(1792, 7) },
    { name: MANIFEST, content: lock },
  ]);
  expect(await read(bytes, [PASSWORD])).toMatchObject([{ content: 'hello' }, { why: 'encrypted' }, { content: lock }]);
});

test('a damaged file under the right password is told from one under another', async () => {
  const sound = libreOffice('locked.odt');
  const styles = one(await read(sound, [PASSWORD]), 'styles.xml')?.content ?? '';
  const at = sound.indexOf('styles.xml') + 'styles.xml'.length;
  const bytes = Buffer.from(sound);
  // Behind what the checksum is over.
  bytes.writeUInt8(bytes.readUInt8(at + 2000) ^ 0xff, at + 2000);
  const told = one(await read(bytes, [PASSWORD]), 'styles.xml');
  expect(told?.why).toBe('damaged');
  expect(styles).toStartWith(told?.content ?? 'nothing');
});

const CBC = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc';
const IV = Buffer.alloc(16).toString('base64');
const algorithm = (name: string) =>
  `<manifest:algorithm manifest:algorithm-name="${name}" manifest:initialisation-vector="${IV}"/>`;
const derivation = (name: string, more = 'manifest:iteration-count="1" manifest:salt="AAAAAAAAAAAAAAAAAAAAAA=="') =>
  `<manifest:key-derivation manifest:key-derivation-name="${name}" ${more}/>`;
const CHECKED = ' manifest:checksum-type="SHA1/1K" manifest:checksum="AAAA"';

test.each([
  ['a cipher', entryOf('a', 5, algorithm('rot13') + derivation('PBKDF2'), CHECKED)],
  ['a way of making a key', entryOf('a', 5, algorithm(CBC) + derivation('scrypt'), CHECKED)],
  ['a key for others', entryOf('a', 5, algorithm(CBC) + derivation('PGP'), CHECKED)],
  ['no checksum', entryOf('a', 5, algorithm(CBC) + derivation('PBKDF2'))],
  ['nothing at all', entryOf('a', 5, '')],
  [
    'more rounds than anybody waits for',
    entryOf('a', 5, algorithm(CBC) + derivation('PBKDF2', 'manifest:iteration-count="4000000000"'), CHECKED),
  ],
])('%s that is not known here is encrypted, never plain', async (_, entry) => {
  const bytes = makeZip([
    { name: 'a', content: 'x'.repeat(64) },
    { name: MANIFEST, content: manifestOf(entry) },
  ]);
  expect((await read(bytes, [PASSWORD]))[0]).toMatchObject({ name: 'a', content: '', why: 'encrypted' });
});

test('a manifest that cannot be read to its end is a trouble, and what it said before counts', async () => {
  const entry = entryOf('a', 5, algorithm(CBC) + derivation('PBKDF2'), CHECKED);
  const bytes = makeZip([
    { name: 'a', content: 'x'.repeat(64) },
    { name: MANIFEST, content: `${manifestOf(entry).replace('</manifest:manifest>', '')}<broken` },
  ]);
  const told = await read(bytes, [PASSWORD]);
  expect(told[0]).toMatchObject({ name: 'a', why: 'encrypted' });
  expect(told.at(-1)).toMatchObject({ why: 'damaged' });
});
