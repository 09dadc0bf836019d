import { createInflate } from 'node:zlib';
import type { Piece } from '../content/piece';

/** What comes out of a piece is lost when an error is found in the same piece, so it is small. Bytes. */
const PIECE = 4096;
const OUTPUT = 64 * 1024;

/** Decompresses a zlib stream (RFC 1950). Throws behind what could be read when it is damaged or ends too early. */
export async function* inflate(container: Piece): AsyncGenerator<Uint8Array, void, void> {
  const inflater = createInflate({ chunkSize: OUTPUT, highWaterMark: OUTPUT });
  let failed: Error | undefined;
  const feed = async () => {
    for (let at = 0; at < container.size && !inflater.destroyed; at += PIECE) {
      if (inflater.write(container.bytes(at, at + PIECE))) continue;
      await new Promise<void>((resolve) => {
        inflater.once('drain', resolve);
        inflater.once('close', resolve);
      });
    }
    inflater.end();
  };
  inflater.on('error', (error) => {
    failed = error;
  });
  const fed = feed();
  try {
    yield* inflater as AsyncIterable<Uint8Array>;
  } finally {
    inflater.destroy();
    await fed;
  }
  if (failed !== undefined) throw failed;
}
