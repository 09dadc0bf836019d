import { FFIType } from 'bun:ffi';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../core/fault';
import { openLibc } from '../core/libc';

const LOCK_EX_NB = 2 | 4;

/**
 * Takes the data directory for this process alone. The kernel gives it back when the process ends, however it ends.
 * @throws Fault DATA_DIR_IN_USE
 */
export const lockDataDir = (dir: string): { release: () => void } => {
  const path = join(dir, 'lock');
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const { flock } = openLibc({ flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 } });
  if (flock(fd, LOCK_EX_NB) !== 0) {
    closeSync(fd);
    throw new Fault('DATA_DIR_IN_USE', `The data directory ${dir} is in use by another Assay.`, {
      hint: 'Use the running one (its commands go through its socket by themselves), stop it, or choose another folder with --data-dir.',
    });
  }
  return { release: () => closeSync(fd) };
};
