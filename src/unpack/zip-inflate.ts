import {
  constants,
  createInflateRaw,
  createZstdDecompress,
  type InflateRaw,
  inflateRawSync,
  type ZstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import type { Facts } from './zip-record';

/** Unpacks what one compression method packed. */
export interface Decoder {
  /** All at once, where it is small. Throws when it is damaged or unpacks to more than `most` bytes. `used` is how much of it was content. */
  whole?: (packed: Uint8Array, most: number) => { bytes: Uint8Array; used: number };
  /** As a stream; it may end without an error where the packed bytes end too early. */
  stream: (packed: AsyncIterable<Uint8Array>, about: Packed) => AsyncIterable<Uint8Array>;
}

export interface Packed {
  /** What the header says of the member. */
  facts: Facts;
  /** Told at the end how many of them were content. */
  used: (bytes: number) => void;
}

const CHUNK = 256 * 1024;

/**
 * Drives a codec of node:zlib by hand: each piece's output is given out before the next goes in, so that damage costs no more than what
 * the damaged piece held; a pipe would drop all that waits.
 */
async function* through(
  codec: InflateRaw | ZstdDecompress,
  packed: AsyncIterable<Uint8Array>,
  used: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let failure: Error | undefined;
  let isEnded = false;
  let wake = () => {};
  let woken = Promise.resolve();
  const arm = () => {
    woken = new Promise((resolve) => {
      wake = resolve;
    });
  };
  codec.on('readable', () => wake());
  codec.on('end', () => {
    isEnded = true;
    wake();
  });
  codec.on('error', (error) => {
    failure = error;
    wake();
  });
  async function* until(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      arm();
      for (let bytes = codec.read(); bytes !== null; bytes = codec.read()) yield bytes;
      if (failure !== undefined) throw failure;
      if (isEnded || isDone()) return;
      await woken;
    }
  }
  try {
    for await (const piece of packed) {
      let isWritten = false;
      codec.write(piece, () => {
        isWritten = true;
        wake();
      });
      yield* until(() => isWritten);
      if (isEnded) break;
    }
    if (!isEnded) {
      codec.end();
      yield* until(() => false);
    }
    used(codec.bytesWritten);
  } finally {
    codec.destroy();
  }
}

/** Unpacks what Deflate packed, up to where it says that it ends. @param used is told how many bytes that were */
export const inflated = (
  packed: AsyncIterable<Uint8Array>,
  used: (bytes: number) => void,
): AsyncGenerator<Uint8Array> =>
  through(createInflateRaw({ chunkSize: CHUNK, finishFlush: constants.Z_SYNC_FLUSH }), packed, used);

/** Unpacks all at once what Deflate packed, up to where it says that it ends. Throws when that is more than `most` bytes. */
export const inflateWhole = (packed: Uint8Array, most: number) => {
  // With `info` the answer is an object, which the types do not know.
  const options = { info: true, maxOutputLength: Math.max(most, 1) };
  const { buffer, engine } = inflateRawSync(packed, options) as unknown as { buffer: Buffer; engine: InflateRaw };
  return { bytes: buffer, used: engine.bytesWritten };
};

export const deflate: Decoder = {
  whole: inflateWhole,
  stream: (packed, { used }) => inflated(packed, used),
};

export const zstd: Decoder = {
  whole: (packed, most) => ({
    bytes: zstdDecompressSync(packed, { maxOutputLength: Math.max(most, 1) }),
    used: packed.length,
  }),
  stream: (packed, { used }) => through(createZstdDecompress({ chunkSize: CHUNK }), packed, used),
};

export const stored: Decoder = {
  whole: (packed) => ({ bytes: packed, used: packed.length }),
  stream: async function* (packed, { used }) {
    let length = 0;
    for await (const piece of packed) {
      length += piece.length;
      yield piece;
    }
    used(length);
  },
};
