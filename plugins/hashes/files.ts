import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from './line';

const LISTS = /\.(txt|csv|list|hash(es)?|md5|sha1|sha256|hdb|hsb|hdu|hsu)$/i;
const PIECE = 1024 * 1024;
const LF = 10;
const BOM = [0xef, 0xbb, 0xbf];

/** The list files that the paths name; a folder gives those directly in it that have a list's extension. */
export const findLists = (paths: string[]): string[] => {
  const found = paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return [realpathSync(path)];
      const names = readdirSync(path).filter((name) => LISTS.test(name) && !name.startsWith('.'));
      return names.sort().map((name) => realpathSync(join(path, name)));
    } catch (cause) {
      throw new Error(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
  return [...new Set(found)];
};

export interface ReadResult {
  entries: number;
  malformed: number;
  /** Line of the first malformed one, from 1; 0 without one. */
  firstMalformed: number;
}

/** Goes over a file line by line in flat memory; a line longer than 1 MiB counts as malformed. `onPiece` sees the bytes for hashing. */
export const readLines = (
  path: string,
  parse: (bytes: Uint8Array, start: number, end: number) => Line,
  onEntry: () => void,
  onPiece: (piece: Uint8Array) => void,
): ReadResult => {
  const result: ReadResult = { entries: 0, malformed: 0, firstMalformed: 0 };
  const buffer = new Uint8Array(2 * PIECE);
  let kept = 0;
  let line = 0;
  let overlong = false;

  const take = (start: number, end: number) => {
    line++;
    const kind = overlong ? 'malformed' : parse(buffer, start, end);
    overlong = false;
    if (kind === 'entry') {
      result.entries++;
      onEntry();
    } else if (kind === 'malformed' && result.malformed++ === 0) result.firstMalformed = line;
  };

  const fd = openSync(path, 'r');
  try {
    for (;;) {
      const count = readSync(fd, buffer, kept, PIECE, null);
      if (count === 0) break;
      const end = kept + count;
      onPiece(buffer.subarray(kept, end));
      let start = line === 0 && !overlong && BOM.every((byte, at) => buffer[at] === byte) ? BOM.length : 0;
      for (let at = buffer.indexOf(LF, Math.max(start, kept)); at >= 0 && at < end; at = buffer.indexOf(LF, start)) {
        take(start, at);
        start = at + 1;
      }
      kept = end - start;
      buffer.copyWithin(0, start, end);
      if (kept > PIECE) {
        overlong = true;
        kept = 0;
      }
    }
    if (kept > 0 || overlong) take(0, kept);
  } finally {
    closeSync(fd);
  }
  return result;
};
