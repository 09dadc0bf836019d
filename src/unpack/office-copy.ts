import { closeSync, writeSync } from 'node:fs';
import { type Piece, pieceOf } from '../content/piece';
import { type Scratch, writeAll } from '../content/scratch';
import type { Patch } from './office-legacy';
import type { OleStorage } from './ole-storage';
import type { Turns } from './turns';

/** Puts bytes where a stream lies, which may be in many places. */
const writeStream = async (fd: number, ole: OleStorage, { stream, bytes }: Patch, turns: Turns): Promise<void> => {
  const places = ole.extents(stream);
  let place = places.next().value;
  for (const part of bytes()) {
    for (let done = 0; done < part.length; ) {
      if (place === undefined) return;
      const n = Math.min(part.length - done, place.end - place.start);
      writeSync(fd, part, done, n, place.start);
      done += n;
      place = place.start + n === place.end ? places.next().value : { start: place.start + n, end: place.end };
    }
    await turns.next();
  }
};

/** A compound file with some of its streams replaced, from a copy in the scratch folder. */
export async function* copyWith(
  container: Piece,
  ole: OleStorage,
  patches: Patch[],
  scratch: Scratch,
  turns: Turns,
): AsyncGenerator<Uint8Array> {
  const fd = scratch.create();
  try {
    for await (const part of container.stream()) {
      writeAll(fd, part);
      await turns.next();
    }
    for (const patch of patches) await writeStream(fd, ole, patch, turns);
    yield* pieceOf(fd, container.size).stream();
  } finally {
    closeSync(fd);
  }
}
