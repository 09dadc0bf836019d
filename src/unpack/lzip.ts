import { crc32 } from 'node:zlib';
import type { Piece } from '../content/piece';
import { type ReadContext, troubleError } from './contract';
import { kept } from './kept';
import { rangeOf } from './lines';
import type { StartRun } from './sevenzip-run';
import { decompress } from './sevenzip-stream';
import { CHECKSUM } from './sevenzip-trouble';

/** One part of a file: `LZIP`, version, coded size of the dictionary; an LZMA stream with its end marked; checksum, size, and its own size (manual of lzip, "File format"). */
interface Part {
  start: number;
  end: number;
}

const HEAD = 6;
const TRAILER = 20;
const CUT_SHORT = 'It ends before its end is due.';

const at = (container: Piece, start: number, length: number): Buffer => {
  const bytes = container.bytes(start, start + length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** The parts by their own sizes, from the last one on; undefined where they do not lead to the beginning. */
const partsOf = (container: Piece): Part[] | undefined => {
  const parts: Part[] = [];
  for (let end = container.size; end > 0; ) {
    const trailer = at(container, end - TRAILER, TRAILER);
    const size = end < HEAD + TRAILER ? 0 : Number(trailer.readBigUInt64LE(12));
    if (size < HEAD + TRAILER || size > end) return undefined;
    if (at(container, end - size, 4).toString('latin1') !== 'LZIP') return undefined;
    parts.unshift({ start: end - size, end });
    end -= size;
  }
  return parts;
};

/** The header of the older format .lzma, by which 7-Zip reads the same stream: properties, dictionary, and that the size is not known. */
const olderHeader = (coded: number): Buffer => {
  const header = Buffer.alloc(13, 0xff);
  header[0] = 0x5d;
  // The dictionary is some sixteenths smaller; 7-Zip takes powers of two only.
  header.writeUInt32LE(2 ** Math.min(coded & 31, 30), 1);
  return header;
};

/** Decompresses the parts of an lzip file one after the other. */
export const createLzip = (load: () => Promise<StartRun>) =>
  async function* (container: Piece, { scratch, signal }: ReadContext): AsyncGenerator<Uint8Array, boolean, void> {
    const parts = partsOf(container) ?? [{ start: 0, end: container.size + TRAILER }];
    for (const { start, end } of parts) {
      const older = async function* () {
        yield olderHeader(at(container, start, HEAD)[5] ?? 0);
        yield* rangeOf(container, start + HEAD, Math.min(container.size, end - TRAILER), signal);
      };
      let sum = 0;
      for await (const bytes of kept(older(), scratch, (piece) => decompressed(piece, load, signal))) {
        sum = crc32(bytes, sum);
        yield bytes;
      }
      if (end > container.size) throw troubleError('damaged', CUT_SHORT);
      if (at(container, end - TRAILER, 4).readUInt32LE(0) !== sum) throw troubleError('damaged', CHECKSUM.message);
    }
    return true;
  };

async function* decompressed(piece: Piece, load: () => Promise<StartRun>, signal: AbortSignal) {
  const trouble = yield* decompress(await load(), 'lzma', piece.fd, signal);
  if (trouble !== undefined) throw troubleError(trouble.why, trouble.message);
}
