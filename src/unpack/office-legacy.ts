import type { OleEntry } from './ole-directory';
import type { OleStorage } from './ole-storage';
import type { Turns } from './turns';

/** A stream, and what it is without its encryption, from its beginning on and not longer. */
export interface Patch {
  stream: OleEntry;
  bytes: () => Iterable<Uint8Array>;
}

/** The encryption of an Office document up to 2003, whose streams stay where they are. */
export interface LegacyLock {
  /** What opens the document; undefined when the password is wrong. */
  keyOf: (password: string, turns: Turns) => Promise<Buffer | undefined>;
  patches: (key: Buffer) => Patch[];
}

/** Finds the encryption of a document by its main stream; undefined when it has none. Throws when it is of an unknown kind. */
export type FindLock = (ole: OleStorage, main: OleEntry) => LegacyLock | undefined;
