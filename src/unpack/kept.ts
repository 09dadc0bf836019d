import { closeSync } from 'node:fs';
import { type Piece, pieceOf } from '../content/piece';
import { type Scratch, writeAll } from '../content/scratch';

/** Keeps bytes in a file without a name as long as `use` goes on with them. */
export async function* kept<T>(
  bytes: AsyncIterable<Uint8Array>,
  scratch: Scratch,
  use: (piece: Piece) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const fd = scratch.create();
  try {
    let size = 0;
    for await (const chunk of bytes) {
      writeAll(fd, chunk);
      size += chunk.length;
    }
    yield* use(pieceOf(fd, size));
  } finally {
    closeSync(fd);
  }
}
