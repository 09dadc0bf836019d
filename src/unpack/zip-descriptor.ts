import type { Window } from './window';
import { DESCRIPTOR } from './zip-record';

/** The four forms of a data descriptor (APPNOTE.TXT 4.3.9): where the checksum and the size are, the width of sizes, its length. Bytes. */
const FORMS = [
  { signed: true, size: 12, wide: false, length: 16 },
  { signed: true, size: 16, wide: true, length: 24 },
  { signed: false, size: 8, wide: false, length: 12 },
  { signed: false, size: 12, wide: true, length: 20 },
];

/** How long the data descriptor at a place is; undefined when none is there that fits the content. */
export const descriptorLength = (
  window: Window,
  at: number,
  content: { crc: number; size: number },
): number | undefined => {
  const bytes = window.read(at, 24);
  const isSigned = bytes.subarray(0, 4).equals(DESCRIPTOR);
  const form = FORMS.find(({ signed, size, wide, length }) => {
    if (bytes.length < length || (signed && !isSigned)) return false;
    if (bytes.readUInt32LE(signed ? 4 : 0) !== content.crc) return false;
    return wide
      ? bytes.readBigUInt64LE(size) === BigInt(content.size)
      : bytes.readUInt32LE(size) === content.size >>> 0;
  });
  return form?.length;
};
