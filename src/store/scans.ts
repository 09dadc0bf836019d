import type { InValue } from '@libsql/client';
import { and, desc, eq, gt, lt } from 'drizzle-orm';
import type { Found } from '../core/file';
import type { FileState, Status } from '../core/result';
import type { Scan, ScanKind, ScanState } from '../core/scan';
import { addStatements } from './found';
import type { Database } from './open';
import { rawHexOf } from './place';
import { scans } from './tables';
import { readTallies, type Tally } from './tallies';

type Row = typeof scans.$inferSelect;

const toScan = (row: Row, tallies: Tally[]): Scan => {
  const count = (state: FileState, status?: Status) =>
    tallies
      .filter((tally) => tally.scanId === row.id && tally.state === state && (!status || tally.status === status))
      .reduce((sum, { files }) => sum + files, 0);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as ScanKind,
    state: row.state as ScanState,
    storageId: row.storage_id,
    storageName: row.storage_name,
    storageType: row.storage_type,
    path: row.path,
    workflowId: row.workflow_id,
    workflowRevision: row.workflow_revision,
    discovered: row.discovered,
    cursor: row.cursor ?? undefined,
    error: row.error ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
    counts: {
      total: row.total,
      pending: row.pending,
      allowed: count('Available', 'Allowed'),
      blocked: count('Available', 'Blocked'),
      failed: count('Failed'),
      failedRemediation: count('FailedRemediation'),
      canceled: count('Canceled'),
      bytes: row.bytes,
    },
  };
};

export type NewScan = Omit<Scan, 'counts' | 'discovered' | 'cursor' | 'error' | 'finishedAt' | 'storageType'> &
  Partial<Pick<Scan, 'storageType'>>;

/** The row of a scan that begins. */
export const toScanRow = (scan: NewScan): typeof scans.$inferInsert => ({
  id: scan.id,
  name: scan.name,
  kind: scan.kind,
  state: scan.state,
  storage_id: scan.storageId,
  storage_name: scan.storageName,
  storage_type: scan.storageType,
  path: scan.path,
  workflow_id: scan.workflowId,
  workflow_revision: scan.workflowRevision,
  created_at: scan.createdAt,
});

export interface ScanFilter {
  state?: ScanState;
  storageId?: string;
}

const conditionOf = ({ state, storageId }: ScanFilter) =>
  and(state ? eq(scans.state, state) : undefined, storageId ? eq(scans.storage_id, storageId) : undefined);

/** How many files of a cancelled scan are written off in one transaction. */
const CANCEL_GROUP = 2000;

