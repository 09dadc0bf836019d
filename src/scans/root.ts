import { realpathSync, statSync } from 'node:fs';
import type { KnownRoot, Storage } from '../core/storage';
import { mountPointOf } from '../storages/mounts';
import type { Store } from '../store/store';

const rootAt = (path: string): KnownRoot | undefined => {
  try {
    const real = realpathSync(path);
    return { isFolder: statSync(real).isDirectory(), mount: mountPointOf(real) };
  } catch {
    // Not there now: what it is is kept when it is.
    return undefined;
  }
};

/** Keeps what a local storage is while it is there, so that a folder without what was mounted on it, or none, is known for what it is. */
export const keepRoot = async ({ storages }: Pick<Store, 'storages'>, storage: Storage): Promise<Storage> => {
  const { id, options } = storage;
  const root = options.kind === 'local' ? rootAt(options.path) : undefined;
  if (root === undefined) return storage;
  if (!Bun.deepEquals(root, storage.root)) await storages.keepRoot(id, root);
  return { ...storage, root };
};
