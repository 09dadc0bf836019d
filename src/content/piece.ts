import { closeSync } from 'node:fs';
import { readAt, streamOf } from './read';
import type { Scratch } from './scratch';

/** Bytes that are looked into: an opened file, or a member that was taken out of one. Several may read it at once. */
export interface Piece {
  /** Bytes. */
  readonly size: number;
  /** All of it, when it is small and was read already. */
  readonly whole?: Uint8Array;
  /** It has no file: asking for `fd` makes one. */
  readonly inMemory: boolean;
  /** A descriptor to read by position. What is only in memory is written to a file without a name when this is first asked for. */
  readonly fd: number;
  /** Bytes from `start` up to but not including `end`; fewer at the end. */
  bytes: (start: number, end: number) => Uint8Array;
  /** The whole of it in pieces of up to 1 MiB. */
  stream: () => AsyncIterable<Uint8Array>;
  /** Frees what it holds; the opened file of a storage stays open. */
  close: () => void;
}

/** A piece by an open descriptor. @param whole all of it, where it was read already */
export const pieceOf = (fd: number, size: number, whole?: Uint8Array, close = () => {}): Piece => ({
  size,
  whole,
  inMemory: false,
  fd,
  bytes: (start, end) => {
    if (whole !== undefined) return whole.subarray(start, end);
    const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
    return bytes.subarray(0, readAt(fd, bytes, start));
  },
  stream: () => streamOf(fd, size),
  close,
});

/** A piece that is in memory. */
export const pieceInMemory = (whole: Uint8Array, scratch: Scratch): Piece => {
  let fd: number | undefined;
  return {
    size: whole.length,
    whole,
    inMemory: true,
    get fd() {
      fd ??= scratch.keep(whole);
      return fd;
    },
    bytes: (start, end) => whole.subarray(start, end),
    stream: async function* () {
      if (whole.length > 0) yield whole;
    },
    close: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
};
