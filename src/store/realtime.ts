import type { InStatement, InValue, Row } from '@libsql/client';
import { eq } from 'drizzle-orm';
import type { Found } from '../core/file';
import { newId } from '../core/id';
import { addStatements, type FoundBy } from './found';
import type { Database } from './open';
import { actOf, NOT_UNDER_WAY } from './own-writes';
import { placeOf, rawHexOf } from './place';
import { type NewScan, toScanRow } from './scans';
import { realtimes, scans } from './tables';

/** Real-time processing that is active. */
export interface ActiveRealtime {
  scanId: string;
  storageId: string;
  /** The workflow that was asked for; undefined for the one that applies to the storage. */
  workflowId?: string;
  /** What was there at its beginning is known. */
  begun: boolean;
}

/**
 * How files were noticed: `event`, something happened to them; `listing`, they were met; `beginning`, they were there before;
 * `beginningElsewhere`, they were there before by a clock that is not this host's.
 */
export type NoticedBy = 'event' | 'listing' | 'beginning' | 'beginningElsewhere';

/** By how much the times of a storage may be behind: servers tell seconds, and their clocks differ from ours. Milliseconds. */
const BEHIND = 60_000;

interface Wanted {
  file: string;
  /** Whether the scan has a record of it, and a processing of it waits that nobody has begun. */
  isKnown: boolean;
  waits: boolean;
  found: Found & { stamp: string };
}

const toWanted = (row: Row): Wanted => ({
  file: row.file === null ? newId() : String(row.file),
  isKnown: row.file !== null,
  waits: Number(row.waits) === 1,
  found: {
    ...placeOf(String(row.path), String(row.raw)),
    size: Number(row.size),
    modifiedAt: Number(row.modified_at),
    hash: row.hash === null ? undefined : String(row.hash),
    stamp: String(row.stamp),
  },
});

const toRows = (wanted: Wanted[]): string =>
  JSON.stringify(
    wanted.map(({ file, found }) => ({
      file,
      processing: newId(),
      path: found.path,
      raw: rawHexOf(found),
      size: found.size,
      modified: found.modifiedAt,
      hash: found.hash ?? null,
      stamp: found.stamp,
    })),
  );

/** How many files are made due in one transaction. */
const GROUP = 500;

const GIVEN = 'WITH given AS MATERIALIZED (SELECT value FROM json_each(:rows))';
const THE_FILES = `given CROSS JOIN files AS f ON f.id = value ->> 'file'`;

/** Makes files that the scan has already due again: what they were no longer counts, for their content is another one. */
const dueAgain = (by: FoundBy, again: Wanted[], now: number): InStatement[] => {
  if (again.length === 0) return [];
  const rows = toRows(again);
  return [
    {
      sql: `${GIVEN} INSERT INTO tallies (scan_id, state, status, detections, judged_with, files)
        SELECT f.scan_id, f.state, ifnull(f.status, ''), f.detections, f.judged_with, -count(*) FROM ${THE_FILES}
        WHERE f.state <> 'InProgress' GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT DO UPDATE SET files = files + excluded.files`,
      args: { rows },
    },
    {
      sql: `${GIVEN} UPDATE scans SET pending = pending + s.n, bytes = scans.bytes + s.bytes
        FROM (SELECT count(*) AS n, sum((value ->> 'size') - f.size) AS bytes FROM ${THE_FILES}) AS s WHERE scans.id = :scan`,
      args: { rows, scan: by.scanId },
    },
    {
      sql: `${GIVEN} INSERT INTO work (file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at)
        SELECT f.id, value ->> 'processing', :scan, :reason, :workflow, :revision, :now FROM ${THE_FILES}`,
      args: {
        rows,
        scan: by.scanId,
        reason: by.reason,
        workflow: by.workflowId,
        revision: by.workflowRevision,
        now,
      },
    },
    {
      sql: `${GIVEN} UPDATE files SET state = 'InProgress', status = NULL, result_code = 255, detections = 0, judged_with = '',
          size = value ->> 'size', modified_at = value ->> 'modified', hash = value ->> 'hash', location = NULL
        FROM given WHERE files.id = value ->> 'file'`,
      args: { rows },
    },
  ];
};

/** What waits will be read as it is then: only what is known of it changes. */
const dueAnyway = (waiting: Wanted[]): InStatement[] =>
  waiting.length === 0
    ? []
    : [
        {
          sql: `${GIVEN} UPDATE files SET size = value ->> 'size', modified_at = value ->> 'modified', hash = value ->> 'hash'
            FROM given WHERE files.id = value ->> 'file'`,
          args: { rows: toRows(waiting) },
        },
      ];

