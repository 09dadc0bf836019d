import type { Row } from '@libsql/client';
import type { Due, Found, Place, Processing, Reason } from '../core/file';
import { newId } from '../core/id';
import { detectionBits } from '../core/result';
import type { Database } from './open';
import { placeOf, rawHexOf } from './place';

/** The run that found files belong to and the workflow that they go through. */
export interface FoundBy {
  scanId: string;
  storageId: string;
  reason: Reason;
  workflowId: string;
  workflowRevision: number;
}

/** A finished processing with the run and the scan that count it. */
export type Finished = Processing & { runId: string; scanId: string; place: Place };

// CROSS JOIN fixes the order of a join, and a unary + keeps an index out of it (SQLite's query planner, section 6):
// a group of a few hundred rows must never become a walk over the whole scan.

/** The rows of the parameter as a table. Materialized, for json_each writes a row's text again for each field that is taken from it. */
const GIVEN = 'WITH given AS MATERIALIZED (SELECT value FROM json_each(:rows))';

/** The counters of a scan, each with the condition on a file's `state` and `status` that it counts. */
const COUNTERS = {
  allowed: "STATE = 'Available' AND STATUS = 'Allowed'",
  blocked: "STATE = 'Available' AND STATUS = 'Blocked'",
  failed: "STATE = 'Failed'",
  failed_remediation: "STATE = 'FailedRemediation'",
  canceled: "STATE = 'Canceled'",
};

const countWhere = (condition: string, state: string, status: string) =>
  `ifnull(sum(${condition.replace('STATE', state).replace('STATUS', status)}), 0)`;

const UPDATE_COUNTERS = `${GIVEN} UPDATE scans SET ${Object.keys(COUNTERS)
  .map((name) => `${name} = scans.${name} + d.${name}`)
  .join(', ')}, pending = scans.pending - d.first
  FROM (SELECT ${Object.entries(COUNTERS)
    .map(
      ([name, condition]) =>
        `${countWhere(condition, "value ->> 'state'", "value ->> 'status'")} - ${countWhere(condition, 'f.state', 'f.status')} AS ${name}`,
    )
    .join(', ')}, ifnull(sum(f.state = 'InProgress'), 0) AS first
    FROM given CROSS JOIN work AS w ON w.file_id = value ->> 'file' AND w.processing_id = value ->> 'id'
      CROSS JOIN files AS f ON f.id = w.file_id AND +f.scan_id = :scan) AS d
  WHERE scans.id = :scan`;

const STILL_DUE = `EXISTS (SELECT 1 FROM work AS w WHERE w.file_id = value ->> 'file' AND w.processing_id = value ->> 'id')`;

/** A due processing with what it needs of its file, as one column: each further one of a row costs as much as all of this. */
const DUE = `json_array(file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at, attempts, alone, last_error,
  json((SELECT json_array(path, hex(raw_path), size, storage_id, scan_id) FROM files WHERE id = work.file_id))) AS due`;

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
  file: [path: string, raw: string, size: number, storageId: string, scanId: string],
];

const toDue = (row: Row): Due => {
  const [
    fileId,
    processingId,
    runId,
    reason,
    workflowId,
    workflowRevision,
    queuedAt,
    attempts,
    alone,
    lastError,
    file,
  ] = JSON.parse(String(row.due)) as DueRow;
  const [path, raw, size, storageId, scanId] = file;
  return {
    fileId,
    processingId,
    runId,
    scanId,
    storageId,
    place: placeOf(path, raw),
    size,
    reason,
    workflowId,
    workflowRevision,
    queuedAt,
    attempts,
    alone: alone === 1,
    lastError: lastError ?? undefined,
  };
};

