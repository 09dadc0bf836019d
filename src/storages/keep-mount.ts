import { realpath } from 'node:fs/promises';
import type { Storage } from '../core/storage';
import type { Store } from '../store/store';
import { mountPointOf } from './mounts';
import { soon } from './soon';

const realPath = (path: string): Promise<string | undefined> =>
  // Not there now: what holds it is kept when it is.
  soon(realpath(path)).catch(() => undefined);

/** Keeps on which file system a folder is, so that the folder without what was mounted on it is known for what it is. */
export const keepMount = async (
  { storages }: { storages: Pick<Store['storages'], 'keepMount'> },
  storage: Storage,
): Promise<Storage> => {
  const { id, options } = storage;
  const path = options.kind === 'local' ? await realPath(options.path) : undefined;
  if (path === undefined) return storage;
  const mount = mountPointOf(path);
  if (mount !== storage.mount) await storages.keepMount(id, mount);
  return { ...storage, mount };
};
