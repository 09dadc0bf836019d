import { useStorages } from '../data/setup';
import { visible } from '../parts/visible';
import type { NameOf } from './treatment';

/** How storages are called; one that is gone is told by its id. */
export const useStorageNames = (): NameOf => {
  const { data = [] } = useStorages();
  return (id) => visible(data.find((storage) => storage.id === id)?.name ?? id);
};
