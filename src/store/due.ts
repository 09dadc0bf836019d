import type { Row } from '@libsql/client';
import type { Due, Reason } from '../core/file';
import { EARLIER, toEarlier } from './earlier';
import { type KeptLocation, locationOf } from './location';
import { placeOf } from './place';

/** A due processing with what it needs of its file, as one column: each further one of a row costs as much as all of this. Lines of JSON. */
export const DUE = `json_array(file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at, attempts, alone, last_error)
  || char(10) || (SELECT json_array(path, hex(raw_path), size, storage_id, scan_id, hash, json(location)) FROM files WHERE id = work.file_id)
  || CASE reason WHEN 'rescan' THEN char(10) || ${EARLIER} ELSE '' END AS due`;

type DueRow = [
  fileId: string,
  processingId: string,
  runId: string,
  reason: Reason,
  workflowId: string,
  workflowRevision: number,
  queuedAt: number,
  attempts: number,
  alone: number,
  lastError: string | null,
];

type FileRow = [
  path: string,
  raw: string,
  size: number,
  storageId: string,
  scanId: string,
  hash: string | null,
  location: KeptLocation | null,
];

/** Reads what `DUE` gave. */
export const toDue = (row: Row): Due => {
  const [due = '', file = '', ...earlier] = String(row.due).split('\n');
  const [fileId, processingId, runId, reason, workflowId, workflowRevision, queuedAt, attempts, alone, lastError] =
    JSON.parse(due) as DueRow;
  const [path, raw, size, storageId, scanId, hash, location] = JSON.parse(file) as FileRow;
  return {
    fileId,
    processingId,
    runId,
    scanId,
    storageId,
    place: placeOf(path, raw),
    location: locationOf(location),
    size,
    hash: hash ?? undefined,
    reason,
    workflowId,
    workflowRevision,
    queuedAt,
    attempts,
    alone: alone === 1,
    lastError: lastError ?? undefined,
    earlier: earlier.length === 0 ? undefined : toEarlier(earlier),
  };
};
