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
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), data]);
};

describe('the type of a file, by its content', () => {
  test.each([
    ['nothing', bytes(), 'inode/x-empty', false],
    ['text', bytes('hello\nworld\n'), 'text/plain', false],
    ['text with accents', Buffer.from('ein schöner Tag'), 'text/plain', false],
    ['UTF-16 text', Buffer.from('\uFEFFhello', 'utf16le'), 'text/plain', false],
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
