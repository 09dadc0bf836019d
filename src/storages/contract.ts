import type { Fault } from '../core/fault';
import type { Found, Place } from '../core/file';
import type { Act, Claim, PutOptions } from './act';

/** A file as the storage has it now. */
export type Stated = Found & Identified;

export interface Identified {
  /**
   * By which the storage can tell whether it is still exactly this content: of a local file `dev:ino:size:mtimeNs`, of an object its ETag
   * with the version where there is one. Opaque to all others.
   */
  identity: string;
}

/** Some files that were found, and how far the listing is with them. */
export interface Listed {
  files: Found[];
  /** From where a later listing of the same folder goes on behind them; undefined where the kind begins anew. */
  cursor?: string;
}

/** A file that is open to be read. */
export interface Opened extends Identified {
  /** Of the whole file. Bytes. */
  size: number;
  /** The storage's own hash of it. */
  hash?: string;
  /** What it has beside its content, such as owner, mode and times: given to `put`, which understands that of its own kind. */
  attributes?: string;
  stream: AsyncIterable<Uint8Array>;
}

/** What to open: all of it without. */
export interface Range {
  /** The first byte. */
  start?: number;
  /** Behind the last byte. */
  end?: number;
  /** Only if it is still this; where versions are kept, this version even if there is a newer one by now. */
  identity?: string;
}

/** What a kind of storage cannot do, or cannot promise. */
export interface StorageLimits {
  /** How many tags a file can carry, and the longest name and value in characters; undefined where it carries none. */
  tags?: { most: number; name: number; value: number };
  /** The longest path. Bytes of UTF-8. */
  path: number;
  /** There are folders by themselves, which stay when they are empty. */
  folders: boolean;
  /** In sentences for people: what an act cannot promise. */
  notes: string[];
}

/**
 * Where files live. One file a kind; `storages.ts` picks by kind. Every verb may throw Fault STORAGE_UNREACHABLE, by which the storage as a whole
 * is away: what was wanted of it can be wanted again later. What is wrong with one file alone is another Fault:
 * NOT_FOUND when it is gone, FILE_CHANGED when it is not what it was any more (then nothing was touched), FORBIDDEN when Assay may not,
 * NOT_POSSIBLE for what the kind cannot do.
 */
export interface Backend {
  /** Its places are paths of this host, which the engine host opens itself; else a file is fetched. */
  readonly isLocal: boolean;
  readonly limits: StorageLimits;
  /**
   * Lists what is below a folder, in groups, in an order that a second listing repeats.
   * What cannot be listed is found too, so that it gets a result that says so; links are left out.
   * @param folder may be one file, too
   * @param after the cursor of the group that was kept last
   * @throws Fault NOT_FOUND in a bucket, when neither an object nor a folder has that name
   */
  list: (folder: string, signal: AbortSignal, after?: string) => AsyncIterable<Listed>;
  /**
   * The files at some paths, in their order. One that is not there, or is no file, is found too, so that it gets a result that says so.
   * @throws Fault BAD_REQUEST for a path outside of the storage
   */
  find: (paths: string[]) => Promise<Found[]>;
  /** The file at a place; undefined when there is none. */
  stat: (place: Place) => Promise<Stated | undefined>;
  /** Opens a file to read. The stream throws as the verb does; ending it early frees what it holds. */
  open: (place: Place, range: Range, signal: AbortSignal) => Promise<Opened>;
  /** Whether somebody has this file open to write to it, as far as can be told: what is there may be half of what it will be. */
  isWritten: (place: Place, identity: string) => Promise<boolean>;
  remove: (place: Place, identity: string, act: Act) => Promise<void>;
  /**
   * Each of these never overwrites: where something is at the place already, the new file gets a numbered name, `a (2).txt`. They make the
   * folders on the way, and return the place that it got. What fails leaves nothing behind.
   */
  move: (place: Place, identity: string, to: Place, act: Act) => Promise<Claim>;
  copy: (place: Place, identity: string, to: Place, act: Act) => Promise<Claim>;
  put: (to: Place, content: AsyncIterable<Uint8Array>, act: Act, options?: PutOptions) => Promise<Claim>;
  /** What such an act had made before it was cut off, as it is now; undefined when it did not come so far, or when that is another file by now. */
  made: (act: Act) => Promise<Claim | undefined>;
  /** Sets these tags; others that the file has stay. */
  tag: (place: Place, identity: string, tags: { [name: string]: string }) => Promise<void>;
  /** Removes the folders that a place was in, from the innermost upwards, as long as they are empty; never the storage's root. */
  removeEmptyFolders: (place: Place) => Promise<void>;
  /** The names from the storage's root to a file, its own last, as bytes. */
  namesOf: (place: Place) => Uint8Array[];
  /**
   * The place that such names stand for below a folder. Names that this kind cannot have are made harmless.
   * @throws Fault BAD_REQUEST for a folder outside of the storage
   */
  placeOf: (folder: string, names: Uint8Array[]) => Place;
  /** @throws Fault STORAGE_UNREACHABLE with what is wrong and what to do */
  test: () => Promise<void>;
  /** Why the storage as a whole is away and may come back by itself; undefined when it is not: what cannot be had then is the file's own matter. */
  away: () => Promise<Fault | undefined>;
  /**
   * How changes are noticed; absent where only listing again can tell.
   * @throws Fault STORAGE_UNREACHABLE
   */
  changes?: () => Changes;
}

/** What a watch tells. */
export type WatchEvent =
  /** Something is at a place that was not, or that is not as it was; it may be gone again. */
  | { type: 'touched'; place: Place }
  /** Not everything was told, so what changed must be found by listing. */
  | { type: 'lost'; reason: string }
  /** Some folders are not watched: what changes in them must be found by listing, from now on. */
  | { type: 'partly'; reason: string }
  /** This folder may not be read: no listing finds what changes in it either. */
  | { type: 'closed'; path: string }
  /** It tells nothing any more. */
  | { type: 'ended'; reason: string };

/** What is at a place now. */
export interface Looked {
  is: 'file' | 'folder' | 'link';
  found: Found;
  /** When its content or its status changed last, by the clock of where it lies. Milliseconds. */
  changedAt: number;
}

/** Where changes are told as they happen; or only by listing again, with the reason for people. */
export type Changes =
  | {
      by: 'events';
      /**
       * Tells of all that happens below the root from now on. Returns the way to stop it.
       * @throws Fault STORAGE_UNREACHABLE
       */
      watch: (told: (event: WatchEvent) => void) => () => void;
      /** Undefined when nothing is there. */
      look: (place: Place) => Looked | undefined;
      /**
       * False once the root is another folder than the one that is watched (unmounted, replaced, removed),
       * or a folder that was told of as closed may be read or is gone.
       */
      isSame: () => boolean;
    }
  | { by: 'listing'; reason: string };
