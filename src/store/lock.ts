import { FFIType } from 'bun:ffi';
import { closeSync, constants, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../core/fault';
import { openLibc } from '../core/libc';
import { toFolderFault } from './faults';

const LOCK_SH_NB = 1 | 4;
const LOCK_EX_NB = 2 | 4;

export interface DataDir {
  /** Without links. */
  path: string;
  release: () => void;
}

const open = (dir: string): { path: string; fd: number } => {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const path = realpathSync(dir);
    return { path, fd: openSync(join(path, 'lock'), constants.O_RDWR | constants.O_CREAT, 0o600) };
  } catch (error) {
    throw toFolderFault(error, dir);
  }
};

const openFlock = () => openLibc({ flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 } });

/** Whether an Assay has the data directory, as far as that can be read; nothing is made or kept. */
export const isInUse = (dir: string): boolean => {
  let fd: number;
  try {
    fd = openSync(join(dir, 'lock'), constants.O_RDONLY);
  } catch {
    return false;
  }
  const isFree = openFlock().flock(fd, LOCK_SH_NB) === 0;
  closeSync(fd);
  return !isFree;
};

/**
 * Takes the data directory for this process alone, made when it is missing. The kernel gives it back when the process ends, however it ends.
 * @throws Fault DATA_DIR_IN_USE, NOT_POSSIBLE, DISK_FULL
 */
export const lockDataDir = (dir: string): DataDir => {
  const { path, fd } = open(dir);
  if (openFlock().flock(fd, LOCK_EX_NB) !== 0) {
    closeSync(fd);
    throw new Fault('DATA_DIR_IN_USE', `The data directory ${path} is in use by another Assay.`, {
      hint: 'Use the running one (its commands go through its socket by themselves), stop it, or choose another folder with --data-dir.',
    });
  }
  return { path, release: () => closeSync(fd) };
};
