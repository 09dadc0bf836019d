import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/fault';
import { newId } from '../core/id';

/** A private copy of an object, for the engine host to open. */
export interface Spooled {
  /** Absolute. */
  path: string;
  /** Removes it. */
  release: () => void;
}

/** A folder of private copies that together never have more than a number of bytes. */
export interface Spool {
  /** The largest file that it takes. Bytes. */
  readonly limit: number;
  /**
   * Waits for room for a file and has it written; gone again when that throws.
   * @param size bytes, the most that will be written
   * @throws Fault DISK_FULL
   */
  add: (size: number, write: (file: FileHandle) => Promise<void>, signal: AbortSignal) => Promise<Spooled>;
}

/**
 * @param dir made new: what an earlier start left in it is removed
 * @param limit bytes of all files together
 */
export const createSpool = (dir: string, limit: number): Spool => {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { mode: 0o700 });
  let used = 0;
  // In their order, so that a large file gets its turn.
  const waiting: { size: number; enter: () => void }[] = [];

  const admit = () => {
    for (let first = waiting[0]; first !== undefined && used + first.size <= limit; first = waiting[0]) {
      waiting.shift();
      used += first.size;
      first.enter();
    }
  };

  const reserve = (size: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        const at = waiting.indexOf(entry);
        if (at >= 0) waiting.splice(at, 1);
        reject(signal.reason);
        admit();
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const entry = { size, enter };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(entry);
      admit();
    });

  const toFault = (error: unknown): unknown => {
    const { code = '' } = error as { code?: string };
    if (!['ENOSPC', 'EDQUOT'].includes(code)) return error;
    return new Fault('DISK_FULL', `There is no room left in ${dir} to fetch files to.`, {
      hint: 'Free some space on that disk; the files wait until then.',
      cause: error,
    });
  };

  return {
    limit,
    add: async (size, write, signal) => {
      await reserve(size, signal);
      const path = join(dir, newId());
      let isThere = true;
      const release = () => {
        if (!isThere) return;
        isThere = false;
        rmSync(path, { force: true });
        used -= size;
        admit();
      };
      try {
        const file = await open(path, 'wx', 0o600);
        try {
          await write(file);
        } finally {
          await file.close();
        }
        return { path, release };
      } catch (error) {
        release();
        throw toFault(error);
      }
    },
  };
};
