import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  type Stats,
} from 'node:fs';
import { Fault } from '../core/fault';
import { identityOf } from './identity';
import type { Kernel, Name } from './kernel';

/** An open folder. What is done to names in it is done there, wherever its path may lead by then. */
export interface Folder extends Disposable {
  readonly fd: number;
}

/** A path as its folder and the name in it; absolute. */
export interface Split {
  folder: Buffer;
  name: Buffer;
}

// O_PATH (open(2)): to go through a folder takes no right to list it.
const O_PATH = 0o10000000;
const THROUGH = O_PATH | constants.O_DIRECTORY;
const SLASH = 0x2f;

export const splitPath = (path: Buffer): Split => {
  const at = path.lastIndexOf(SLASH);
  return { folder: path.subarray(0, Math.max(at, 1)), name: path.subarray(at + 1) };
};

const namesOf = (path: Buffer): Buffer[] => {
  const names: Buffer[] = [];
  for (let start = 0; start <= path.length; ) {
    const slash = path.indexOf(SLASH, start);
    const end = slash < 0 ? path.length : slash;
    if (end > start) names.push(path.subarray(start, end));
    start = end + 1;
  }
  return names;
};

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

const held = (fd: number): Folder => ({ fd, [Symbol.dispose]: () => closeSync(fd) });

/** Makes a folder with the owner and the mode of the one that it is in, but never one that all may write to. */
const make = (kernel: Kernel, folder: number, name: Name): void => {
  kernel.mkdir(folder, name);
  const made = kernel.open(folder, name, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const parent = fstatSync(folder);
    const { uid, gid } = fstatSync(made);
    if (uid !== process.geteuid?.()) return;
    if (uid !== parent.uid || gid !== parent.gid) fchownSync(made, parent.uid, parent.gid);
    fchmodSync(made, parent.mode & 0o2775);
  } catch (error) {
    // Its owner is then the one that Assay runs as, and its mode that of Assay's own folders.
    if (codeOf(error) !== 'EPERM') throw error;
  } finally {
    closeSync(made);
  }
};

const enter = (kernel: Kernel, folder: number, name: Name, isMade: boolean): number => {
  try {
    return kernel.open(folder, name, THROUGH);
  } catch (error) {
    if (!isMade || codeOf(error) !== 'ENOENT') throw error;
  }
  try {
    make(kernel, folder, name);
  } catch (error) {
    // Somebody else made it in this moment.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  return kernel.open(folder, name, THROUGH);
};

export interface OpenFolder {
  /** Makes what is missing on the way. */
  make?: boolean;
  /** Folders that are never entered: Assay's own state. Absolute, without links. */
  own: readonly string[];
}

const refuse = (): never => {
  throw new Fault('BAD_REQUEST', 'That folder belongs to Assay itself, which does not act on it.', {
    hint: 'Name a folder outside of the data directory.',
  });
};

/**
 * Opens a folder, one part of its path after the other, and follows no link on the way.
 * @param path absolute, without links
 * @throws Fault BAD_REQUEST for Assay's own state; what the system calls throw
 */
export const openFolder = (kernel: Kernel, path: Buffer, { make: isMade = false, own }: OpenFolder): Folder => {
  const ours = own.flatMap((folder) => {
    const stat = lstatSync(folder, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? [] : [`${stat.dev}:${stat.ino}`];
  });
  let fd = openSync('/', THROUGH);
  try {
    for (const name of namesOf(path)) {
      const next = enter(kernel, fd, name, isMade);
      closeSync(fd);
      fd = next;
      const { dev, ino } = fstatSync(fd, { bigint: true });
      if (ours.includes(`${dev}:${ino}`)) refuse();
    }
    return held(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

const pathIn = ({ fd }: Folder, name: Name): Buffer => Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), name]);

/** What has a name in a folder; a link is not followed. Undefined when nothing has it. */
export const statIn = (folder: Folder, name: Name): BigIntStats | undefined =>
  lstatSync(pathIn(folder, name), { bigint: true, throwIfNoEntry: false });

/** The same as a listing has it. */
export const plainStatIn = (folder: Folder, name: Name): Stats | undefined =>
  lstatSync(pathIn(folder, name), { throwIfNoEntry: false });

/** The identity of the regular file of that name; undefined when there is none, or something else. */
export const identityIn = (folder: Folder, name: Name): string | undefined => {
  const stat = statIn(folder, name);
  return stat?.isFile() ? identityOf(stat) : undefined;
};

/** Makes durable which names a folder has. */
export const syncFolder = (kernel: Kernel, folder: Folder): void => {
  let fd: number;
  try {
    fd = kernel.open(folder.fd, Buffer.from('.'), constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    // One that may be written to and not be listed cannot be synced: the file system does that in its own time.
    if (codeOf(error) === 'EACCES') return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some file systems do not sync folders (fsync(2), EINVAL).
    if (codeOf(error) !== 'EINVAL') throw error;
  } finally {
    closeSync(fd);
  }
};