export const createScanQueries = ({ tables, client }: Database) => {
  const toScans = async (rows: Row[]): Promise<Scan[]> => {
    const tallies = await readTallies(
      { client },
      rows.map(({ id }) => id),
    );
    return rows.map((row) => toScan(row, tallies));
  };

  return {
    insert: async (scan: NewScan): Promise<void> => {
      await tables.insert(scans).values(toScanRow(scan));
    },

    /**
     * Keeps a scan of some files with all of them, in one transaction: there is nothing to be found any more. Returns the id of each,
     * in their order; a file that is named twice is in the scan once.
     */
    insertWithFiles: async (scan: NewScan, found: Found[]): Promise<string[]> => {
      const keyOf = (file: Found) => `${rawHexOf(file)} ${file.path}`;
      const distinct = new Map(found.map((file) => [keyOf(file), file]));
      const by = { ...scan, scanId: scan.id, reason: 'scan' as const };
      const { ids, statements } = addStatements(by, [...distinct.values()], scan.createdAt);
      const { sql, params } = tables
        .insert(scans)
        .values({ ...toScanRow(scan), discovered: true })
        .toSQL();
      await client.batch([{ sql, args: params as InValue[] }, ...statements], 'write');
      const idOf = new Map([...distinct.keys()].map((key, at) => [key, ids[at]]));
      return found.flatMap((file) => idOf.get(keyOf(file)) ?? []);
    },

    find: async (id: string): Promise<Scan | undefined> => {
      const row = await tables.query.scans.findFirst({ where: eq(scans.id, id) });
      return row && (await toScans([row]))[0];
    },

    /** Newest first; `before` is the id that ended the page before. */
    list: async (filter: ScanFilter & { before?: string; limit: number }): Promise<Scan[]> => {
      const rows = await tables
        .select()
        .from(scans)
        .where(and(conditionOf(filter), filter.before ? lt(scans.id, filter.before) : undefined))
        .orderBy(desc(scans.id))
        .limit(filter.limit);
      return toScans(rows);
    },

    /** How many of a scan's files have which outcome, judged with what. */
    tallies: (id: string): Promise<Tally[]> => readTallies({ client }, [id]),

    count: async (filter: ScanFilter = {}): Promise<number> => tables.$count(scans, conditionOf(filter)),

    countByState: async (): Promise<{ state: ScanState; count: number }[]> => {
      const { rows } = await client.execute('SELECT state, count(*) AS n FROM scans GROUP BY state');
      return rows.map((row) => ({ state: row.state as ScanState, count: Number(row.n) }));
    },

    /** Moves a scan from one of `from` to `to`; false when it was in none of them. */
    move: async (id: string, from: ScanState[], to: ScanState, at?: number): Promise<boolean> => {
      const { rowsAffected } = await client.execute({
        sql: `UPDATE scans SET state = :to, finished_at = ifnull(:at, finished_at)
        WHERE id = :id AND state IN (SELECT value FROM json_each(:from))`,
        args: { id, to, at: at ?? null, from: JSON.stringify(from) },
      });
      return rowsAffected > 0;
    },

    /** All of a scan's files are found; or not all, with the reason for people: it then ends as failed once those found are done. */
    markDiscovered: async (id: string, error?: string): Promise<void> => {
      await tables.update(scans).set({ discovered: true, error }).where(eq(scans.id, id));
    },

    /** The running scans that were still finding files when the daemon ended. */
    listUndiscovered: async (): Promise<Scan[]> =>
      toScans(
        await tables
          .select()
          .from(scans)
          .where(and(eq(scans.state, 'running'), eq(scans.discovered, false), eq(scans.kind, 'scan'))),
      ),

    /** The scans whose cancelling was cut off. */
    listHalfCanceled: async (): Promise<string[]> =>
      (
        await tables
          .select({ id: scans.id })
          .from(scans)
          .where(and(eq(scans.state, 'canceled'), gt(scans.pending, 0)))
      ).map(({ id }) => id),

    /** Ends the scans that have nothing left to do. Returns their ids. */
    finishDone: async (now: number): Promise<string[]> => {
      const { rows } = await client.execute({
        sql: `UPDATE scans SET state = iif(error IS NULL, 'finished', 'failed'), finished_at = :now
        WHERE state IN ('running', 'paused') AND discovered = 1 AND pending = 0 RETURNING id`,
        args: { now },
      });
      return rows.map((row) => String(row.id));
    },

    /** Writes off a group of the files that a cancelled scan did not come to. False when none is left. */
    cancelPending: async (id: string, now: number): Promise<boolean> => {
      // In the order of the index that finds them: any other one sorts all that are left, for each statement again. What has its verdict
      // is acted on to the end.
      const group = `SELECT file_id FROM work WHERE run_id = :id AND lease IS NOT 'remedy' ORDER BY rowid LIMIT ${CANCEL_GROUP}`;
      const results = await client.batch(
        [
          {
            sql: `INSERT INTO processings (id, file_id, reason, workflow_id, workflow_revision, state, result_code, detections, attempts, queued_at, started_at, ended_at, detail)
            SELECT processing_id, file_id, reason, workflow_id, workflow_revision, 'Canceled', 19, 0, attempts, queued_at, :now, :now,
              json_object('explanation', 'The scan was cancelled before this file was looked into.', 'findings', json_object('answers', json_array(), 'startedAt', :now, 'endedAt', :now))
            FROM work WHERE file_id IN (${group})`,
            args: { id, now },
          },
          {
            sql: `UPDATE files SET state = 'Canceled', result_code = 19, judged_with = '', processed_at = :now,
              (processing_id, workflow_id) = (SELECT processing_id, workflow_id FROM work WHERE file_id = files.id) WHERE id IN (${group})`,
            args: { id, now },
          },
          {
            sql: `INSERT INTO tallies (scan_id, state, status, detections, judged_with, files)
            SELECT :id, 'Canceled', '', 0, '', count(*) FROM (${group}) WHERE true
            ON CONFLICT DO UPDATE SET files = files + excluded.files`,
            args: { id },
          },
          {
            sql: `UPDATE scans SET pending = pending - (SELECT count(*) FROM (${group})) WHERE id = :id`,
            args: { id },
          },
          { sql: `DELETE FROM work WHERE file_id IN (${group})`, args: { id } },
        ],
        'write',
      );
      return (results.at(-1)?.rowsAffected ?? 0) > 0;
    },
  };
};

export type ScanQueries = ReturnType<typeof createScanQueries>;
