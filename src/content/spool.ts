import { closeSync } from 'node:fs';
import { createPause } from './pause';
import { type Piece, pieceInMemory, pieceOf } from './piece';
import { createHashes, type Digest, HEAD, hashOf } from './read';
import { type Scratch, writeAll } from './scratch';

/** Members up to this size stay in memory; larger ones go to a file without a name. Bytes. */
const IN_MEMORY = 1024 * 1024;

/** SHA-1 and MD5 only when they are asked for: few engines do, and they cost more than all else that is done with a small member. */
const digestInMemory = (whole: Uint8Array): Digest => ({
  sha256: hashOf('sha256', whole),
  get sha1() {
    return hashOf('sha1', whole);
  },
  get md5() {
    return hashOf('md5', whole);
  },
  length: whole.length,
  head: whole.subarray(0, HEAD),
  whole,
});

export interface Spooled {
  piece: Piece;
  digest: Digest;
  /** What the source threw, when it did not come to its end: the piece is what came before. */
  error?: unknown;
}

/**
 * Takes in a stream whose length nobody knows: hashes it, and keeps it in memory or, when it grows, on disk.
 * @param open starts the stream
 * @param count is told of each piece's bytes before it is kept; what it throws ends the taking, and is thrown
 */
export const spool = async (
  open: () => AsyncIterable<Uint8Array>,
  scratch: Scratch,
  count: (bytes: number) => void,
): Promise<Spooled> => {
  let hashes: ReturnType<typeof createHashes> | undefined;
  const kept: Uint8Array[] = [];
  let size = 0;
  let fd: number | undefined;
  let error: unknown;
  let head: Uint8Array = new Uint8Array();

  const keep = (bytes: Uint8Array) => {
    count(bytes.length);
    size += bytes.length;
    kept.push(bytes);
    if (size > IN_MEMORY) {
      fd ??= scratch.create();
      hashes ??= createHashes();
      for (const piece of kept.splice(0)) {
        hashes.add(piece);
        writeAll(fd, piece);
      }
    }
    if (head.length < HEAD) head = Buffer.concat([head, bytes.subarray(0, HEAD - head.length)]);
  };

  const pause = createPause();
  let source: AsyncIterator<Uint8Array> | undefined;
  try {
    for (;;) {
      let next: IteratorResult<Uint8Array>;
      try {
        source ??= open()[Symbol.asyncIterator]();
        next = await source.next();
      } catch (thrown) {
        error = thrown;
        break;
      }
      if (next.done) break;
      keep(next.value);
      await pause();
    }
  } catch (thrown) {
    if (fd !== undefined) closeSync(fd);
    await source?.return?.().catch(() => {});
    throw thrown;
  }

  if (fd !== undefined && hashes !== undefined) {
    const file = fd;
    const piece = pieceOf(file, size, undefined, () => closeSync(file));
    return { piece, digest: { ...hashes.done(), length: size, head }, error };
  }
  const whole = kept.length === 1 ? (kept[0] as Uint8Array) : Buffer.concat(kept);
  return {
    piece: pieceInMemory(whole, scratch),
    digest: digestInMemory(whole),
    error,
  };
};
