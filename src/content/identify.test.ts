import { describe, expect, test } from 'bun:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { createIdentify } from './identify';

const identify = createIdentify();
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

/** The local header of a zip's member (APPNOTE.TXT 4.3.7), and its bytes. */
const member = (name: string, flags = 0, content = '') => {
  const data = deflateRawSync(content);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), data]);
};

/** The header of a file in a tar before POSIX, which has no signature but a checksum. */
const oldTar = (name: string, size: number): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\x000000000\x000000000\0', 100, 'latin1');
  header.write(`${size.toString(8).padStart(11, '0')} 14000000000 `, 124);
  header.write('        ', 148);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
};

describe('the type of a file, by its content', () => {
  test.each([
    ['nothing', bytes(), 'inode/x-empty', false],
    ['text', bytes('hello\nworld\n'), 'text/plain', false],
    ['text with accents', Buffer.from('ein schöner Tag'), 'text/plain', false],
    ['UTF-16 text', Buffer.from('\uFEFFhello', 'utf16le'), 'text/plain', false],
    ['UTF-16 HTML without a mark', Buffer.from('<!DOCTYPE html><p>', 'utf16le'), 'text/html', false],
    ['the same with its high bytes first', Buffer.from('<?xml version="1.0"?>', 'utf16le').swap16(), 'text/xml', false],
    ['HTML', bytes('\n<!DOCTYPE HTML><p>'), 'text/html', false],
    ['HTML behind a byte order mark', Buffer.from('\uFEFF<html>'), 'text/html', false],
    ['JSON', bytes('{"a": 1}'), 'application/json', false],
    ['a CSS rule is not JSON', bytes('{color: red}'), 'text/plain', false],
    ['a script', bytes('#!/bin/sh\n'), 'text/x-script', false],
    ['SVG', bytes('<?xml version="1.0"?><!-- x --><svg>'), 'image/svg+xml', false],
    ['mail', bytes('From: a@b.c\r\nTo: d@e.f\r\nSubject: x\r\n\r\nhi'), 'message/rfc822', true],
    ['a letter that begins like mail', bytes('From: me\nDear all,\nplease read on\n'), 'text/plain', false],
    ['PNG', bytes([0x89], 'PNG\r\n', [0x1a], '\n'), 'image/png', false],
    ['PDF', bytes('%PDF-1.7\n'), 'application/pdf', false],
    ['gzip', gzipSync('x'), 'application/gzip', true],
    ['7z', bytes('7z', [0xbc, 0xaf, 0x27, 0x1c]), 'application/x-7z-compressed', true],
    ['tar', bytes('name'.padEnd(257, '\0'), 'ustar\0'), 'application/x-tar', true],
    ['ISO', bytes(Array(0x8001).fill(0), 'CD001'), 'application/x-iso9660-image', true],
    ['zip', member('a.txt'), 'application/zip', true],
    ['an empty zip', bytes('PK', [5, 6], Array(18).fill(0)), 'application/zip', true],
    [
      'docx',
      Buffer.concat([member('[Content_Types].xml'), member('word/document.xml')]),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      true,
    ],
    ['zip behind other data', Buffer.concat([bytes([0, 1, 2]), member('a.txt', 0, 'x')]), 'application/zip', true],
    [
      'zip behind a script',
      Buffer.concat([bytes('#!/bin/sh\n'), member('a.txt', 0, 'x')]),
      'text/x-shellscript',
      false,
    ],
    [
      'the mark of a zip alone',
      bytes([0, 1, 2], 'PK', [3, 4], Array(60).fill(0xee)),
      'application/octet-stream',
      false,
    ],
    [
      'a tar of old in which a zip lies first',
      Buffer.concat([oldTar('a.zip', 200), member('a.txt', 0, 'x'.repeat(100)), Buffer.alloc(1024)]),
      'application/x-tar',
      true,
    ],
    ['the first part of a split zip', bytes('PK', [7, 8], 'PK', [3, 4], Array(60).fill(0)), 'application/zip', true],
    [
      'OpenDocument whose mimetype is packed',
      Buffer.concat([member('mimetype'), member('META-INF/manifest.xml')]),
      'application/vnd.oasis.opendocument',
      true,
    ],
    ['jar', member('META-INF/MANIFEST.MF'), 'application/java-archive', true],
    [
      'OLE',
      bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], Array(600).fill(0)),
      'application/x-ole-storage',
      false,
    ],
    ['binary that nobody knows', bytes([1, 2, 3, 0, 200, 201, 255, 254]), 'application/octet-stream', false],
  ])('%s', async (_, head, mime, container) => {
    expect(await identify(head)).toMatchObject({ mime, container });
  });

  test.each([
    ['with folded lines of its way here', 'Received: from a (b)\r\n\tby c; Thu, 1 Jan 1970\r\nSubject: x\r\n\r\n'],
    ['behind a byte order mark', '\xef\xbb\xbfReturn-Path: <a@b>\r\nFrom: a@b\r\n\r\n'],
    ['behind blank lines', '\r\n\r\nFrom: a@b\r\nTo: c@d\r\n\r\n'],
    ['with a line that a gateway put before it', '>From a@b Thu Jan 1 1970\nReceived: from a\nSubject: x\n\n'],
    ['with nothing but a header', 'From: a@b\nTo: c@d\nSubject: x'],
    ['with fields that nobody knows before those that tell', `${'X-Unknown: y\n'.repeat(1000)}MIME-Version: 1.0\n\n`],
    ['with a line that does not belong there', 'Received: from a\nnonsense\nSubject: x\n\n'],
    ['with bytes that no text has', 'MIME-Version: 1.0\nContent-Transfer-Encoding: binary\n\n\0\x01\x02'],
    ['with lines that end with CR', 'From: a@b\rTo: c@d\r\rhi'],
    ['that begins with its type, as what is signed does', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b'],
  ])('mail %s', async (_, text) => {
    expect(await identify(bytes(text))).toMatchObject({ mime: 'message/rfc822', container: true });
  });

  test.each([
    ['a letter', 'Dear Bob,\nFrom: me\nTo: you\n'],
    ['settings', 'from: a\nto: b\nname: c\n'],
    ['a package description', 'Package: x\nVersion: 1\nDate: today\nDescription: y\n\n'],
    ['a log', '12:00:01 started\n12:00:02 From: a\n'],
    ['a script', '#!/bin/sh\nFrom: a\nTo: b\n'],
    ['words', 'From here to there, 12:00 in 2020\n'],
  ])('%s is not mail', async (_, text) => {
    expect((await identify(bytes(text))).container).toBe(false);
  });

  test('a mailbox is told by the line before its first message', async () => {
    const mailbox = { mime: 'application/mbox', container: true };
    expect(await identify(bytes('From a@b Thu Jan  1 00:00:00 1970\n\n'))).toMatchObject(mailbox);
    expect(await identify(bytes('From a@b\nReceived: from a\nSubject: x\n\n'))).toMatchObject(mailbox);
  });

  test.each([
    ['winmail.dat', bytes([0x78, 0x9f, 0x3e, 0x22, 1, 0]), 'application/vnd.ms-tnef'],
    ['uuencoded', bytes('begin 644 x.txt\n#0V%T\n'), 'text/x-uuencode'],
    ['uuencoded as base64', bytes('begin-base64 644 x.txt\nQ2F0\n====\n'), 'text/x-uuencode'],
    ['yEnc', bytes('=ybegin line=128 size=3 name=x\r\n', [1, 2, 3]), 'text/x-yenc'],
  ])('what is sent in mail: %s', async (_, head, mime) => {
    expect(await identify(head)).toMatchObject({ mime, container: true });
  });

  test('an encrypted zip is told by its first member', async () => {
    expect(await identify(member('secret.txt', 1))).toMatchObject({ mime: 'application/zip', encrypted: 'archive' });
    expect((await identify(member('open.txt', 0))).encrypted).toBeUndefined();
  });

  test('a Windows executable needs both of its signatures, and its pointer may point anywhere', async () => {
    const pe = Buffer.alloc(0x100);
    pe.write('MZ');
    pe.writeUInt32LE(0x80, 0x3c);
    pe.write('PE\0\0', 0x80);
    expect((await identify(pe)).mime).toBe('application/vnd.microsoft.portable-executable');
    pe.writeUInt32LE(0xffff_ffff, 0x3c);
    expect((await identify(pe)).mime).not.toBe('application/vnd.microsoft.portable-executable');
  });

  test('a character cut in two by the end of the sample does not make text binary', async () => {
    for (let n = 4090; n < 4100; n++) {
      expect((await identify(Buffer.from('ä'.repeat(5000)).subarray(0, 8000 + n - 4090)))?.mime).toBe('text/plain');
    }
    expect(
      (await identify(Buffer.concat([Buffer.from('x'.repeat(4095)), Buffer.from('ä'), Buffer.from('y'.repeat(99))])))
        .mime,
    ).toBe('text/plain');
  });

  test('text with a NUL is not text', async () => {
    expect((await identify(bytes('hello\0world'))).mime).not.toBe('text/plain');
  });
});

