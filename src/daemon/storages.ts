import { realpathSync } from 'node:fs';
import { Fault } from '../core/fault';
import { newId } from '../core/id';
import type { Storage } from '../core/storage';
import { keepRoot } from '../storages/keep-root';
import type { Store } from '../store/store';

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new Fault('STORAGE_UNREACHABLE', `${path} cannot be read: ${(error as { code?: string }).code}.`, {
      hint: 'Check the path.',
      cause: error,
    });
  }
};

/**
 * The storage of a path that was named on the command line; made when there is none yet.
 * @throws Fault STORAGE_UNREACHABLE
 */
export const storageOfPath = async (store: Store, path: string, now: number): Promise<Storage> => {
  const real = realPath(path);
  const known = (await store.storages.list()).find(({ options }) => options.kind === 'local' && options.path === real);
  if (known !== undefined) return known;
  const taken = await store.storages.findByName(real);
  const storage: Storage = {
    id: newId(),
    name: taken === undefined ? real : `${real} (${new Date(now).toISOString()})`,
    options: { kind: 'local', path: real },
    createdAt: now,
  };
  await store.storages.put(storage);
  return keepRoot(store, storage);
};

/**
 * Makes the storages that the configuration names and that do not exist.
 * @throws Fault CONFIG_INVALID when it names a workflow that is not there
 */
export const addConfiguredStorages = async (
  store: Store,
  configured: { name: string; path: string; workflow?: string }[],
  now: number,
): Promise<void> => {
  for (const { name, path, workflow } of configured) {
    if ((await store.storages.findByName(name)) !== undefined) continue;
    const chosen = workflow === undefined ? undefined : (await store.workflows.list()).find((w) => w.name === workflow);
    if (workflow !== undefined && chosen === undefined) {
      throw new Fault('CONFIG_INVALID', `The storage ${name} names the workflow "${workflow}", which does not exist.`, {
        hint: 'Leave the workflow out for the default one.',
      });
    }
    const options = { kind: 'local' as const, path };
    const storage: Storage = { id: newId(), name, options, workflowId: chosen?.id, createdAt: now };
    await store.storages.put(storage);
    await keepRoot(store, storage);
  }
};
