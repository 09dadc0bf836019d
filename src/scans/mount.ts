import { realpathSync } from 'node:fs';
import type { Storage } from '../core/storage';
import { mountPointOf } from '../storages/mounts';
import type { Store } from '../store/store';

const realPath = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    // Not there now: what holds it is kept when it is.
    return undefined;
  }
};

/** Keeps on which file system a folder is, so that the folder without what was mounted on it is known for what it is. */
export const keepMount = async ({ storages }: Pick<Store, 'storages'>, storage: Storage): Promise<Storage> => {
  const { id, options } = storage;
  const path = options.kind === 'local' ? realPath(options.path) : undefined;
  if (path === undefined) return storage;
  const mount = mountPointOf(path);
  if (mount !== storage.mount) await storages.keepMount(id, mount);
  return { ...storage, mount };
};
