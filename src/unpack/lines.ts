import type { Piece } from '../content/piece';

/** Read at a time, and kept of a line. Bytes. */
const WINDOW = 256 * 1024;
const KEPT = 64 * 1024;

/** A line of a piece: where it starts, where the next one does, and its beginning as Latin-1 without the line's end. */
export interface Line {
  start: number;
  next: number;
  text: string;
  /** The line is longer than what is kept of it. */
  cut: boolean;
}

/** Finds lines by position; asked in ascending order it reads the piece once. Lines end with LF or CRLF. */
export interface Lines {
  /** The line that starts there; undefined at the end. */
  at: (start: number) => Promise<Line | undefined>;
  /** The first line from `start` on, itself the start of a line, that begins with `prefix`. */
  find: (prefix: string, start: number) => Promise<Line | undefined>;
  /** Where these bytes, given as Latin-1, come next; -1 when they do not. */
  indexOf: (bytes: string, from: number) => Promise<number>;
}

/** Lets the thread's sockets and other files go on. @throws when the signal is aborted */
export const breathe = async (signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
};

/** The bytes of a range in pieces of up to 256 KiB. */
export async function* rangeOf(piece: Piece, start: number, end: number, signal: AbortSignal) {
  for (let at = start; at < end; at += WINDOW) {
    if (at > start) await breathe(signal);
    const bytes = piece.bytes(at, Math.min(end, at + WINDOW));
    if (bytes.length > 0) yield bytes;
  }
}

/** The lines of a piece up to `end`. @throws from its functions when the signal is aborted */
export const linesOf = (piece: Piece, end: number, signal: AbortSignal): Lines => {
  let base = 0;
  let window: Buffer = Buffer.alloc(0);
  const load = async (at: number) => {
    await breathe(signal);
    const bytes = piece.bytes(at, Math.min(end, at + WINDOW));
    window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    base = at;
  };
  const holds = (start: number, stop: number) => start >= base && stop <= base + window.length;

  const indexOf = async (bytes: string, from: number): Promise<number> => {
    const needle = Buffer.from(bytes, 'latin1');
    for (let at = from; at + needle.length <= end; ) {
      if (!holds(at, at + needle.length)) await load(at);
      const found = window.indexOf(needle, at - base);
      if (found >= 0) return base + found;
      // A file that became shorter meanwhile ends here.
      if (base + window.length < at + needle.length) return -1;
      at = base + window.length - needle.length + 1;
    }
    return -1;
  };

  const at = async (start: number): Promise<Line | undefined> => {
    if (start >= end) return undefined;
    const feed = await indexOf('\n', start);
    const stop = feed < 0 ? end : feed;
    const kept = Math.min(stop, start + KEPT);
    if (!holds(start, kept)) await load(start);
    const text = window.toString('latin1', start - base, kept - base);
    return {
      start,
      next: feed < 0 ? end : feed + 1,
      text: text.endsWith('\r') ? text.slice(0, -1) : text,
      cut: kept < stop,
    };
  };

  const find = async (prefix: string, start: number): Promise<Line | undefined> => {
    if (start + prefix.length > end) return undefined;
    if (!holds(start, start + prefix.length)) await load(start);
    if (window.toString('latin1', start - base, start - base + prefix.length) === prefix) return at(start);
    const feed = await indexOf(`\n${prefix}`, start);
    return feed < 0 ? undefined : at(feed + 1);
  };

  return { at, find, indexOf };
};
