import type { Storage, StorageSecret } from '../core/storage';
import type { Backend } from './contract';
import { type Kernel, openKernel } from './kernel';
import { createLocal } from './local';

/** Makes the backend of a storage by its kind; the same one while the storage is the same. */
export type OpenBackend = (storage: Storage) => Promise<Backend>;

export interface BackendDeps {
  /** Folders of this host that no storage looks into: Assay's own state. */
  except: string[];
  secretOf: (storageId: string) => Promise<StorageSecret | undefined>;
}

const create = async (
  { id, options, root }: Storage,
  { except, secretOf, kernel }: BackendDeps & { kernel: Kernel },
): Promise<Backend> => {
  if (options.kind === 'local') return createLocal(options.path, except, kernel, root);
  // The client is large: a daemon without such a storage does without it.
  const { createS3 } = await import('./s3/s3');
  return createS3(options, () => secretOf(id));
};

export const createOpenBackend = (deps: BackendDeps): OpenBackend => {
  const kernel = openKernel();
  const opened = new Map<string, { made: string; backend: Promise<Backend> }>();
  return (storage) => {
    const made = JSON.stringify([storage.options, storage.root, storage.secretMark]);
    const known = opened.get(storage.id);
    if (known?.made === made) return known.backend;
    const backend = create(storage, { ...deps, kernel });
    opened.set(storage.id, { made, backend });
    return backend;
  };
};
