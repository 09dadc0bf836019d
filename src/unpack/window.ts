import type { Piece } from '../content/piece';
import { readAt } from '../content/read';

/** Reads by position through a buffer, so that neighbours cost one read(2). What was given out stays valid. */
export interface Window {
  /** Bytes of the whole. */
  readonly size: number;
  /** `length` bytes from `start`; fewer where the whole ends, none outside of it. */
  read: (start: number, length: number) => Buffer;
  /** As `read`, to search long stretches through one buffer: valid only until the next `scan`. */
  scan: (start: number, length: number) => Buffer;
}

/** How much is read at once where reading goes on from the last place, and elsewhere. Bytes. */
const ONWARD = 256 * 1024;
const ELSEWHERE = 8 * 1024;

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A window over a piece; it stays valid as long as the piece does. */
export const createWindow = (piece: Piece): Window => {
  let at = 0;
  let buffer = piece.whole === undefined ? Buffer.alloc(0) : asBuffer(piece.whole);
  let scanned = Buffer.alloc(0);
  return {
    size: piece.size,
    read: (start, length) => {
      const end = Math.min(start + length, piece.size);
      if (!(start >= 0 && start < end)) return Buffer.alloc(0);
      if (start < at || end > at + buffer.length) {
        const isOnward = start >= at && start <= at + buffer.length + ELSEWHERE;
        // A new buffer each time: views of the old one are still in use.
        buffer = asBuffer(piece.bytes(start, Math.max(end, start + (isOnward ? ONWARD : ELSEWHERE))));
        at = start;
      }
      return buffer.subarray(start - at, end - at);
    },
    scan: (start, length) => {
      if (piece.whole !== undefined) return asBuffer(piece.whole).subarray(start, start + length);
      if (scanned.length < length) scanned = Buffer.allocUnsafeSlow(length);
      return scanned.subarray(0, readAt(piece.fd, scanned.subarray(0, Math.min(length, piece.size - start)), start));
    },
  };
};
