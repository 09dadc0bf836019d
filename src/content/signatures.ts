import type { FileType } from '../core/findings';
import { IMAGES, identifyNumbers, UNREAD } from './archives';
import { identifySealed } from './sealed';

type Signature = [offset: number, bytes: string, type: FileType];

const plain = (mime: string, description: string): FileType => ({ mime, description, container: false });
const container = (mime: string, description: string): FileType => ({ mime, description, container: true });

/**
 * Formats that their first bytes alone decide; the others are left to libmagic, which knows thousands but takes a hundred times as long.
 * Bytes as Latin-1. Sources: the formats' own specifications, as collected in libmagic's database.
 */
const SIGNATURES: Signature[] = [
  [0, '\x89PNG\r\n\x1a\n', plain('image/png', 'PNG image')],
  [0, '\xff\xd8\xff', plain('image/jpeg', 'JPEG image')],
  [0, 'GIF87a', plain('image/gif', 'GIF image')],
  [0, 'GIF89a', plain('image/gif', 'GIF image')],
  // Word takes whatever begins so.
  [0, '{\\rt', plain('application/rtf', 'Rich Text Format')],
  [0, '%PDF-', plain('application/pdf', 'PDF document')],
  [0, '\x7fELF', plain('application/x-elf', 'ELF executable or library')],
  [0, '\x1f\x8b', container('application/gzip', 'gzip compressed data')],
  [0, 'BZh', container('application/x-bzip2', 'bzip2 compressed data')],
  [0, '\xfd7zXZ\0', container('application/x-xz', 'XZ compressed data')],
  [0, '\x28\xb5\x2f\xfd', container('application/zstd', 'Zstandard compressed data')],
  [0, '\x04\x22\x4d\x18', container('application/x-lz4', 'LZ4 compressed data')],
  [0, '7z\xbc\xaf\x27\x1c', container('application/x-7z-compressed', '7-Zip archive')],
  [0, 'Rar!\x1a\x07', container('application/vnd.rar', 'RAR archive')],
  [0, 'MSCF\0\0\0\0', container('application/vnd.ms-cab-compressed', 'Cabinet archive')],
  [0, '\xed\xab\xee\xdb', container('application/x-rpm', 'RPM package')],
  [0, '!<arch>\ndebian', container('application/vnd.debian.binary-package', 'Debian package')],
  [0, '!<arch>\n', container('application/x-archive', 'ar archive')],
  [0, '070701', container('application/x-cpio', 'cpio archive')],
  [0, '070702', container('application/x-cpio', 'cpio archive')],
  [0, '070707', container('application/x-cpio', 'cpio archive')],
  [0, '\x1f\x9d', container('application/x-compress', 'compress(1) data')],
  [0, '\x02\x21\x4c\x18', container('application/x-lz4', 'LZ4 compressed data')],
  [0, 'ITSF\x03\0\0\0', container('application/vnd.ms-htmlhelp', 'Compiled HTML help')],
  [0, 'MSWIM\0\0\0', container('application/x-ms-wim', 'Windows image')],
  [0, 'xar!', container('application/x-xar', 'XAR archive')],
  [257, 'ustar', container('application/x-tar', 'tar archive')],
  [0, '\x78\x9f\x3e\x22', container('application/vnd.ms-tnef', 'TNEF attachment')],
  [
    0,
    '\x76\xe8\x04\x60\xc4\x11\xe3\x86',
    { ...container('application/x-microsoft-rpmsg-message', 'Message under rights management'), encrypted: 'document' },
  ],
  [0, '=ybegin ', container('text/x-yenc', 'File written as text (yEnc)')],
  [0x8001, 'CD001', container('application/x-iso9660-image', 'ISO 9660 image')],
  [0x8001, 'BEA01', container('application/x-udf-image', 'UDF image')],
  [1024, 'H+\0\x04', container('application/x-hfs-image', 'HFS Plus image')],
  [1024, 'HX\0\x05', container('application/x-hfs-image', 'HFS Plus image')],
  [32, 'NXSB', container('application/x-apfs-image', 'APFS image')],
  [0, 'wOFF', plain('font/woff', 'WOFF font')],
  [0, 'wOF2', plain('font/woff2', 'WOFF2 font')],
  [0, '\0asm', plain('application/wasm', 'WebAssembly module')],
  [0, 'SQLite format 3\0', plain('application/vnd.sqlite3', 'SQLite database')],
  [0, 'OggS', plain('application/ogg', 'Ogg media')],
  [0, 'fLaC', plain('audio/flac', 'FLAC audio')],
  [0, 'ID3', plain('audio/mpeg', 'MP3 audio')],
  [4, 'ftyp', plain('video/mp4', 'MP4 or QuickTime media')],
  [0, '\x1a\x45\xdf\xa3', plain('video/x-matroska', 'Matroska or WebM media')],
  [8, 'WEBPVP8', plain('image/webp', 'WebP image')],
  [8, 'WAVEfmt ', plain('audio/x-wav', 'WAV audio')],
  [8, 'AVI LIST', plain('video/x-msvideo', 'AVI video')],
  [0, 'II*\0', plain('image/tiff', 'TIFF image')],
  [0, 'MM\0*', plain('image/tiff', 'TIFF image')],
  [0, '\0\x01\0\0\0', plain('font/ttf', 'TrueType font')],
  [0, 'OTTO', plain('font/otf', 'OpenType font')],
  // The document's container, with which the stream begins (MS-PPT 2.4.1); libmagic takes it for a font.
  [0, '\x0f\0\xe8\x03', plain('application/x-powerpoint-stream', 'Stream of a PowerPoint 97-2003 presentation')],
  [0, '\xde\x12\x04\x95\0\0\0\0', plain('application/x-gettext-translation', 'GNU message catalog')],
  ...IMAGES,
  ...UNREAD,
];