describe('images and archives that are hardly ever met', () => {
  const at = (place: number, text: string, length = 2048) => {
    const head = Buffer.alloc(length);
    head.write(text, place, 'latin1');
    return head;
  };
  test.each([
    ['SquashFS', at(0, 'hsqs'), 'application/x-squashfs'],
    ['a virtual disk', at(0, 'vhdxfile'), 'application/x-vhdx'],
    ['NTFS', at(3, 'NTFS    '), 'application/x-ntfs-image'],
    ['exFAT', at(3, 'EXFAT   '), 'application/x-exfat-image'],
    ['a disk with GPT', at(512, 'EFI PART\0\0\x01\0'), 'application/x-gpt-image'],
    ['a raw disc', at(0, '\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0'), 'application/x-raw-disc'],
    ['ACE', at(7, '**ACE**'), 'application/x-ace'],
    ['StuffIt', at(10, 'rLau'), 'application/x-stuffit'],
    ['mail folders of Outlook', at(0, '!BDN'), 'application/vnd.ms-outlook-pst'],
    ['BinHex', bytes('(This file must be converted with BinHex 4.0)\n'), 'application/mac-binhex40'],
  ])('%s holds others', async (_, head, mime) => {
    expect(await identify(head)).toMatchObject({ mime, container: true });
  });

  test.each([
    ['LUKS', at(0, 'LUKS\xba\xbe'), 'archive'],
    ['BitLocker', at(3, '-FVE-FS-'), 'archive'],
    ['age', bytes('age-encryption.org/v1\n-> X25519 abc\n'), 'document'],
    ['OpenSSL', at(0, 'Salted__'), 'document'],
  ] as const)('%s is encrypted', async (_, head, encrypted) => {
    expect(await identify(head)).toMatchObject({ encrypted });
  });

  test('a boot sector needs a table in which all makes sense', async () => {
    const disk = Buffer.alloc(2048);
    disk.writeUInt16LE(0xaa55, 510);
    expect((await identify(disk)).container).toBe(false);
    Buffer.from([0x80, 0, 2, 0, 0x83, 0, 3, 0, 64, 0, 0, 0, 1, 0, 0, 0]).copy(disk, 446);
    expect(await identify(disk)).toMatchObject({ mime: 'application/x-mbr-image', container: true });
    disk[470] = 7;
    expect((await identify(disk)).container).toBe(false);
  });

  test('words that begin like one are text', async () => {
    for (const text of ['CWS is short for', 'RZIP and LZIP', 'SIT! said he', 'StuffIt is a program', 'hsq'])
      expect((await identify(Buffer.from(text))).mime).toBe('text/plain');
  });

  test('a mail whose first field fills all that is seen is one, and other text of one line is not', async () => {
    const long = 'a'.repeat(70_000);
    expect(await identify(Buffer.from(`X-Long: ${long}`).subarray(0, 65_536))).toMatchObject({
      mime: 'message/rfc822',
    });
    const many = Array.from({ length: 9000 }, (_, i) => `X-${i}: y\r\n`).join('');
    expect(await identify(Buffer.from(many).subarray(0, 65_536))).toMatchObject({ mime: 'message/rfc822' });
    for (const text of [`data:image/png;base64,${long}`, `X-Long: ${long.slice(0, 5000)}`])
      expect((await identify(Buffer.from(text).subarray(0, 65_536))).mime).toBe('text/plain');
  });
});
