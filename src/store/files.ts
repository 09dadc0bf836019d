import type { Row } from '@libsql/client';
import type { FileRecord, Processing, Reason, Verdict } from '../core/file';
import { kindsTaken, type ReprocessFilter } from '../core/filter';
import type { Findings } from '../core/findings';
import {
  type Detection,
  detectionBits,
  detectionsOf,
  type FileState,
  type ResultCode,
  type Status,
  type StatusFilter,
} from '../core/result';
import type { Database } from './open';
import { placeOf } from './place';

const toFile = (row: Row): FileRecord => ({
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
});

const toProcessing = (row: Row): Processing => {
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

const COLUMNS = `files.*, hex(files.raw_path) AS raw, EXISTS (SELECT 1 FROM work WHERE work.file_id = files.id) AS due`;

export interface FileFilter {
  scanId: string;
  status?: StatusFilter[];
  detection?: Detection[];
  search?: string;
  /** The id that ended the page before. */
  after?: string;
  limit: number;
}

/** The conditions of the reprocess filter, made of the same table as `takes` in core/filter. */
export const outcomeConditions = ({ status, detection }: ReprocessFilter) => {
  const where: string[] = [];
  const args: { [name: string]: string | number } = {};
  if (status.length > 0) {
    where.push(`(files.state, ifnull(files.status, '')) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:kinds))`);
    args.kinds = JSON.stringify(kindsTaken(status).map((kind) => [kind.state, kind.status ?? '']));
  }
  if (detection.length > 0) {
    where.push('files.detections & :detections = :detections');
    args.detections = detectionBits(detection);
  }
  return { where, args };
};

const conditionsOf = ({ scanId, status = [], detection = [], search }: FileFilter) => {
  const { where, args } = outcomeConditions({ status, detection });
  where.unshift('files.scan_id = :scan');
  args.scan = scanId;
  if (search) {
    where.push('instr(lower(files.path), lower(:search)) > 0');
    args.search = search;
  }
  return { where, args };
};

export const createFileQueries = ({ client }: Database) => ({
  find: async (id: string): Promise<FileRecord | undefined> => {
    const { rows } = await client.execute({ sql: `SELECT ${COLUMNS} FROM files WHERE id = :id`, args: { id } });
    return rows[0] && toFile(rows[0]);
  },

  /** The newest record of the file at a path, whichever scan it is of. */
  findByPath: async (path: string): Promise<FileRecord | undefined> => {
    const { rows } = await client.execute({
      sql: `SELECT ${COLUMNS} FROM files WHERE path = :path ORDER BY id DESC LIMIT 1`,
      args: { path },
    });
    return rows[0] && toFile(rows[0]);
  },

  /** A page of a scan's files, in the order in which they were found. */
  list: async (filter: FileFilter): Promise<FileRecord[]> => {
    const { where, args } = conditionsOf(filter);
    if (filter.after) {
      where.push('files.id > :after');
      args.after = filter.after;
    }
    const { rows } = await client.execute({
      sql: `SELECT ${COLUMNS} FROM files INDEXED BY files_by_scan WHERE ${where.join(' AND ')} ORDER BY files.id LIMIT :limit`,
      args: { ...args, limit: filter.limit },
    });
    return rows.map(toFile);
  },

  count: async (filter: FileFilter): Promise<number> => {
    const { where, args } = conditionsOf(filter);
    const { rows } = await client.execute({
      sql: `SELECT count(*) AS n FROM files WHERE ${where.join(' AND ')}`,
      args,
    });
    return Number(rows[0]?.n ?? 0);
  },

  findProcessing: async (id: string): Promise<Processing | undefined> => {
    const { rows } = await client.execute({ sql: 'SELECT * FROM processings WHERE id = :id', args: { id } });
    return rows[0] && toProcessing(rows[0]);
  },

  /** The explanations of some processings' verdicts, by id; those that explain nothing are left out. */
  explanations: async (processingIds: string[]): Promise<Map<string, string>> => {
    const { rows } = await client.execute({
      sql: `SELECT id, detail ->> 'explanation' AS why FROM processings WHERE id IN (SELECT value FROM json_each(:ids)) AND why <> ''`,
      args: { ids: JSON.stringify(processingIds) },
    });
    return new Map(rows.map((row) => [String(row.id), String(row.why)]));
  },

  /** Every finished processing of a file, newest first. */
  history: async (fileId: string): Promise<Processing[]> => {
    const { rows } = await client.execute({
      sql: 'SELECT * FROM processings WHERE file_id = :fileId ORDER BY id DESC',
      args: { fileId },
    });
    return rows.map(toProcessing);
  },
});

export type FileQueries = ReturnType<typeof createFileQueries>;
