import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import type { Place } from '../core/file';
import { changed, gone } from './act-fault';
import { readAttributes } from './attributes';
import { type Folder, type OpenFolder, openFolder, splitPath, statIn } from './folder';
import { identityOf } from './identity';
import type { Kernel } from './kernel';

/** What acts on local files stand upon. */
export interface Local {
  kernel: Kernel;
  /** Folders that are never entered: Assay's own state. */
  own: readonly string[];
}

/** An open file that is the one that was meant. */
export interface Source extends Disposable {
  fd: number;
  size: number;
  identity: string;
  /** @throws Fault FILE_CHANGED when it is not what it was when it was opened */
  check: () => void;
  attributes: () => string;
}

export const PIECE = 1024 * 1024;

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The bytes by which the kernel knows a place. */
export const bytesOf = (place: Place): Buffer => Buffer.from(place.raw ?? place.path);

/** Opens the folder that a file is in. */
export const openParent = (
  { kernel, own }: Local,
  place: Place,
  options: Omit<OpenFolder, 'own'> = {},
): { folder: Folder; name: Buffer } => {
  const { folder, name } = splitPath(bytesOf(place));
  return { folder: openFolder(kernel, folder, { ...options, own }), name };
};

/**
 * Opens a regular file to read, by its folder.
 * @param identity only if it is this
 * @throws Fault NOT_FOUND, FILE_CHANGED; what the system calls throw
 */
export const openSource = (local: Local, place: Place, identity: string | undefined): Source => {
  const { kernel } = local;
  const { folder: opened, name } = openParent(local, place);
  using folder = opened;
  const before = statIn(folder, name);
  if (before === undefined) throw gone(place.path);
  // Looked at before it is opened, for opening a device can do something.
  if (!before.isFile()) throw changed(place.path);
  const fd = kernel.open(folder.fd, name, FLAGS);
  try {
    const stat = fstatSync(fd, { bigint: true });
    const now = identityOf(stat);
    if (!stat.isFile() || (identity !== undefined && now !== identity)) throw changed(place.path);
    return {
      fd,
      size: Number(stat.size),
      identity: now,
      check: () => {
        if (identityOf(fstatSync(fd, { bigint: true })) !== now) throw changed(place.path);
      },
      attributes: () => readAttributes(kernel, fd, stat),
      [Symbol.dispose]: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

/** The bytes of an open file from one position to another, piece by piece; others get their turn between the pieces. */
export async function* readPieces(fd: number, start: number, end: number): AsyncGenerator<Uint8Array, void> {
  for (let position = start; position < end; ) {
    const piece = new Uint8Array(Math.min(PIECE, end - position));
    const n = readSync(fd, piece, 0, piece.length, position);
    if (n === 0) return;
    yield piece.subarray(0, n);
    position += n;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