/** The durable queue: what is due, who holds it, and the recording of what came out. Each verb is one transaction. */
export const createWorkQueries = ({ client }: Database) => ({
  /** Adds files to a scan with their processing due. Files that the scan has already are left alone, so discovering again adds nothing. */
  addFound: async (by: FoundBy, found: Found[], now: number): Promise<void> => {
    const rows = JSON.stringify(
      found.map((file) => ({
        id: newId(),
        processing: newId(),
        path: file.path,
        raw: rawHexOf(file),
        size: file.size,
        modified: file.modifiedAt,
        hash: file.hash ?? null,
      })),
    );
    const scan = by.scanId;
    await client.batch(
      [
        {
          sql: `${GIVEN}
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
      ],
      'write',
    );
  },

  /** The runs that have something to give out, the rescans first, because somebody waits for them. */
  listRuns: async (): Promise<string[]> => {
    const { rows } = await client.execute(
      `SELECT id FROM rescans WHERE state = 'running' UNION ALL SELECT id FROM scans WHERE state = 'running'`,
    );
    return rows.map((row) => String(row.id));
  },

  /**
   * Gives out up to `limit` processings of a run that are due. Their attempt is counted and their lease written before they are returned.
   * @param alone only those (or only not those) that ended the engine host before
   */
  take: async (lease: string, runId: string, limit: number, now: number, alone: boolean): Promise<Due[]> => {
    const { rows } = await client.execute({
      sql: `UPDATE work SET lease = :lease, attempts = attempts + 1
        WHERE file_id IN (SELECT file_id FROM work WHERE run_id = :run AND lease IS NULL AND alone = :alone AND not_before <= :now LIMIT :limit)
        RETURNING ${DUE}`,
      args: { lease, run: runId, limit, now, alone: alone ? 1 : 0 },
    });
    return rows.map(toDue);
  },

  /** The processing that a file has due. */
  find: async (fileId: string): Promise<Due | undefined> => {
    const { rows } = await client.execute({
      sql: `SELECT ${DUE} FROM work WHERE file_id = :fileId`,
      args: { fileId },
    });
    return rows[0] && toDue(rows[0]);
  },

  count: async (): Promise<number> => Number((await client.execute('SELECT count(*) AS n FROM work')).rows[0]?.n ?? 0),

  /** When the next processing that waits becomes due; undefined when none waits. */
  nextDue: async (): Promise<number | undefined> => {
    const { rows } = await client.execute(
      'SELECT min(not_before) AS at FROM work WHERE lease IS NULL AND not_before > 0',
    );
    const at = rows[0]?.at;
    return at === null || at === undefined ? undefined : Number(at);
  },

  /** Puts processings back: to be tried again not before a time, or alone, or with the attempt not counted because nobody began it. */
  giveBack: async (
    returned: { fileId: string; notBefore: number; alone: boolean; uncount: boolean; error?: string }[],
  ): Promise<void> => {
    await client.execute({
      sql: `UPDATE work SET lease = NULL, not_before = value ->> 'notBefore', alone = alone OR (value ->> 'alone'),
          attempts = attempts - (value ->> 'uncount'), last_error = ifnull(value ->> 'error', last_error)
        FROM json_each(:rows) WHERE work.file_id = value ->> 'fileId'`,
      args: { rows: JSON.stringify(returned) },
    });
  },

  /** Frees what a daemon that ended held. Returns how many. */
  freeLeases: async (): Promise<number> =>
    (await client.execute('UPDATE work SET lease = NULL, alone = 1 WHERE lease IS NOT NULL')).rowsAffected,

  /** Keeps what came out: the processing, the file's new outcome, the counts. What is no longer due (it was canceled) is dropped. */
  record: async (finished: Finished[]): Promise<void> => {
    const rows = JSON.stringify(
      finished.map(({ verdict, findings, ...p }) => ({
        id: p.id,
        file: p.fileId,
        state: verdict.state,
        status: verdict.status ?? null,
        code: verdict.resultCode,
        detections: detectionBits(verdict.detections),
        size: findings.content?.size ?? null,
      })),
    );
    const details = JSON.stringify(
      finished.map(({ verdict, findings, ...p }) => ({
        id: p.id,
        file: p.fileId,
        reason: p.reason,
        rescan: p.rescanId ?? null,
        workflow: p.workflowId,
        revision: p.workflowRevision,
        state: verdict.state,
        status: verdict.status ?? null,
        code: verdict.resultCode,
        detections: detectionBits(verdict.detections),
        attempts: p.attempts,
        queued: p.queuedAt,
        started: findings.startedAt,
        ended: findings.endedAt,
        sha256: findings.content?.sha256 ?? null,
        detail: JSON.stringify({ explanation: verdict.explanation, decidedBy: verdict.decidedBy, findings }),
      })),
    );
    const scanIds = [...new Set(finished.map((f) => f.scanId))];
    const rescanIds = [...new Set(finished.flatMap((f) => f.rescanId ?? []))];
    await client.batch(
      [
        {
          sql: `${GIVEN}
            INSERT INTO processings (id, file_id, reason, rescan_id, workflow_id, workflow_revision, state, status, result_code, detections, attempts, queued_at, started_at, ended_at, sha256, detail)
            SELECT value ->> 'id', value ->> 'file', value ->> 'reason', value ->> 'rescan', value ->> 'workflow', value ->> 'revision', value ->> 'state', value ->> 'status', value ->> 'code',
              value ->> 'detections', value ->> 'attempts', value ->> 'queued', value ->> 'started', value ->> 'ended', value ->> 'sha256', value ->> 'detail'
            FROM given WHERE ${STILL_DUE}`,
          args: { rows: details },
        },
        ...scanIds.map((scan) => ({ sql: UPDATE_COUNTERS, args: { rows, scan } })),
        ...rescanIds.map((rescan) => ({
          sql: `UPDATE rescans SET pending = pending - (SELECT count(*) FROM json_each(:rows) CROSS JOIN work AS w
              ON w.file_id = value ->> 'file' AND w.processing_id = value ->> 'id' AND +w.run_id = :rescan) WHERE id = :rescan`,
          args: { rows, rescan },
        })),
        {
          sql: `${GIVEN}
            UPDATE files SET state = value ->> 'state', status = value ->> 'status', result_code = value ->> 'code', detections = value ->> 'detections',
              processing_id = value ->> 'id', size = ifnull(value ->> 'size', size)
            FROM given WHERE files.id = value ->> 'file' AND ${STILL_DUE}`,
          args: { rows },
        },
        {
          sql: `DELETE FROM work WHERE (file_id, processing_id) IN (SELECT value ->> 'file', value ->> 'id' FROM json_each(:rows))`,
          args: { rows },
        },
      ],
      'write',
    );
  },
});

export type WorkQueries = ReturnType<typeof createWorkQueries>;
