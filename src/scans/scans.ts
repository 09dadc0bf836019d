import type { FileRecord, Verdict } from '../core/file';
import type { Scan } from '../core/scan';

export interface StartScan {
  storageId: string;
  name?: string;
  workflowId?: string;
  /** A folder in the storage; all of it without. */
  path?: string;
}

/** What happened, for progress and events. */
export type ScanEvent =
  | { type: 'scan'; scan: Scan }
  | { type: 'file'; scanId: string; rescanId?: string; fileId: string; path: string; verdict: Verdict };

/** A scan's life: found, given out, recorded, ended. Stops and starts lose nothing. */
export interface Scans {
  /** @throws Fault NOT_FOUND, STORAGE_UNREACHABLE */
  start: (request: StartScan, actor: string) => Promise<Scan>;
  /** @throws Fault NOT_FOUND, SCAN_FINISHED */
  pause: (id: string) => Promise<Scan>;
  resume: (id: string) => Promise<Scan>;
  cancel: (id: string, actor: string) => Promise<Scan>;
  /**
   * Looks again at single files.
   * @throws Fault NOT_FOUND, SCAN_NOT_FINISHED, REALTIME_SCAN_ACTIVE, FILE_IN_PROGRESS
   */
  rescan: (
    request: { fileIds: string[]; workflowId?: string },
    actor: string,
  ) => Promise<{ rescanId: string; files: FileRecord[] }>;
  /** Calls the listener for what happens from now on. Returns the way to stop it. */
  listen: (listener: (event: ScanEvent) => void) => () => void;
  /** Settles when a scan or rescan is not running any more. */
  ended: (runId: string) => Promise<void>;
  stop: () => Promise<void>;
}
