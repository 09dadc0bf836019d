import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../core/id';

/** Files without a name in a private folder: nobody else can reach them, and they are gone with their descriptor, also after a kill. */
export interface Scratch {
  /** A new empty file, open for reading and writing; the caller closes it. */
  create: () => number;
  /** A new file with these bytes. */
  keep: (bytes: Uint8Array) => number;
}

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;

/** Writes all of it: write(2) may take less. */
export const writeAll = (fd: number, bytes: Uint8Array): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
};

/** @param dir a folder that only this program can write to, or one that is sticky, as /tmp is */
export const createScratch = (dir: string, mode = 0o600): Scratch => {
  const create = () => {
    // O_TMPFILE is not to be had on every file system (open(2)); the name is gone before anything is written.
    const path = join(dir, `scratch-${newId()}`);
    const fd = openSync(path, FLAGS, mode);
    unlinkSync(path);
    return fd;
  };
  return {
    create,
    keep: (bytes) => {
      const fd = create();
      try {
        writeAll(fd, bytes);
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      return fd;
    },
  };
};
