import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { Log } from '../core/log';
import type { Scan } from '../core/scan';
import type { OpenBackend } from '../storages/storages';
import type { Store } from '../store/store';

export interface DiscoverDeps {
  store: Store;
  openBackend: OpenBackend;
  clock: Clock;
  log: Log;
  /** Files were added, or the last one was. */
  found: () => void;
}

/**
 * Finds the files of a scan and makes them due. Starting again after an interruption adds only what is missing.
 * A storage that cannot be listed to its end makes the scan fail once the files found so far are done.
 */
export const discover = async (scan: Scan, deps: DiscoverDeps, signal: AbortSignal): Promise<void> => {
  const { store } = deps;
  try {
    const storage = await store.storages.find(scan.storageId);
    if (storage === undefined) throw new Fault('NOT_FOUND', 'The storage was removed.');
    const by = {
      scanId: scan.id,
      storageId: scan.storageId,
      reason: 'scan' as const,
      workflowId: scan.workflowId,
      workflowRevision: scan.workflowRevision,
    };
    for await (const group of deps.openBackend(storage.options).list(scan.path, signal)) {
      signal.throwIfAborted();
      await store.work.addFound(by, group, deps.clock());
      deps.found();
      // Listing and storing are synchronous underneath: requests and results get their turn between the groups.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await store.scans.markDiscovered(scan.id);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Fault)) throw error;
    deps.log.warn({ scan: scan.id, reason: error.message }, 'not all files of the scan were found');
    await store.scans.markDiscovered(scan.id, error.message);
  }
  deps.found();
};
