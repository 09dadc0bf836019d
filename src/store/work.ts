import type { InStatement } from '@libsql/client';
import { type Change, changeBits } from '../core/change';
import type { Due, Found, Place, Processing } from '../core/file';
import { judgedWith } from '../core/judged';
import type { Member } from '../core/member';
import type { Located, Location, Wanted } from '../core/remediation';
import { detectionBits } from '../core/result';
import { DUE, toDue } from './due';
import { contentKey } from './earlier';
import { addStatements, type FoundBy } from './found';
import { locationText } from './location';
import { insertMembers } from './members';
import type { Database } from './open';
import { insertActs } from './remediations';

/** A finished processing with the run and the scan that count it. */
export type Finished = Processing & {
  runId: string;
  scanId: string;
  place: Place;
  /** Bytes, as they were known before. */
  size: number;
  /** By the storage, of what was looked into, where that is another one than was known before. */
  newHash?: string;
  changes?: Change[];
  members?: Member[];
  /** What is to be done with it now, and where it is: with this, it is in progress until that is over. */
  acts?: { source: Located; wanted: Wanted[] };
  /** Where it is; what is undefined stays as it was. */
  location?: Location;
};

// CROSS JOIN fixes the order of a join (SQLite's query planner, section 6): a group of a few hundred rows must never become a walk over
// the whole scan.
/** The rows of the parameter as a table. Materialized, for json_each writes a row's text again for each field that is taken from it. */
const GIVEN = 'WITH given AS MATERIALIZED (SELECT value FROM json_each(:rows))';

/** The rows of a group that are still due, with their work and their file as it was. */
const RECORDED = `given CROSS JOIN work AS w ON w.file_id = value ->> 'file' AND w.processing_id = value ->> 'id'
  CROSS JOIN files AS f ON f.id = w.file_id`;

/** Moves the files of a group from the tallies of their old outcomes to those of their new ones. */
const MOVE_TALLIES = `${GIVEN} INSERT INTO tallies (scan_id, state, status, detections, judged_with, files)
  SELECT scan, state, status, detections, judged, sum(n) FROM (
    SELECT f.scan_id AS scan, value ->> 'state' AS state, ifnull(value ->> 'status', '') AS status,
      value ->> 'detections' AS detections, value ->> 'judged' AS judged, 1 AS n FROM ${RECORDED}
    UNION ALL
    SELECT f.scan_id, f.state, ifnull(f.status, ''), f.detections, f.judged_with, -1 FROM ${RECORDED} WHERE f.state <> 'InProgress')
  WHERE true GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT DO UPDATE SET files = files + excluded.files`;

const COUNT_SCANS = `${GIVEN} UPDATE scans SET pending = pending - s.n
  FROM (SELECT f.scan_id AS scan, count(*) AS n FROM ${RECORDED} WHERE f.state = 'InProgress' GROUP BY 1) AS s WHERE scans.id = s.scan`;

/** With the last result of a rescan its passwords are gone, in the same transaction. */
const COUNT_RESCANS = `${GIVEN} UPDATE rescans SET pending = pending - s.n, passwords = iif(cursor IS NULL AND pending = s.n, NULL, passwords)
  FROM (SELECT w.run_id AS run, count(*) AS n FROM ${RECORDED} WHERE w.reason = 'rescan' GROUP BY 1) AS s WHERE rescans.id = s.run`;

const STILL_DUE = `EXISTS (SELECT 1 FROM work AS w WHERE w.file_id = value ->> 'file' AND w.processing_id = value ->> 'id')`;

const SET_HASHES = `${GIVEN} UPDATE files SET hash = value ->> 'hash' FROM given WHERE files.id = value ->> 'file' AND ${STILL_DUE}`;

const SET_SIZES = `${GIVEN} UPDATE files SET size = value ->> 'size' FROM given WHERE files.id = value ->> 'file' AND ${STILL_DUE}`;

/** The verdict was kept before what followed from it was done. */
const SET_OUTCOMES = `${GIVEN} UPDATE processings SET state = value ->> 'state', detections = value ->> 'detections' FROM given WHERE processings.id = value ->> 'id'`;

