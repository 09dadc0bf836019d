import type { Found, Place } from '../core/file';

/** Where files live. One file a kind; `storages.ts` picks by kind. */
export interface Backend {
  /**
   * Lists what is below a folder, in groups, in an order that a second listing repeats.
   * What cannot be listed is found too, so that it gets a result that says so; links are left out.
   * @throws Fault STORAGE_UNREACHABLE when the folder itself is not to be had
   */
  list: (folder: string, signal: AbortSignal) => AsyncIterable<Found[]>;
  /**
   * The files at some paths, in their order. One that is not there, or is no file, is found too, so that it gets a result that says so.
   * @throws Fault BAD_REQUEST for a path outside of the storage, STORAGE_UNREACHABLE
   */
  find: (paths: string[]) => Promise<Found[]>;
  /** @throws Fault STORAGE_UNREACHABLE with what is wrong and what to do */
  test: () => Promise<void>;
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
      /** Tells of all that happens below the root from now on. Returns the way to stop it. */
      watch: (told: (event: WatchEvent) => void) => () => void;
      /** Undefined when nothing is there. */
      look: (place: Place) => Looked | undefined;
      /** False once the root is another folder than the one that is watched: unmounted, replaced, removed. */
      isSame: () => boolean;
    }
  | { by: 'listing'; reason: string };
