import { readSync } from 'node:fs';
import type { OpenFile } from './open';

/** Files up to this size are read once, into memory; larger ones are streamed. Bytes. */
export const IN_MEMORY = 4 * 1024 * 1024;
const PIECE = 1024 * 1024;
/** How much of a file's beginning tells its type; an ISO 9660 image says so at 32 KiB. Bytes. */
export const HEAD = 64 * 1024;

/** What reading a file to its end gave. */
interface Read {
  /** Bytes that were read; more than the file's size when it holds more than it says. */
  length: number;
  /** The beginning, for telling the type. */
  head: Uint8Array;
  /** All of it, when it is small. */
  whole?: Uint8Array;
}

export interface Digest extends Read {
  sha256: string;
  sha1: string;
  md5: string;
}

export const hashOf = (algorithm: 'sha256' | 'sha1' | 'md5', bytes: Uint8Array): string =>
  new Bun.CryptoHasher(algorithm).update(bytes).digest('hex');

/** The three hashes that lists of files are kept by, over the same bytes. */
export const createHashes = () => {
  const sha256 = new Bun.CryptoHasher('sha256');
  const sha1 = new Bun.CryptoHasher('sha1');
  const md5 = new Bun.CryptoHasher('md5');
  return {
    add: (bytes: Uint8Array): void => {
      sha256.update(bytes);
      sha1.update(bytes);
      md5.update(bytes);
    },
    done: () => ({ sha256: sha256.digest('hex'), sha1: sha1.digest('hex'), md5: md5.digest('hex') }),
  };
};

/** Reads from a position until the buffer is full or the file ends. Returns how many bytes it read. */
export const readAt = (fd: number, into: Uint8Array, position: number): number => {
  let filled = 0;
  while (filled < into.length) {
    const wanted = Math.min(PIECE, into.length - filled);
    const n = readSync(fd, into, filled, wanted, position + filled);
    filled += n;
    // A regular file is read short only at its end (read(2)).
    if (n < wanted) break;
  }
  return filled;
};

/** The file's bytes piece by piece, up to the size that it had when it was opened: one that grows without end ends all the same. */
export async function* streamOf(fd: number, size: number): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < size; ) {
    const piece = new Uint8Array(Math.min(PIECE, size - position));
    const n = readAt(fd, piece, position);
    if (n === 0) return;
    yield n === piece.length ? piece : piece.subarray(0, n);
    position += n;
  }
}

/** The buffer that a file of this size is read through, in bytes: one more than a small one has, so that one that grows is then longer than it said. */
export const bufferFor = (size: number): number => (size <= IN_MEMORY ? size + 1 : PIECE);

/** Reads a file once; memory stays flat whatever its size. @param buffer of `bufferFor` its size; holds all of a small one then */
const readThrough = async (
  file: OpenFile,
  buffer: Uint8Array,
  add: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<Read> => {
  const piece = buffer.subarray(0, bufferFor(file.size));
  if (file.size <= IN_MEMORY) {
    const whole = piece.subarray(0, readAt(file.fd, piece, 0));
    add(whole);
    return { length: whole.length, head: whole.subarray(0, HEAD), whole };
  }

  let head: Uint8Array | undefined;
  let position = 0;
  while (position <= file.size) {
    signal.throwIfAborted();
    const n = readAt(file.fd, piece, position);
    if (n === 0) break;
    const bytes = piece.subarray(0, n);
    head ??= bytes.slice(0, HEAD);
    add(bytes);
    position += n;
    // Lets the thread's sockets and other files go on between the pieces.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { length: position, head: head ?? new Uint8Array() };
};

/**
 * Hashes a file while it is read once, into a buffer of `bufferFor` its size.
 * @throws what read(2) throws: an I/O error is the caller's to report
 */
export const digest = async (file: OpenFile, buffer: Uint8Array, signal: AbortSignal): Promise<Digest> => {
  const { add, done } = createHashes();
  const read = await readThrough(file, buffer, add, signal);
  return { ...done(), ...read };
};

/** As `digest`, by the one hash that tells whether a file still holds what it held: it costs a third of all three. */
export const digestSha256 = async (
  file: OpenFile,
  buffer: Uint8Array,
  signal: AbortSignal,
): Promise<Read & { sha256: string }> => {
  const sha256 = new Bun.CryptoHasher('sha256');
  const read = await readThrough(file, buffer, (bytes) => sha256.update(bytes), signal);
  return { sha256: sha256.digest('hex'), ...read };
};
