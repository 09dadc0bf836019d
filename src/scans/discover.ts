import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { Log } from '../core/log';
import type { Scan } from '../core/scan';
import type { Storage } from '../core/storage';
import type { OpenBackend } from '../storages/storages';
import type { Store } from '../store/store';
import type { Reach } from './reach';

export interface DiscoverDeps {
  store: Store;
  openBackend: OpenBackend;
  reach: Reach;
  clock: Clock;
  log: Log;
  /** Files were added, or the last one was. */
  found: () => void;
}

/** Waits while the storage of a scan is away; false when what went wrong is no matter of time. */
const waitFor = async (storage: Storage, error: Fault, { openBackend, reach }: DiscoverDeps, signal: AbortSignal) => {
  if (error.code !== 'STORAGE_UNREACHABLE') return false;
  const backend = await openBackend(storage);
  // Of a folder it is known whether it is away or not there at all; a bucket may be there again by now.
  const why = backend.isLocal ? await backend.away() : error;
  if (why === undefined) return false;
  reach.lost(storage.id, why);
  await reach.back(storage.id, signal);
  return true;
};

/**
 * Finds the files of a scan and makes them due. Starting again after an interruption goes on where the storage can tell, and else adds only
 * what is missing. A storage that is away is waited for; one that cannot be listed to its end makes the scan fail once the files found so far are done.
 */
export const discover = async (scan: Scan, deps: DiscoverDeps, signal: AbortSignal): Promise<void> => {
  const { store, reach } = deps;
  const by = {
    scanId: scan.id,
    storageId: scan.storageId,
    reason: 'scan' as const,
    workflowId: scan.workflowId,
    workflowRevision: scan.workflowRevision,
  };
  let after = scan.cursor;
  const list = async (storage: Storage): Promise<void> => {
    const backend = await deps.openBackend(storage);
    for await (const { files, cursor } of backend.list(scan.path, signal, after)) {
      signal.throwIfAborted();
      await store.work.addFound(by, files, deps.clock(), cursor);
      after = cursor;
      reach.reached(storage.id);
      deps.found();
      // Listing and storing are synchronous underneath: requests and results get their turn between the groups.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  for (;;) {
    const storage = await store.storages.find(scan.storageId);
    try {
      if (storage === undefined) throw new Fault('NOT_FOUND', 'The storage was removed.');
      await list(storage);
      await store.scans.markDiscovered(scan.id);
      break;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Fault)) throw error;
      if (storage !== undefined && (await waitFor(storage, error, deps, signal))) continue;
      if (signal.aborted) return;
      deps.log.warn({ scan: scan.id, reason: error.message }, 'not all files of the scan were found');
      await store.scans.markDiscovered(scan.id, error.message);
      break;
    }
  }
  deps.found();
};
