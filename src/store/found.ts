import type { InStatement } from '@libsql/client';
import type { Found, Reason } from '../core/file';
import { newId } from '../core/id';
import { rawHexOf } from './place';

/** The run that found files belong to and the workflow that they go through. */
export interface FoundBy {
  scanId: string;
  storageId: string;
  reason: Reason;
  workflowId: string;
  workflowRevision: number;
}

/** The statements that add files to a scan with their processing due, and the id that each file gets unless the scan has it already. */
export const addStatements = (
  by: FoundBy,
  found: Found[],
  now: number,
): { ids: string[]; statements: InStatement[] } => {
  const files = found.map((file) => ({
    id: newId(),
    processing: newId(),
    path: file.path,
    raw: rawHexOf(file),
    size: file.size,
    modified: file.modifiedAt,
    hash: file.hash ?? null,
  }));
  const rows = JSON.stringify(files);
  const scan = by.scanId;
  const statements: InStatement[] = [
    {
      // Materialized, for json_each writes a row's text again for each field that is taken from it.
      sql: `WITH given AS MATERIALIZED (SELECT value FROM json_each(:rows))
        INSERT OR IGNORE INTO files (id, scan_id, storage_id, path, raw_path, size, modified_at, hash, created_at, state, result_code)
        SELECT value ->> 'id', :scan, :storage, value ->> 'path', unhex(value ->> 'raw'), value ->> 'size', value ->> 'modified', value ->> 'hash', :now, 'InProgress', 255
        FROM given`,
      args: { rows, scan, storage: by.storageId, now },
    },
    {
      sql: `UPDATE scans SET total = total + s.n, pending = pending + s.n, bytes = scans.bytes + s.bytes
        FROM (SELECT count(*) AS n, ifnull(sum(f.size), 0) AS bytes FROM json_each(:rows) JOIN files AS f ON f.id = value ->> 'id') AS s
        WHERE scans.id = :scan`,
      args: { rows, scan },
    },
    {
      sql: `INSERT INTO work (file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at)
        SELECT f.id, value ->> 'processing', :scan, :reason, :workflow, :revision, :now
        FROM json_each(:rows) JOIN files AS f ON f.id = value ->> 'id'`,
      args: { rows, scan, reason: by.reason, workflow: by.workflowId, revision: by.workflowRevision, now },
    },
  ];
  return { ids: files.map(({ id }) => id), statements };
};
