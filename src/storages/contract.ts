import type { Found } from '../core/file';

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
}