/** Real-time processing as it is kept: which is active, and what it has noticed. */
export const createRealtimeQueries = ({ tables, client }: Database) => ({
  /** Keeps a real-time scan as active; false when its storage has one already. */
  insert: async (
    scan: NewScan,
    { workflowId, begun }: Pick<ActiveRealtime, 'workflowId' | 'begun'>,
  ): Promise<boolean> => {
    const active = tables
      .insert(realtimes)
      .values({ scan_id: scan.id, storage_id: scan.storageId, workflow_id: workflowId, begun })
      .onConflictDoNothing()
      .toSQL();
    const record = tables.insert(scans).values(toScanRow(scan)).toSQL();
    const [inserted] = await client.batch(
      [
        { sql: active.sql, args: active.params as InValue[] },
        { sql: record.sql, args: record.params as InValue[] },
        {
          sql: 'DELETE FROM scans WHERE id = :id AND id NOT IN (SELECT scan_id FROM realtimes)',
          args: { id: scan.id },
        },
      ],
      'write',
    );
    return (inserted?.rowsAffected ?? 0) > 0;
  },

  list: async (): Promise<ActiveRealtime[]> =>
    (await tables.select().from(realtimes)).map((row) => ({
      scanId: row.scan_id,
      storageId: row.storage_id,
      workflowId: row.workflow_id ?? undefined,
      begun: row.begun,
    })),

  /** What was there at its beginning is known from now on. */
  markBegun: async (scanId: string): Promise<void> => {
    await tables.update(realtimes).set({ begun: true }).where(eq(realtimes.scan_id, scanId));
  },

  /**
   * Keeps how files are now; those that are not as they were are wanted.
   * Of what is met at the beginning, only what was changed since the scan's own beginning, as far as can be told: rather once too often.
   */
  notice: async (scanId: string, group: Found[], by: NoticedBy): Promise<void> => {
    const rows = JSON.stringify(
      group.map((found) => ({
        path: found.path,
        raw: rawHexOf(found),
        size: found.size,
        modified: found.modifiedAt,
        hash: found.hash ?? null,
        stamp: found.stamp ?? '',
        act: actOf(found.path),
      })),
    );
    await client.execute({
      sql: `${GIVEN} INSERT INTO watched (scan_id, path, raw_path, size, modified_at, hash, stamp, wanted, taken)
        SELECT :scan, value ->> 'path', unhex(value ->> 'raw'), value ->> 'size', value ->> 'modified', value ->> 'hash', value ->> 'stamp', isNew, isNew
        FROM (SELECT value, :new OR value ->> 'modified' >= s.created_at - :behind AS isNew FROM given, scans AS s WHERE s.id = :scan)
        WHERE EXISTS (SELECT 1 FROM realtimes WHERE scan_id = :scan) AND ${NOT_UNDER_WAY}
        ON CONFLICT DO UPDATE SET
          wanted = wanted OR stamp <> excluded.stamp OR (:event AND NOT taken),
          taken = taken OR stamp <> excluded.stamp OR :event,
          size = excluded.size, modified_at = excluded.modified_at, hash = excluded.hash, stamp = excluded.stamp
        WHERE stamp <> excluded.stamp OR (:event AND NOT taken)`,
      args: {
        rows,
        scan: scanId,
        new: by.startsWith('beginning') ? 0 : 1,
        behind: by === 'beginningElsewhere' ? BEHIND : 0,
        event: by === 'event' ? 1 : 0,
      },
    });
  },

  /**
   * Makes a group of what is wanted due. What is being looked into right now stays wanted: it is looked into again afterwards.
   * @returns how many were made due, or are due already
   */
  enter: async (by: FoundBy, now: number): Promise<number> => {
    const { rows } = await client.execute({
      sql: `SELECT w.path, hex(w.raw_path) AS raw, w.size, w.modified_at, w.hash, w.stamp, f.id AS file, k.file_id IS NOT NULL AS waits
        FROM watched AS w INDEXED BY watched_that_are_wanted
        LEFT JOIN files AS f ON f.scan_id = w.scan_id AND f.path = w.path AND f.raw_path = w.raw_path
        LEFT JOIN work AS k ON k.file_id = f.id
        WHERE w.scan_id = :scan AND w.wanted = 1 AND k.lease IS NULL LIMIT ${GROUP}`,
      args: { scan: by.scanId },
    });
    if (rows.length === 0) return 0;
    const wanted = rows.map(toWanted);
    const fresh = wanted.filter(({ isKnown }) => !isKnown);
    await client.batch(
      [
        ...(fresh.length === 0
          ? []
          : addStatements(
              by,
              fresh.map(({ found }) => found),
              now,
            ).statements),
        ...dueAgain(
          by,
          wanted.filter(({ isKnown, waits }) => isKnown && !waits),
          now,
        ),
        ...dueAnyway(wanted.filter(({ waits }) => waits)),
        {
          sql: `${GIVEN} UPDATE watched SET wanted = 0 FROM given
            WHERE watched.scan_id = :scan AND watched.path = value ->> 'path' AND watched.raw_path = unhex(value ->> 'raw')
              AND watched.stamp = value ->> 'stamp'`,
          args: { rows: toRows(wanted), scan: by.scanId },
        },
      ],
      'write',
    );
    return rows.length;
  },

  /** Whether files are wanted that are not due yet. */
  hasWanted: async (scanId: string): Promise<boolean> => {
    const { rows } = await client.execute({
      sql: 'SELECT 1 FROM watched INDEXED BY watched_that_are_wanted WHERE scan_id = :scanId AND wanted = 1 LIMIT 1',
      args: { scanId },
    });
    return rows.length > 0;
  },

  /** Ends it: nothing is noticed any more, and the scan is over once what is due is done. False when it was not active. */
  stop: async (scanId: string): Promise<boolean> => {
    const [stopped] = await client.batch(
      [
        { sql: 'DELETE FROM realtimes WHERE scan_id = :scanId', args: { scanId } },
        { sql: 'DELETE FROM watched WHERE scan_id = :scanId', args: { scanId } },
        { sql: `UPDATE scans SET discovered = 1 WHERE id = :scanId AND kind = 'realtime'`, args: { scanId } },
      ],
      'write',
    );
    return (stopped?.rowsAffected ?? 0) > 0;
  },
});

export type RealtimeQueries = ReturnType<typeof createRealtimeQueries>;
