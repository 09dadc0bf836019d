import { realpath, stat } from 'node:fs/promises';
import type { KnownRoot, Storage } from '../core/storage';
import type { Store } from '../store/store';
import { mountPointOf } from './mounts';
import { soon } from './soon';

const rootAt = async (path: string): Promise<KnownRoot> => {
  const real = await realpath(path);
  return { isFolder: (await stat(real)).isDirectory(), mount: mountPointOf(real) };
};

/** Keeps what a local storage is while it is there, so that a folder without what was mounted on it, or none, is known for what it is. */
export const keepRoot = async (
  { storages }: { storages: Pick<Store['storages'], 'keepRoot'> },
  storage: Storage,
): Promise<Storage> => {
  const { id, options } = storage;
  if (options.kind !== 'local') return storage;
  // Not there now: what it is is kept when it is.
  const root = await soon(rootAt(options.path)).catch(() => undefined);
  if (root === undefined) return storage;
  if (!Bun.deepEquals(root, storage.root)) await storages.keepRoot(id, root);
  return { ...storage, root };
};
