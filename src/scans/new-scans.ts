import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import { newId } from '../core/id';
import { type Storage, storageTypeOf } from '../core/storage';
import type { Workflow } from '../core/workflow';
import { keepRoot } from '../storages/keep-root';
import type { OpenBackend } from '../storages/storages';
import type { NewScan } from '../store/scans';
import type { Store } from '../store/store';

/** A scan of a storage, or of a folder in it. */
export interface StartScan {
  storageId: string;
  name?: string;
  workflowId?: string;
  /** A folder in the storage; all of it without. */
  path?: string;
}

/** Files that are looked into by themselves, with a scan record of their own. */
export interface StartFiles {
  storageId: string;
  /** In the storage, relative to it or absolute. */
  paths: string[];
}

export interface NewScansDeps {
  store: Store;
  openBackend: OpenBackend;
  clock: Clock;
}

/** Makes the records of new scans: with what they go through, and who asked in the audit. */
export const createNewScans = ({ store, openBackend, clock }: NewScansDeps) => {
  const workflowFor = async (
    storageWorkflowId: string | undefined,
    workflowId: string | undefined,
  ): Promise<Workflow> => {
    if (workflowId !== undefined) {
      const chosen = await store.workflows.find(workflowId);
      if (chosen === undefined)
        throw new Fault('NOT_FOUND', `There is no workflow ${workflowId}.`, {
          hint: 'List the workflows to see their ids.',
        });
      return chosen;
    }
    return store.workflows.getFor(storageWorkflowId);
  };

  const getStorage = async (id: string): Promise<Storage> => {
    const storage = await store.storages.find(id);
    if (storage !== undefined) return storage;
    throw new Fault('NOT_FOUND', `There is no storage ${id}.`, { hint: 'List the storages to see their ids.' });
  };

  const newScan = (storage: Storage, workflow: Workflow, named: { name: string; path: string }): NewScan => ({
    ...named,
    id: newId(),
    kind: 'scan',
    state: 'running',
    storageId: storage.id,
    storageName: storage.name,
    storageType: storageTypeOf(storage.options),
    workflowId: workflow.id,
    workflowRevision: workflow.revision,
    createdAt: clock(),
  });

  return {
    /** The workflow that applies now: the one that is named, else the storage's, else the default. */
    workflowFor,

    /** A scan whose files are still to be found; returns its id. @throws Fault NOT_FOUND, STORAGE_UNREACHABLE */
    ofFolder: async ({ storageId, name, workflowId, path = '' }: StartScan, actor: string): Promise<string> => {
      const storage = await getStorage(storageId);
      const workflow = await workflowFor(storage.workflowId, workflowId);
      await (await openBackend(storage)).test();
      await keepRoot(store, storage);
      const scan = newScan(storage, workflow, { name: name ?? storage.name, path });
      await store.scans.insert(scan);
      await store.audit.append(actor, 'scan.start', { scanId: scan.id, storage: storage.name, path }, scan.createdAt);
      return scan.id;
    },

    /**
     * A scan of just the files at some paths, all of them due; returns its id, and the id of the file at each path.
     * @throws Fault NOT_FOUND, BAD_REQUEST for a path outside of the storage, STORAGE_UNREACHABLE
     */
    ofFiles: async ({ storageId, paths }: StartFiles, actor: string): Promise<{ id: string; fileIds: string[] }> => {
      const storage = await getStorage(storageId);
      const workflow = await workflowFor(storage.workflowId, undefined);
      const found = await (await openBackend(storage)).find(paths);
      const scan = newScan(storage, workflow, { name: 'On demand', path: '' });
      const fileIds = await store.scans.insertWithFiles(scan, found);
      const files = new Set(fileIds).size;
      await store.audit.append(actor, 'scan.start', { scanId: scan.id, storage: storage.name, files }, scan.createdAt);
      return { id: scan.id, fileIds };
    },
  };
};
