import { Fault } from '../core/fault';
import type { Written } from './roots';

/** The kernel takes paths of up to 4096 bytes. */
const LONGEST = 64 * 1024;
const NEWLINE = 0x0a;

const writtenOf = (line: Buffer): Written => {
  const text = line.toString();
  return text.includes('\uFFFD') ? line : text;
};

/**
 * Reads a list of paths, one a line; empty lines are left out. Memory stays flat.
 * @throws Fault BAD_REQUEST when it is no list of paths
 */
export async function* readPathList(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Written, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      if (end > start) yield writtenOf(rest.subarray(start, end));
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > LONGEST) {
      throw new Fault('BAD_REQUEST', 'The file list holds a line that is too long to be a path.', {
        hint: 'Write one path a line.',
      });
    }
  }
  if (rest.length > 0) yield writtenOf(rest);
}
