import { writeSync } from 'node:fs';
import { Fault } from '../core/fault';

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of it. It waits for a slow reader, so that what is printed does not pile up in memory.
 * Returns false when nobody reads any more.
 */
export const writeAll = (fd: number, what: string | Uint8Array): boolean => {
  let rest: Uint8Array = typeof what === 'string' ? Buffer.from(what) : what;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      // Somebody made the pipe non-blocking, and it is full.
      Atomics.wait(PAUSE, 0, 0, 5);
    }
  }
  return true;
};

/** Writes all of it on standard output. Returns false when nobody reads any more. */
export const writeOut = (what: string | Uint8Array): boolean => {
  try {
    return writeAll(1, what);
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === undefined) throw cause;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new Fault(isFull ? 'DISK_FULL' : 'NOT_POSSIBLE', `What is printed cannot be written: ${code}.`, {
      hint: 'See where standard output goes, and whether there is room.',
      cause,
    });
  }
};

/** What a pipe's reader that went away ends a program with: 128 + SIGPIPE. */
export const READER_GONE = 141;

/** Prints lines on standard output; with no reader left, the program ends as others do then. */
export const print = (text: string): void => {
  if (!writeOut(text.endsWith('\n') ? text : `${text}\n`)) process.exit(READER_GONE);
};

export const printJson = (value: unknown): void => print(JSON.stringify(value, undefined, 2));

/** Says something about what is being done, beside the output. */
export const tell = (text: string): void => {
  writeAll(2, `${text}\n`);
};
