import { crc32 } from 'node:zlib';
import type { Piece } from '../content/piece';
import type { FileType } from '../core/findings';
import { createWindow, type Window } from './window';
import { plausibleHeader } from './zip-local';

/** How far from the beginning programs look for an archive that lies behind something, such as the program that unpacks it; they differ, this is more than any. Bytes. */
const REACH = 16 * 1024 * 1024;
/** How much is searched at once. Bytes. */
const STEP = 1024 * 1024;
/** The longest header of RAR and of ARJ that is compared with its checksum. Bytes. */
const HEADER = 4096;

interface Signature {
  bytes: Buffer;
  /** How far before these bytes the archive begins. */
  before: number;
  /** Whether an archive really begins there: the signature alone stands in every program that reads such archives. */
  fits: (window: Window, at: number) => boolean;
}

/** The header's checksum covers the place, size and checksum of the list of members (7zFormat.txt). */
const isSevenZip = (window: Window, at: number): boolean => {
  const head = window.read(at, 32);
  return head.length === 32 && head[6] === 0 && crc32(head.subarray(12)) === head.readUInt32LE(8);
};

/** Up to version 4: the archive's header, whose checksum covers all of it or, with a comment in it, 13 bytes (technical note of RAR 2.02). */
const isOldRar = (window: Window, at: number): boolean => {
  const head = window.read(at + 7, HEADER);
  if (head.length < 13 || head[2] !== 0x73) return false;
  const ends = [head.readUInt16LE(5), 13];
  return ends.some((end) => end >= 13 && (crc32(head.subarray(2, end)) & 0xffff) === head.readUInt16LE(0));
};

/** Version 5: the header of the archive or of its encryption, behind a checksum and its size of up to three bytes (RAR 5.0 archive format). */
const isNewRar = (window: Window, at: number): boolean => {
  const head = window.read(at + 8, HEADER);
  if (head.length < 8) return false;
  const [low = 0, middle = 0, high = 0] = head.subarray(4);
  const width = low < 0x80 ? 1 : middle < 0x80 ? 2 : 3;
  const size = (low & 0x7f) | (width > 1 ? (middle & 0x7f) << 7 : 0) | (width > 2 ? high << 14 : 0);
  return size > 1 && crc32(head.subarray(4, 4 + width + size)) === head.readUInt32LE(0);
};

/** Version 1.3, files and folders in it, and a list of files within its size (MS-CAB 2.1). */
const isCabinet = (window: Window, at: number): boolean => {
  const head = window.read(at, 36);
  if (head.length < 36 || head.readUInt16LE(24) !== 0x103) return false;
  const [size, files] = [head.readUInt32LE(8), head.readUInt32LE(16)];
  return files < size && head.readUInt16LE(26) > 0 && head.readUInt16LE(28) > 0;
};

/** A header of at least 30 bytes with its checksum behind it (technote.txt of ARJ). */
const isArj = (window: Window, at: number): boolean => {
  const size = window.read(at + 2, 2);
  const length = size.length < 2 ? 0 : size.readUInt16LE(0);
  if (length < 30 || length > 2600) return false;
  const head = window.read(at + 4, length + 4);
  return head.length === length + 4 && crc32(head.subarray(0, length)) === head.readUInt32LE(length);
};

/** The sum over the header of level 0 and 1; of level 2 and 3 what stands in their fields (header.doc of LHA for UNIX). */
const isLha = (window: Window, at: number): boolean => {
  const head = window.read(at, 258);
  if (head.length < 24 || !/^-l(h[0-9dx]|z[s45])-$/.test(head.toString('latin1', 2, 7))) return false;
  const [length = 0, sum = 0, level = 0] = [head[0], head[1], head[20]];
  if (level === 2) return head.readUInt16LE(0) >= 26;
  if (level === 3) return head.readUInt16LE(0) === 4;
  const body = head.subarray(2, 2 + length);
  return level < 2 && length >= 20 && (body.reduce((total, byte) => total + byte, 0) & 0xff) === sum;
};

/** Only four flags, and behind the program at a multiple of 512 bytes, where alone that looks (NSIS, "firstheader" in fileform.h and its use). */
const isNsis = (window: Window, at: number): boolean => at % 512 === 0 && (window.read(at, 1)[0] ?? 0xff) < 16;

/** Version 4.0, and a size of blocks and its logarithm that agree (Linux, squashfs_fs.h). */
const isSquashfs = (window: Window, at: number): boolean => {
  const head = window.read(at, 96);
  if (head.length < 96 || head.readUInt32LE(28) !== 4) return false;
  return head.readUInt32LE(12) === 2 ** head.readUInt16LE(22);
};

/** A program that looks for members from the front finds a zip also without its end. */
const isZip = (window: Window, at: number): boolean => {
  const head = window.read(at, 6);
  return head.length === 6 && head.readUInt16LE(4) <= 63 && plausibleHeader(window, at) !== undefined;
};

const signature = (text: string, fits: Signature['fits'], before = 0): Signature => ({
  bytes: Buffer.from(text, 'latin1'),
  before,
  fits,
});
const SIGNATURES: Signature[] = [
  signature('7z\xbc\xaf\x27\x1c', isSevenZip),
  signature('Rar!\x1a\x07\x00', isOldRar),
  signature('Rar!\x1a\x07\x01\x00', isNewRar),
  signature('MSCF\0\0\0\0', isCabinet),
  signature('\x60\xea', isArj),
  signature('-l', isLha, 2),
  signature('\xef\xbe\xad\xdeNullsoftInst', isNsis, 4),
  signature('hsqs', isSquashfs),
];

/** Scripts that unpack themselves have packed data behind their last line. */
const always = () => true;
const BEHIND_SCRIPTS: Signature[] = [
  signature('\n\x1f\x8b\x08', always, -1),
  signature('\nBZh', (window, at) => window.read(at + 4, 6).toString('latin1') === '1AY&SY', -1),
  signature('\n\xfd7zXZ\0', always, -1),
  signature('\n\x28\xb5\x2f\xfd', always, -1),
];

/** In pictures, sound and films there is no zip but one that somebody hid there. */
const IN_MEDIA: Signature[] = [signature('PK\x03\x04', isZip)];
const MEDIA = /^(image|audio|video|font)\//;

const signaturesFor = ({ mime }: FileType, window: Window): Signature[] => [
  ...SIGNATURES,
  ...(window.read(0, 2).toString('latin1') === '#!' ? BEHIND_SCRIPTS : []),
  ...(MEDIA.test(mime) ? IN_MEDIA : []),
];

/** More than any signature is long. Bytes. */
const OVERLAP = 32;

/** Where the first archive begins that lies behind something else in a piece; undefined when there is none within reach. */
export const startOfEmbedded = (piece: Piece, type: FileType): number | undefined => {
  const window = createWindow(piece);
  const signatures = signaturesFor(type, window);
  const end = Math.min(piece.size, REACH);
  for (let from = 0; from < end; from += STEP) {
    const ahead = window.scan(from, STEP + OVERLAP);
    let found: number | undefined;
    for (const { bytes, before, fits } of signatures) {
      const last = found ?? from + STEP;
      for (let at = ahead.indexOf(bytes); at >= 0; at = ahead.indexOf(bytes, at + 1)) {
        const start = from + at - before;
        if (start >= last) break;
        if (start <= 0 || !fits(window, start)) continue;
        found = start;
        break;
      }
    }
    if (found !== undefined) return found;
  }
  return undefined;
};
