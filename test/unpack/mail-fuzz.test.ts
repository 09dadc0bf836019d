import { expect, test } from 'bun:test';
import * as CFB from 'cfb';
import { pieceInMemory } from '../../src/content/piece';
import { createScratch } from '../../src/content/scratch';
import { cms } from '../../src/unpack/cms';
import { isMember, type Reader } from '../../src/unpack/contract';
import { survives } from '../../src/unpack/fixtures/survives';
import { attachment, attribute, object, properties, property, tnefOf, unicode } from '../../src/unpack/fixtures/tnef';
import { mail } from '../../src/unpack/mail';
import { mbox } from '../../src/unpack/mbox';
import { msg } from '../../src/unpack/msg';
import { pgp } from '../../src/unpack/pgp';
import { tnef } from '../../src/unpack/tnef';
import { written } from '../../src/unpack/written';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const UU = 'begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n';

const MAIL = [
  'Received: from a\r\n\tby b; Thu, 1 Jan 1970\r\nFrom: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"\r\n\r\npreamble',
  '--b\r\nContent-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\r\n\r\nplain\r\n',
  `${UU}--bb\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=C3=BC=\r\n</p>`,
  `--bb--\r\nepilogue\r\n--b\r\nContent-Disposition: attachment; filename*0*=utf-8''%C3%BC; filename*1=.bin`,
  `Content-Transfer-Encoding: base64\r\n\r\n${base64('x'.repeat(300))}`,
  `--b\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(`see\r\n${UU}`)}`,
  '--b\r\nContent-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nX: y\r\n\r\nnested\r\n--d--',
  '--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b\r\nTo: c@d\r\n\r\ninner\r\n--b--\r\n',
].join('\r\n');

/** A signed message whose octets come in pieces of pieces, by RFC 5652 5.1. */
const signed = () => {
  const open = (tag: string, ...inner: string[]) => `${tag}80${inner.join('')}0000`;
  const octets = open('24', '0403616263', open('24', '0403646566'), '0400');
  const content = open('30', '06092a864886f70d010701', open('a0', octets));
  return Buffer.from(open('30', '06092a864886f70d010702', open('a0', open('30', '020101', '3100', content))), 'hex');
};

const message = () => {
  const container = CFB.utils.cfb_new();
  CFB.utils.cfb_add(container, '/__properties_version1.0', Buffer.alloc(32));
  CFB.utils.cfb_add(container, '/__substg1.0_1000001F', Buffer.from('hello', 'utf16le'));
  CFB.utils.cfb_add(container, '/__attach_version1.0_#00000000/__substg1.0_37010102', Buffer.alloc(6000, 'x'));
  CFB.utils.cfb_add(container, '/__attach_version1.0_#00000000/__substg1.0_3701000D/inner', Buffer.from('y'));
  return Buffer.from(CFB.write(container, { type: 'buffer' }) as Uint8Array);
};

const winmail = () =>
  tnefOf(
    attribute(
      1,
      0x9003,
      properties(property(0x1013, 0x102, '<p>hi</p>'), property(0x1009, 0x102, Buffer.alloc(40, 'LZFu'))),
    ),
    ...attachment(
      'one.txt',
      'one',
      properties(unicode(0x3707, 'one of two.txt'), object(0x3701, tnefOf(...attachment('a', 'b')))),
    ),
  );

test.each<[Reader, () => Buffer]>([
  [mail, () => Buffer.from(MAIL)],
  [mbox, () => Buffer.from(`From a Thu Jan  1 00:00:00 1970\n${MAIL}\nFrom b Thu Jan  1 00:00:00 1970\n${MAIL}`)],
  [written, () => Buffer.from(`${UU}=ybegin line=128 size=3 name=x\r\n\x8d\x9e=}\r\n=yend\r\n${UU}`, 'latin1')],
  [tnef, winmail],
  [msg, message],
  [cms, signed],
  [pgp, () => Buffer.from('-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n')],
])('500 mutants end, and leave nothing behind ($id)', async (reader, make) => {
  await survives(reader, make(), 500);
});

/** Reads a container from memory, every member to its end unless told otherwise. Returns how many there are, and their bytes. */
const count = async (reader: Reader, bytes: Buffer, isOpened = true) => {
  const scratch = createScratch('/nonexistent');
  const type = { mime: '', description: '', container: true };
  const passwords = { list: () => [], worked: () => {} };
  const { signal } = new AbortController();
  let [members, troubles, length] = [0, 0, 0];
  for await (const entry of reader.members(pieceInMemory(bytes, scratch), {
    name: 'x',
    type,
    passwords,
    signal,
    scratch,
  })) {
    if (!isMember(entry)) {
      troubles++;
      continue;
    }
    members++;
    if (isOpened) for await (const part of entry.open()) length += part.length;
  }
  return { members, troubles, length };
};

// Work that grew with the square of these would not end within the time of a test.
test('100,000 parts within each other, and as many lines that could be boundaries, are gone through once', async () => {
  const deep = 100_000;
  const parts = Array.from(
    { length: deep },
    (_, i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary="b${i + 1}"\r\n\r\n`,
  );
  const text = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b0"\r\n\r\n${parts.join('')}--b${deep}\r\n\r\n${'--x\r\n'.repeat(deep)}`;
  expect(await count(mail, Buffer.from(text))).toMatchObject({ members: 1, troubles: 0 });
});

test('200,000 beginnings of files without an end are gone through once', async () => {
  const text = `MIME-Version: 1.0\r\n\r\n${'begin 644 x\r\n'.repeat(200_000)}`;
  expect((await count(mail, Buffer.from(text), false)).members).toBe(200_001);
});

test('a header line of 10 MB is not kept, and what follows it is found', async () => {
  const text = `MIME-Version: 1.0\r\nX-Long: ${'x'.repeat(10_000_000)}\r\nContent-Type: text/plain; name=a.txt\r\n\r\nhello`;
  expect(await count(mail, Buffer.from(text))).toEqual({ members: 1, troubles: 0, length: 5 });
});

test('an attachment of 100 MB is read in pieces', async () => {
  const line = `${'QUJD'.repeat(19)}\r\n`;
  const text = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n${line.repeat(1_300_000)}--b--`;
  expect(await count(mail, Buffer.from(text))).toEqual({ members: 1, troubles: 0, length: 57 * 1_300_000 });
});
