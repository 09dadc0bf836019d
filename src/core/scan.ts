import type { ReprocessFilter } from './filter';
import type { WorkflowRevision } from './workflow';

export type ScanState = 'running' | 'paused' | 'finished' | 'canceled' | 'failed';
export type ScanKind = 'scan' | 'realtime';

/** The files of a scan by their latest processing; `pending` are those with a processing due. */
export interface Counts {
  total: number;
  pending: number;
  allowed: number;
  blocked: number;
  failed: number;
  failedRemediation: number;
  canceled: number;
  bytes: number;
}

export interface Scan {
  id: string;
  name: string;
  kind: ScanKind;
  state: ScanState;
  storageId: string;
  storageName: string;
  /** As the published API counts them. */
  storageType: number;
  /** The folder in the storage; empty for all of it. */
  path: string;
  workflowId: string;
  workflowRevision: number;
  /** False while files are still being found. */
  discovered: boolean;
  /** How far they are found, for the storage that lists them; absent at the beginning. */
  cursor?: string;
  error?: string;
  createdAt: number;
  finishedAt?: number;
  counts: Counts;
}

/** Whether a scan is real-time processing that goes on until it is stopped; one that was stopped ends with its last files like any scan. */
export const isGuarding = ({ kind, state, discovered }: Pick<Scan, 'kind' | 'state' | 'discovered'>): boolean =>
  kind === 'realtime' && state === 'running' && !discovered;

export type RescanState = 'running' | 'paused' | 'finished' | 'canceled';

/** Files that one rescan can be asked for by name. */
export const MOST_FILES = 1000;

/** A wish to look again at files that were judged. */
export interface Rescan {
  id: string;
  state: RescanState;
  /** The report that it is of; absent for single files. */
  scanId?: string;
  filter?: ReprocessFilter & { outdated: boolean };
  /** What its files go through: one workflow for a report, and for single files those of their storages. */
  workflows: WorkflowRevision[];
  /** Every engine is asked, whatever is known. */
  force: boolean;
  /** Who asked. */
  actor: string;
  createdAt: number;
  finishedAt?: number;
  /** False while files of the report are still being made due. */
  planned: boolean;
  total: number;
  pending: number;
  /** Files that another processing held already. */
  skipped: number;
  canceled: number;
}
