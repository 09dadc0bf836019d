import type { Piece } from '../content/piece';
import { troubleError } from './contract';

/** LZ4 frame format, 1.6: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md; blocks: lz4_Block_format.md beside it. */
const FRAME = 0x184d2204;
const LEGACY = 0x184c2102;
const SKIPPABLE = 0x184d2a50;
const HISTORY = 64 * 1024;
const LEGACY_BLOCK = 8 * 1024 * 1024;
const BLOCKS = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];
const STORED = 0x80000000;
const MIN_MATCH = 4;

const damaged = (message: string) => troubleError('damaged', message);
const CUT_SHORT = 'It ends before its end is due.';
const IS_DAMAGED = 'Its content is damaged.';

/** Unpacks a block to `into` from `start` on, behind which lies what it may refer to. Returns where it ends. */
const unpackBlock = (block: Uint8Array, into: Uint8Array, start: number): number => {
  let at = 0;
  let out = start;
  const lengthOf = (first: number): number => {
    let length = first;
    if (first !== 15) return length;
    for (let byte = 255; byte === 255; ) {
      byte = block[at++] ?? -1;
      if (byte < 0) throw damaged(IS_DAMAGED);
      length += byte;
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = lengthOf(token >> 4);
    if (at + literals > block.length || out + literals > into.length) throw damaged(IS_DAMAGED);
    into.set(block.subarray(at, at + literals), out);
    at += literals;
    out += literals;
    // The last sequence is literals only.
    if (at === block.length) return out;
    const offset = (block[at] ?? 0) + 256 * (block[at + 1] ?? 0);
    at += 2;
    const length = lengthOf(token & 15) + MIN_MATCH;
    if (offset === 0 || offset > out || out + length > into.length) throw damaged(IS_DAMAGED);
    // A match may overlap what it makes.
    if (offset >= length) into.copyWithin(out, out - offset, out - offset + length);
    else for (let i = 0; i < length; i++) into[out + i] = into[out + i - offset] ?? 0;
    out += length;
  }
  return out;
};

/** Decompresses LZ4 frames, also of the legacy format, one after the other. Checksums are not compared. */
export async function* lz4(container: Piece): AsyncGenerator<Uint8Array, void, void> {
  let at = 0;
  const take = (size: number): DataView => {
    const bytes = container.bytes(at, at + size);
    if (bytes.length < size) throw damaged(CUT_SHORT);
    at += size;
    return new DataView(bytes.buffer, bytes.byteOffset, size);
  };
  const bytesOf = (view: DataView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

  /** @param into has room for the history and a block */
  const readBlock = (word: number, into: Uint8Array, history: number): Uint8Array => {
    const size = word & ~STORED;
    if (size > into.length - HISTORY + 64 * 1024) throw damaged(IS_DAMAGED);
    const block = bytesOf(take(size));
    if ((word & STORED) !== 0) return block;
    return into.subarray(history, unpackBlock(block, into, history));
  };

  async function* readFrame(): AsyncGenerator<Uint8Array, void, void> {
    const flags = take(2);
    const flag = flags.getUint8(0);
    const blockSize = BLOCKS[(flags.getUint8(1) >> 4) & 7] ?? 0;
    if (flag >> 6 !== 1 || blockSize === 0) throw damaged('Its header is damaged.');
    const [linked, blockChecksum, size, checksum, dictionary] = [0x20, 0x10, 0x08, 0x04, 0x01].map(
      (bit) => (flag & bit) !== 0,
    );
    take((size ? 8 : 0) + (dictionary ? 4 : 0) + 1);
    if (dictionary) throw troubleError('unsupported', 'It needs a dictionary that is not in it.');
    const into = new Uint8Array(HISTORY + blockSize);
    let history = 0;
    for (let word = take(4).getUint32(0, true); word !== 0; word = take(4).getUint32(0, true)) {
      const unpacked = readBlock(word, into, history);
      if (blockChecksum) take(4);
      yield unpacked.slice();
      if (linked) continue;
      history = keep(into, history, unpacked);
    }
    if (checksum) take(4);
  }

  /** Moves the last bytes to the beginning, for blocks that refer to those before them. Returns how many there are. */
  const keep = (into: Uint8Array, history: number, unpacked: Uint8Array): number => {
    into.set(unpacked, history);
    const end = history + unpacked.length;
    const start = Math.max(0, end - HISTORY);
    into.copyWithin(0, start, end);
    return end - start;
  };

  async function* readLegacy(): AsyncGenerator<Uint8Array, void, void> {
    const into = new Uint8Array(HISTORY + LEGACY_BLOCK);
    while (at < container.size) {
      const word = take(4).getUint32(0, true);
      if (word === FRAME || word === LEGACY || (word & ~15) >>> 0 === SKIPPABLE) {
        at -= 4;
        return;
      }
      yield readBlock(word, into, 0).slice();
    }
  }

  while (at < container.size) {
    const magic = take(4).getUint32(0, true);
    if (magic === FRAME) yield* readFrame();
    else if (magic === LEGACY) yield* readLegacy();
    else if ((magic & ~15) >>> 0 === SKIPPABLE) at += take(4).getUint32(0, true);
    else throw damaged('Something follows behind its end that does not belong to it.');
  }
}
