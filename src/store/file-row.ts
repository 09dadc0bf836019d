import type { Row } from '@libsql/client';
import type { FileRecord, Processing, Reason, Verdict } from '../core/file';
import type { Findings } from '../core/findings';
import { detectionsOf, type FileState, type ResultCode, type Status } from '../core/result';
import { readLocation } from './location';
import { placeOf } from './place';

/** What `toFile` needs of a file. */
export const FILE_COLUMNS = `files.*, hex(files.raw_path) AS raw, EXISTS (SELECT 1 FROM work WHERE work.file_id = files.id) AS due`;

export const toFile = (row: Row): FileRecord => ({
  ...placeOf(String(row.path), String(row.raw)),
  id: String(row.id),
  scanId: String(row.scan_id),
  storageId: String(row.storage_id),
  size: Number(row.size),
  modifiedAt: Number(row.modified_at),
  hash: row.hash === null ? undefined : String(row.hash),
  createdAt: Number(row.created_at),
  state: (row.due === 1 ? 'InProgress' : row.state) as FileState,
  status: row.status === null ? undefined : (row.status as Status),
  resultCode: Number(row.result_code) as ResultCode,
  detections: detectionsOf(Number(row.detections)),
  processingId: row.processing_id === null ? undefined : String(row.processing_id),
  workflowId: row.workflow_id === null ? undefined : String(row.workflow_id),
  processedAt: Number(row.processed_at) || undefined,
  location: readLocation(row.location),
});

export const toProcessing = (row: Row): Processing => {
  const detail = JSON.parse(String(row.detail)) as { explanation: string; decidedBy?: string; findings: Findings };
  const verdict: Verdict = {
    resultCode: Number(row.result_code) as ResultCode,
    state: row.state as FileState,
    status: row.status === null ? undefined : (row.status as Status),
    detections: detectionsOf(Number(row.detections)),
    explanation: detail.explanation,
    decidedBy: detail.decidedBy,
  };
  return {
    id: String(row.id),
    fileId: String(row.file_id),
    reason: row.reason as Reason,
    rescanId: row.rescan_id === null ? undefined : String(row.rescan_id),
    workflowId: String(row.workflow_id),
    workflowRevision: Number(row.workflow_revision),
    attempts: Number(row.attempts),
    queuedAt: Number(row.queued_at),
    verdict,
    findings: detail.findings,
  };
};
