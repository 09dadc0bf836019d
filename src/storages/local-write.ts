import { closeSync, constants, fstatSync, fsyncSync, writeSync } from 'node:fs';
import { Fault } from '../core/fault';
import type { Place } from '../core/file';
import type { Act, Claim } from './act';
import { writeAttributes } from './attributes';
import { type Folder, identityIn, statIn, syncFolder } from './folder';
import { identityOf } from './identity';
import type { Kernel, Name } from './kernel';
import { bytesOf, type Local, openParent, readPieces } from './local-file';
import { numbered } from './numbered';
import { entryOf } from './walk';

/** What an act has under way in a folder, until it has its own name. */
export const asideOf = ({ id }: Pick<Act, 'id'>): Name => Buffer.from(`.assay-${id}`);

const isCode = (error: unknown, code: string): boolean => (error as { code?: string }).code === code;

/** The same place under another name. */
const renamed = (place: Place, name: Name): Place => {
  const shown = place.path.slice(0, place.path.lastIndexOf('/') + 1) + Buffer.from(name).toString();
  const bytes = bytesOf(place);
  return entryOf(shown, Buffer.concat([bytes.subarray(0, bytes.lastIndexOf(0x2f) + 1), name]));
};

const taken = (path: string): Fault =>
  new Fault('NAME_TAKEN', `There is something at ${path} already; nothing is overwritten.`, {
    hint: 'Move it away, or name another place.',
  });

/**
 * Gives what lies aside in a folder its name there, or a numbered one where something has it. The place is claimed before the file appears at it.
 * @throws Fault NAME_TAKEN with `exact`
 */
export const settle = async (
  kernel: Kernel,
  folder: Folder,
  to: Place,
  act: Act,
  { identity, exact = false }: { identity: string; exact?: boolean },
): Promise<Claim> => {
  const wanted = bytesOf(to);
  for (const name of numbered(wanted.subarray(wanted.lastIndexOf(0x2f) + 1))) {
    if (statIn(folder, name) === undefined) {
      const claim = { place: renamed(to, name), identity };
      await act.claim(claim);
      try {
        kernel.rename(folder.fd, asideOf(act), folder.fd, name);
        syncFolder(kernel, folder);
        return claim;
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
    }
    if (exact) throw taken(to.path);
  }
  throw new Error('unreachable: the names do not end');
};

/** Takes away what an interrupted act left aside, if there is something. */
export const clearAside = (kernel: Kernel, folder: Folder, act: Act): void => {
  try {
    kernel.unlink(folder.fd, asideOf(act), 'file');
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
};

/** Whether an act that was cut off had come to its end: what it claimed is there. */
export const isThere = (local: Local, { place, identity }: Claim): boolean => {
  try {
    const { folder: opened, name } = openParent(local, place);
    using folder = opened;
    return identityIn(folder, name) === identity;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
};

const writeWhole = (fd: number, bytes: Uint8Array): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done);
};

/** Reads back what was written. @throws Fault NOT_POSSIBLE when it is something else */
const verify = async (fd: number, written: { sha256: string; size: number }, path: string): Promise<void> => {
  const hash = new Bun.CryptoHasher('sha256');
  for await (const piece of readPieces(fd, 0, written.size)) hash.update(piece);
  if (fstatSync(fd).size === written.size && hash.digest('hex') === written.sha256) return;
  throw new Fault('NOT_POSSIBLE', `What was written for ${path} is not what is read back; it was removed.`, {
    hint: 'Check the disk.',
  });
};

export interface Writing {
  content: AsyncIterable<Uint8Array>;
  attributes?: string;
  exact?: boolean;
  /** Called when all of it was written, before it appears; throws to give it up. */
  check?: () => void;
}

/** Writes a new file: aside, durably and read back, and only then at its place. What fails leaves nothing behind. */
export const writeFile = async (local: Local, to: Place, act: Act, writing: Writing): Promise<Claim> => {
  if (act.claimed !== undefined && isThere(local, act.claimed)) return act.claimed;
  const { kernel } = local;
  const { exact = false } = writing;
  const { folder: opened } = openParent(local, to, { make: true });
  using folder = opened;
  clearAside(kernel, folder, act);
  const fd = kernel.open(
    folder.fd,
    asideOf(act),
    constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOCTTY,
    0o600,
  );
  try {
    const hash = new Bun.CryptoHasher('sha256');
    let size = 0;
    for await (const piece of writing.content) {
      writeWhole(fd, piece);
      hash.update(piece);
      size += piece.length;
    }
    writing.check?.();
    if (writing.attributes !== undefined) writeAttributes(kernel, fd, writing.attributes, exact);
    fsyncSync(fd);
    await verify(fd, { sha256: hash.digest('hex'), size }, to.path);
    const identity = identityOf(fstatSync(fd, { bigint: true }));
    return await settle(kernel, folder, to, act, { identity, exact });
  } catch (error) {
    clearAside(kernel, folder, act);
    throw error;
  } finally {
    closeSync(fd);
  }
};
