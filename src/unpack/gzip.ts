import { crc32 } from 'node:zlib';
import { inflateWhole } from './zip-inflate';

/** What is larger than this, unpacked, is streamed elsewhere. Bytes. */
const MOST = 1024 * 1024;
const HEADER = 10;
const TRAILER = 8;

const [FHCRC, FEXTRA, FNAME, FCOMMENT, RESERVED] = [2, 4, 8, 16, 0xe0];

/** Where the packed data begins (RFC 1952, 2.3); undefined in a header that is not whole or sets what is reserved. */
const startOf = (file: Buffer): number | undefined => {
  const flags = file.readUInt8(3);
  if ((flags & RESERVED) !== 0) return undefined;
  let at = HEADER;
  if ((flags & FEXTRA) !== 0) at += 2 + file.readUInt16LE(at);
  for (const text of [FNAME, FCOMMENT]) {
    if ((flags & text) === 0) continue;
    const end = file.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if ((flags & FHCRC) !== 0) at += 2;
  return at;
};

/**
 * What a small gzip file holds, when it is one stream, whole and right, with nothing behind it; undefined for every other. A process of
 * its own, as for those, would cost a hundred times as much.
 */
export const gunzipSmall = (whole: Uint8Array): Uint8Array | undefined => {
  const file = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
  if (file.length < HEADER + TRAILER || file.readUInt32BE(0) >>> 8 !== 0x1f8b08) return undefined;
  const end = file.length - TRAILER;
  const size = file.readUInt32LE(end + 4);
  if (size > MOST) return undefined;
  try {
    const start = startOf(file);
    if (start === undefined || start > end) return undefined;
    const { bytes, used } = inflateWhole(file.subarray(start, end), size);
    const isWhole = start + used === end && bytes.length === size && crc32(bytes) === file.readUInt32LE(end);
    return isWhole ? bytes : undefined;
  } catch {
    // It is damaged, or more than it says: what can be read of it comes by the other way.
    return undefined;
  }
};
