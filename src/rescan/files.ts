import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { FileRecord } from '../core/file';
import { newId } from '../core/id';
import { isGuarding, type Rescan, type Scan } from '../core/scan';
import type { Workflow } from '../core/workflow';
import type { Waiting } from '../scans/reach';
import type { Store } from '../store/store';

export interface RescanFilesDeps {
  store: Store;
  clock: Clock;
  /** The workflow that was asked for, else the storage's, else the default. */
  workflowFor: (storageWorkflowId: string | undefined, workflowId: string | undefined) => Promise<Workflow>;
  /** Why the files of a storage wait; undefined when they do not. */
  waiting: (storageId: string) => Waiting | undefined;
  wake: () => void;
}

const refuseUnfinished = ({ path }: FileRecord, scan: Scan): Fault =>
  isGuarding(scan)
    ? new Fault('REALTIME_SCAN_ACTIVE', `${path} belongs to a real-time scan that is active.`, {
        hint: 'Stop the real-time processing of that storage, then ask again.',
      })
    : new Fault('SCAN_NOT_FINISHED', `The scan of ${path} has not finished.`, {
        hint: 'Wait until it has, or resume or cancel it when it is paused, and ask again.',
      });

/** Says what a file that is due already waits for. */
const refuseHeld = ({ path }: FileRecord, holder: Rescan | undefined, waiting: Waiting | undefined): Fault => {
  const by = holder === undefined ? '' : ` by the rescan ${holder.id}`;
  if (holder?.state === 'paused') {
    return new Fault('FILE_IN_PROGRESS', `${path} is to be looked into${by}, which is paused.`, {
      hint: `Resume or cancel it: "assay rescans resume ${holder.id}".`,
    });
  }
  if (waiting !== undefined) {
    return new Fault(
      'FILE_IN_PROGRESS',
      `${path} is to be looked into${by} as soon as its storage is back: ${waiting.reason}`,
      {
        hint: waiting.hint,
      },
    );
  }
  return new Fault('FILE_IN_PROGRESS', `${path} is being looked into already${by}.`, { hint: 'Wait for that result.' });
};

/** Which single files, through what, and with which passwords. */
export interface FilesRequest {
  fileIds: string[];
  /** Each file goes through the workflow of its own storage without. */
  workflowId?: string;
  passwords?: string[];
}

/** Makes the rescan of single files: refused as a whole when a file's scan is not finished; files in progress are left out, unless all are. */
export const createRescanFiles = ({ store, clock, workflowFor, waiting, wake }: RescanFilesDeps) => {
  const getFinished = async (fileIds: string[]): Promise<FileRecord[]> => {
    const files: FileRecord[] = [];
    for (const id of new Set(fileIds)) {
      const file = await store.files.find(id);
      if (file === undefined)
        throw new Fault('NOT_FOUND', `There is no file ${id}.`, { hint: 'List the files of a scan to see their ids.' });
      const scan = await store.scans.find(file.scanId);
      if (scan?.state === 'running' || scan?.state === 'paused') throw refuseUnfinished(file, scan);
      files.push(file);
    }
    return files;
  };

  /** Each file with what it goes through: the workflow that was asked for, or that of its own storage. */
  const withWorkflows = async (files: FileRecord[], workflowId: string | undefined) => {
    const ofStorages = new Map<string, Promise<Workflow>>();
    const workflowOf = async (storageId: string) =>
      workflowFor((await store.storages.find(storageId))?.workflowId, workflowId);
    return Promise.all(
      files.map(async ({ id, storageId }) => {
        const workflow = ofStorages.get(storageId) ?? workflowOf(storageId);
        ofStorages.set(storageId, workflow);
        return { fileId: id, workflow: await workflow };
      }),
    );
  };

  return async ({ fileIds, workflowId, passwords = [] }: FilesRequest, actor: string) => {
    const files = await getFinished(fileIds);
    const [first] = files;
    if (first === undefined)
      throw new Fault('BAD_REQUEST', 'No file was named.', { hint: 'Give at least one file id.' });
    const again = await withWorkflows(files, workflowId);
    const id = newId();
    const names = new Set(again.map(({ workflow }) => workflow.name));
    const audit = { workflow: [...names].join(', '), passwords: passwords.length };
    // The store refuses again what changed since it was looked at here: there is no moment in which two processings of a file overlap.
    const taken = new Set(await store.rescans.insert({ id, actor, passwords, audit }, again, clock()));
    if (taken.size === 0) throw refuseHeld(first, await store.rescans.holding(first.id), waiting(first.storageId));
    wake();
    return { rescanId: id, files: files.filter((file) => taken.has(file.id)) };
  };
};
