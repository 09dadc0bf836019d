import type { Piece } from '../content/piece';
import type { Member, Reader } from './contract';
import { kept } from './kept';
import { linesOf, rangeOf } from './lines';
import { findPacked, LONGEST_HEAD } from './ole-package';

const OBJECT = '\\objdata';
const [OPEN, CLOSE, BACKSLASH] = [0x7b, 0x7d, 0x5c];
const NO_DIGIT = 16;
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, letter] of [...'0123456789abcdef'].entries()) {
  DIGITS[letter.charCodeAt(0)] = value;
  DIGITS[letter.toUpperCase().charCodeAt(0)] = value;
}
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/**
 * The bytes of an object, which stand in hexadecimal digits up to the end of their group (RTF 1.9.1, "Objects"). As Word does it, control words and
 * whatever is no digit count for nothing.
 * @param ended is told how far it goes
 */
async function* decoded(text: AsyncIterable<Uint8Array>, ended: (length: number) => void): AsyncGenerator<Uint8Array> {
  let depth = 0;
  let before = 0;
  let half = -1;
  let isWord = false;
  for await (const chunk of text) {
    const out = new Uint8Array((chunk.length >> 1) + 1);
    let length = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (isWord && isLetter(byte)) continue;
      isWord = byte === BACKSLASH;
      if (byte === OPEN) depth++;
      if (byte === CLOSE && depth-- === 0) {
        ended(before + i);
        yield out.subarray(0, length);
        return;
      }
      const digit = DIGITS[byte] as number;
      if (digit === NO_DIGIT) continue;
      if (half >= 0) out[length++] = (half << 4) | digit;
      half = half >= 0 ? -1 : digit;
    }
    before += chunk.length;
    ended(before);
    yield out.subarray(0, length);
  }
}

/** Where the native data of an embedded object begins: behind its version, its kind, and three names with their lengths (MS-OLEDS 2.2.4 and 2.2.5). */
const nativeAt = (head: Buffer): number | undefined => {
  let at = 8;
  for (let name = 0; name < 3; name++) {
    if (at + 4 > head.length) return undefined;
    at += 4 + head.readUInt32LE(at);
  }
  return at + 4 <= head.length ? at : undefined;
};

async function* membersOf(object: Piece, number: number, signal: AbortSignal): AsyncGenerator<Member> {
  const bytes = object.bytes(0, LONGEST_HEAD);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const native = nativeAt(head);
  const start = native === undefined ? 0 : native + 4;
  yield { name: `object-${number}`, open: () => rangeOf(object, start, object.size, signal) };
  if (native === undefined) return;
  const packed = findPacked(head.subarray(native), object.size - native);
  if (packed === undefined) return;
  const { name, start: from, end } = packed;
  yield { name, size: end - from, open: () => rangeOf(object, native + from, native + end, signal) };
}

/** The objects that are embedded in a document in Rich Text Format, and the files in those of the packager. */
export const rtf: Reader = {
  id: 'rtf',
  reads: ({ mime }) => mime === 'application/rtf',
  members: async function* (container, { signal, scratch }) {
    const { indexOf } = linesOf(container, container.size, signal);
    let from = 0;
    for (let n = 1; ; n++) {
      const at = await indexOf(OBJECT, from);
      if (at < 0) return;
      const start = at + OBJECT.length;
      from = start;
      const digits = decoded(rangeOf(container, start, container.size, signal), (length) => {
        from = start + length;
      });
      yield* kept(digits, scratch, (object) => membersOf(object, n, signal));
    }
  },
};
