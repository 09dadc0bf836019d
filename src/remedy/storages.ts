import { Fault } from '../core/fault';
import type { Destination, Located } from '../core/remediation';
import type { Storage } from '../core/storage';
import type { Backend } from '../storages/contract';
import { keepRoot } from '../storages/keep-root';
import type { OpenBackend } from '../storages/storages';
import type { Store } from '../store/store';

/** A storage that is acted on. */
export interface Opened {
  storage: Storage;
  backend: Backend;
}

/**
 * Opens a storage by its id, if it is there: the empty folder of a share that is not mounted is not acted in.
 * @throws Fault NOT_FOUND, STORAGE_UNREACHABLE
 */
export type OpenStorage = (id: string) => Promise<Opened>;

export const createOpenStorage =
  (store: Pick<Store, 'storages'>, openBackend: OpenBackend): OpenStorage =>
  async (id) => {
    const storage = await store.storages.find(id);
    if (storage === undefined) {
      throw new Fault('NOT_FOUND', `There is no storage ${id} any more.`, {
        hint: 'Name another one in the workflow, or add it again.',
      });
    }
    const backend = await openBackend(storage);
    // A bucket that is away says so by itself.
    if (!backend.isLocal) return { storage, backend };
    const why = await backend.away();
    if (why !== undefined) throw why;
    const held = await keepRoot(store, storage);
    return { storage: held, backend: await openBackend(held) };
  };

const startsWith = (names: Uint8Array[], beginning: Uint8Array[]): boolean =>
  beginning.every((name, at) => Buffer.from(name).equals(names[at] ?? Buffer.alloc(0)));

/**
 * Where a destination wants a file: in which storage, and at which place there.
 * `isThere` when the file lies in that folder already, so that what is put there is not put into a folder in it when it is met again.
 */
export const aim = async (
  open: OpenStorage,
  source: Located,
  { storageId = source.storageId, folder, structure }: Destination,
): Promise<Opened & Located & { isThere: boolean }> => {
  const from = await open(source.storageId);
  const into = storageId === source.storageId ? from : await open(storageId);
  const names = from.backend.namesOf(source.place);
  const { backend } = into;
  const at = backend.placeOf(folder, structure === 'keep' ? names : names.slice(-1));
  const top = backend.namesOf(backend.placeOf(folder, names.slice(-1))).slice(0, -1);
  const folders = names.slice(0, -1);
  const isBelow = startsWith(folders, top) && (structure === 'keep' || folders.length === top.length);
  return { ...into, storageId, place: at, isThere: storageId === source.storageId && isBelow };
};