const fits = (head: Uint8Array, offset: number, bytes: string): boolean => {
  if (head.length < offset + bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (head[offset + i] !== bytes.charCodeAt(i)) return false;
  return true;
};

const OPEN_DOCUMENT = container('application/vnd.oasis.opendocument', 'OpenDocument file');

/** How a zip's member begins, from its name on, that tells a format built on zip; the first format that one of the first members fits. */
const ON_ZIP: [string, FileType][] = [
  ['mimetypeapplication/vnd.oasis.opendocument.', OPEN_DOCUMENT],
  ['mimetypeapplication/epub+zip', container('application/epub+zip', 'EPUB book')],
  [
    'word/',
    container('application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'Microsoft Word document'),
  ],
  ['xl/', container('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'Microsoft Excel workbook')],
  [
    'ppt/',
    container(
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      'Microsoft PowerPoint presentation',
    ),
  ],
  // A document whose mimetype was compressed, against the rule, opens all the same (OpenDocument 1.3 part 2, 3.2 and 3.3).
  ['META-INF/manifest.xml', OPEN_DOCUMENT],
  ['META-INF/', container('application/java-archive', 'Java archive')],
];

/** Where names begin behind the local headers in the beginning of a zip (APPNOTE.TXT 4.3.7). */
const namesIn = (beginning: Buffer): number[] => {
  const names: number[] = [];
  for (let at = beginning.indexOf('PK\x03\x04'); at >= 0; at = beginning.indexOf('PK\x03\x04', at + 4))
    names.push(at + 30);
  return names;
};

// Bit 0 of a member's general purpose flag (APPNOTE.TXT 4.4.4), two bytes after the version in a local header.
const firstMemberEncrypted = (head: Uint8Array) => ((head[6] ?? 0) & 1) === 1;

const identifyZip = (head: Uint8Array): FileType => {
  const beginning = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16_384));
  const names = namesIn(beginning);
  const format = ON_ZIP.find(([start]) => names.some((at) => fits(beginning, at, start)));
  const type = format?.[1] ?? container('application/zip', 'Zip archive');
  return firstMemberEncrypted(head) ? { ...type, encrypted: 'archive' } : type;
};

/** A zip's first bytes: a member, no member at all, and the mark of a split archive (APPNOTE.TXT 8.5.3) in front of a member. */
const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08PK\x03\x04', 'PK00PK\x03\x04'];

// A zip may lie behind anything, such as a program that unpacks it. A header that any program reads asks for version 6.3 at most
// (APPNOTE.TXT 4.4.3) and has a name.
const isHeader = (head: Uint8Array, at: number): boolean => {
  const [version = 0xff, system = 0xff, nameLow = 0, nameHigh = 0] = [4, 5, 26, 27].map((i) => head[at + i]);
  return version <= 63 && system === 0 && nameLow + nameHigh > 0;
};

/** Tells a zip that lies behind something; it may also be one that lies unpacked in another container. */
export const identifyZipBehind = (head: Uint8Array): FileType | undefined => {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  for (let at = bytes.indexOf('PK\x03\x04'); at >= 0; at = bytes.indexOf('PK\x03\x04', at + 4)) {
    if (isHeader(head, at)) return container('application/zip', 'Zip archive behind other data');
  }
  return undefined;
};

// The MS-DOS header's word at 0x3c points at the signature of the Windows header (PE format, "MS-DOS Stub").
const isPe = (head: Uint8Array): boolean => {
  if (!fits(head, 0, 'MZ') || head.length < 0x40) return false;
  return fits(head, new DataView(head.buffer, head.byteOffset).getUint32(0x3c, true), 'PE\0\0');
};

/** Tells a format by its first bytes; undefined when they do not decide. */
export const identifySignature = (head: Uint8Array): FileType | undefined => {
  if (isPe(head)) return plain('application/vnd.microsoft.portable-executable', 'Windows executable');
  if (ZIP_STARTS.some((start) => fits(head, 0, start))) return identifyZip(head);
  return (
    SIGNATURES.find(([offset, bytes]) => fits(head, offset, bytes))?.[2] ??
    identifySealed(head) ??
    identifyNumbers(head)
  );
};