const SET_LOCATIONS = `${GIVEN} UPDATE files SET location = value ->> 'location' FROM given WHERE files.id = value ->> 'file' AND ${STILL_DUE}`;

const HOLD = `${GIVEN} UPDATE work SET lease = 'remedy', not_before = 0 FROM given WHERE work.file_id = value ->> 'file' AND work.processing_id = value ->> 'id'`;

/** The statements that keep what is to be done with files, and their work until it is over. */
const holdStatements = (held: Finished[], now: number): InStatement[] => [
  insertActs(held, STILL_DUE, now),
  { sql: HOLD, args: { rows: JSON.stringify(held.map(({ id, fileId: file }) => ({ id, file }))) } },
];

/** The durable queue: what is due, who holds it, and the recording of what came out. Each verb is one transaction. */
export const createWorkQueries = ({ client }: Database) => ({
  /**
   * Adds files to a scan with their processing due. Files that the scan has already are left alone, so discovering again adds nothing.
   * @param cursor from where the listing goes on behind them; kept with them, so that none is listed twice or left out
   */
  addFound: async (by: FoundBy, found: Found[], now: number, cursor?: string): Promise<void> => {
    const { statements } = addStatements(by, found, now);
    if (cursor !== undefined) {
      statements.push({ sql: 'UPDATE scans SET cursor = :cursor WHERE id = :scan', args: { cursor, scan: by.scanId } });
    }
    await client.batch(statements, 'write');
  },

  /**
   * The runs that have something to give out, the rescans first, because somebody waits for them; with their storage, but for a rescan of
   * single files, which may be of several.
   */
  listRuns: async (): Promise<{ id: string; storageId?: string }[]> => {
    const { rows } = await client.execute(
      `SELECT r.id, s.storage_id FROM rescans AS r LEFT JOIN scans AS s ON s.id = r.scan_id WHERE r.state = 'running'
        UNION ALL SELECT id, storage_id FROM scans WHERE state = 'running'`,
    );
    return rows.map((row) => ({
      id: String(row.id),
      storageId: row.storage_id === null ? undefined : String(row.storage_id),
    }));
  },

  /**
   * Gives out up to `limit` processings of a run that are due. Their attempt is counted and their lease written before they are returned.
   * @param alone only those (or only not those) that ended the engine host before
   * @param closed storages whose files are left out; each file of the run that is left out so is read
   */
  take: async (
    lease: string,
    runId: string,
    limit: number,
    now: number,
    alone: boolean,
    closed: string[] = [],
  ): Promise<Due[]> => {
    const isOpen =
      closed.length === 0
        ? ''
        : `AND (SELECT storage_id FROM files WHERE id = work.file_id) NOT IN (SELECT value FROM json_each(:closed))`;
    const { rows } = await client.execute({
      sql: `UPDATE work SET lease = :lease, attempts = attempts + 1
        WHERE file_id IN (SELECT file_id FROM work WHERE run_id = :run AND lease IS NULL AND alone = :alone AND not_before <= :now ${isOpen} LIMIT :limit)
        RETURNING ${DUE}`,
      args: {
        lease,
        run: runId,
        limit,
        now,
        alone: alone ? 1 : 0,
        ...(closed.length === 0 ? {} : { closed: JSON.stringify(closed) }),
      },
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

  /** When the next processing that was not due at a time becomes due; undefined when none does. */
  nextDue: async (after: number): Promise<number | undefined> => {
    const { rows } = await client.execute({
      sql: 'SELECT min(not_before) AS at FROM work WHERE lease IS NULL AND not_before > 0 AND not_before > :after',
      args: { after },
    });
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
    (await client.execute(`UPDATE work SET lease = NULL, alone = 1 WHERE lease IS NOT NULL AND lease <> 'remedy'`))
      .rowsAffected,

  /**
   * Keeps what came out: the processing, the file's new outcome, the counts. What is no longer due (it was canceled) is dropped.
   * Where something is to be done with a file, the processing is kept with that, and the rest when it is recorded again without acts.
   */
  record: async (finished: Finished[], now = Date.now()): Promise<void> => {
    const held = finished.filter(({ acts }) => acts !== undefined);
    const over = finished.filter(({ acts }) => acts === undefined);
    const rows = JSON.stringify(
      over.map(({ verdict, findings, ...p }) => ({
        id: p.id,
        file: p.fileId,
        state: verdict.state,
        status: verdict.status ?? null,
        code: verdict.resultCode,
        detections: detectionBits(verdict.detections),
        judged: judgedWith(p.workflowId, p.workflowRevision, findings),
        workflow: p.workflowId,
        ended: findings.endedAt,
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
        content: findings.content === undefined ? null : contentKey(findings.content.sha256),
        changes: p.changes === undefined ? 0 : changeBits(p.changes),
        detail: JSON.stringify({ explanation: verdict.explanation, decidedBy: verdict.decidedBy, findings }),
      })),
    );
    // Apart from the rest, for few sizes change, and each writes to an index.
    const sizes = over.flatMap(({ id, fileId: file, size, findings: { content } }) =>
      content === undefined || content.size === size ? [] : { id, file, size: content.size },
    );
    const hashes = finished.flatMap(({ id, fileId: file, newHash }) =>
      newHash === undefined ? [] : { id, file, hash: newHash },
    );
    const remedied = over.flatMap(({ id, verdict: { state, detections } }) =>
      state === 'FailedRemediation' || detections.includes('Sanitized')
        ? { id, state, detections: detectionBits(detections) }
        : [],
    );
    const locations = over.flatMap(({ id, fileId: file, location }) =>
      location === undefined ? [] : { id, file, location: locationText(location) },
    );
    await client.batch(
      [
        {
          sql: `${GIVEN} INSERT INTO processings (id, file_id, reason, rescan_id, workflow_id, workflow_revision, state, status, result_code, detections, attempts, queued_at, started_at, ended_at, sha256, content_key, changes, detail)
            SELECT value ->> 'id', value ->> 'file', value ->> 'reason', value ->> 'rescan', value ->> 'workflow', value ->> 'revision', value ->> 'state', value ->> 'status', value ->> 'code',
              value ->> 'detections', value ->> 'attempts', value ->> 'queued', value ->> 'started', value ->> 'ended', value ->> 'sha256', value ->> 'content', value ->> 'changes', value ->> 'detail'
            FROM given WHERE ${STILL_DUE} ON CONFLICT (id) DO NOTHING`,
          args: { rows: details },
        },
        ...insertMembers(finished, STILL_DUE),
        { sql: MOVE_TALLIES, args: { rows } },
        // What a rescan looks at again has its first result.
        ...(finished.some(({ reason }) => reason !== 'rescan') ? [{ sql: COUNT_SCANS, args: { rows } }] : []),
        ...(finished.some(({ reason }) => reason === 'rescan') ? [{ sql: COUNT_RESCANS, args: { rows } }] : []),
        {
          sql: `${GIVEN} UPDATE files SET state = value ->> 'state', status = value ->> 'status', result_code = value ->> 'code', detections = value ->> 'detections',
              processing_id = value ->> 'id', judged_with = value ->> 'judged',
              workflow_id = value ->> 'workflow', processed_at = value ->> 'ended'
            FROM given WHERE files.id = value ->> 'file' AND ${STILL_DUE}`,
          args: { rows },
        },
        ...(remedied.length > 0 ? [{ sql: SET_OUTCOMES, args: { rows: JSON.stringify(remedied) } }] : []),
        ...(locations.length > 0 ? [{ sql: SET_LOCATIONS, args: { rows: JSON.stringify(locations) } }] : []),
        ...(held.length > 0 ? holdStatements(held, now) : []),
        ...(sizes.length > 0 ? [{ sql: SET_SIZES, args: { rows: JSON.stringify(sizes) } }] : []),
        ...(hashes.length > 0 ? [{ sql: SET_HASHES, args: { rows: JSON.stringify(hashes) } }] : []),
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
