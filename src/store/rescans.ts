import type { InStatement, Row } from '@libsql/client';
import { CHANGES, type Change, changeBits, changesOf } from '../core/change';
import type { ReprocessFilter } from '../core/filter';
import { newId } from '../core/id';
import type { Rescan, RescanState } from '../core/scan';
import { outcomeConditions } from './files';
import type { Database } from './open';

export interface NewRescan {
  id: string;
  actor: string;
  workflowId: string;
  workflowRevision: number;
}

/** A rescan of a report. */
export interface NewBatch extends NewRescan {
  scanId: string;
  filter: ReprocessFilter & { outdated?: { now: string } };
  force: boolean;
}

const toRescan = (row: Row): Rescan => {
  const filter = row.filter === null ? undefined : (JSON.parse(String(row.filter)) as NewBatch['filter']);
  return {
    id: String(row.id),
    state: row.state as RescanState,
    scanId: row.scan_id === null ? undefined : String(row.scan_id),
    filter: filter && { status: filter.status, detection: filter.detection, outdated: filter.outdated !== undefined },
    workflowId: String(row.workflow_id),
    workflowRevision: Number(row.workflow_revision),
    force: row.force === 1,
    actor: String(row.actor),
    createdAt: Number(row.created_at),
    finishedAt: row.finished_at === null ? undefined : Number(row.finished_at),
    planned: row.cursor === null,
    total: Number(row.total),
    pending: Number(row.pending),
    skipped: Number(row.skipped),
    canceled: Number(row.canceled),
  };
};

/** How many files of a report are looked at in one transaction while a rescan of it is planned. */
const PLAN_GROUP = 5000;
const CANCEL_GROUP = 5000;

// A UUIDv7 (RFC 9562, 5.7) of the time in :now, made where the rows are made.
const NEW_ID = `(SELECT substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7' || substr(r, 1, 3) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1)
  || substr(r, 4, 3) || '-' || substr(r, 7, 12) FROM (SELECT printf('%012x', :now) AS t, lower(hex(randomblob(9))) AS r, files.id))`;

/** The files of a filter, besides their scan. */
const conditionsOf = (filter: NewBatch['filter']) => {
  const { where, args } = outcomeConditions(filter);
  if (filter.outdated !== undefined) {
    // As isOutdated in core/judged says it.
    where.push(
      `judged_with <> :now_with AND NOT (judged_with LIKE '% -' AND substr(:now_with, 1, length(judged_with) - 1) = substr(judged_with, 1, length(judged_with) - 1))`,
    );
    args.now_with = filter.outdated.now;
  }
  return { where: where.map((condition) => `AND ${condition}`).join(' '), args };
};

export const createRescanQueries = ({ client }: Database) => {
  const insertRow = (rescan: NewRescan, batch: NewBatch | undefined, now: number): InStatement => ({
    sql: `INSERT INTO rescans (id, state, scan_id, filter, workflow_id, workflow_revision, force, actor, created_at, cursor)
      VALUES (:id, 'running', :scan, :filter, :workflow, :revision, :force, :actor, :now, :cursor)`,
    args: {
      id: rescan.id,
      scan: batch?.scanId ?? null,
      filter: batch === undefined ? null : JSON.stringify(batch.filter),
      workflow: rescan.workflowId,
      revision: rescan.workflowRevision,
      force: batch?.force ? 1 : 0,
      actor: rescan.actor,
      now,
      cursor: batch === undefined ? null : '',
    },
  });

  return {
    /**
     * Makes single files due again, in one transaction. Files that are due already are left alone.
     * Returns the ids of the files that it took; with none taken, nothing is kept.
     */
    insert: async (rescan: NewRescan, fileIds: string[], now: number): Promise<string[]> => {
      const files = JSON.stringify(fileIds.map((file) => ({ file, processing: newId() })));
      const { id } = rescan;
      const [, taken] = await client.batch(
        [
          insertRow(rescan, undefined, now),
          {
            sql: `INSERT INTO work (file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at)
              SELECT value ->> 'file', value ->> 'processing', :id, 'rescan', :workflow, :revision, :now
              FROM json_each(:files) JOIN files AS f ON f.id = value ->> 'file'
                JOIN scans AS s ON s.id = f.scan_id AND s.state NOT IN ('running', 'paused')
              WHERE true
              ON CONFLICT DO NOTHING RETURNING file_id`,
            args: { id, files, workflow: rescan.workflowId, revision: rescan.workflowRevision, now },
          },
          {
            sql: 'UPDATE rescans SET total = s.n, pending = s.n FROM (SELECT count(*) AS n FROM work WHERE run_id = :id) AS s WHERE rescans.id = :id',
            args: { id },
          },
          { sql: 'DELETE FROM rescans WHERE id = :id AND total = 0', args: { id } },
        ],
        'write',
      );
      return (taken?.rows ?? []).map((row) => String(row.file_id));
    },

    /** Keeps the wish to rescan a report; `plan` then makes its files due. */
    insertBatch: async (batch: NewBatch, now: number): Promise<void> => {
      await client.execute(insertRow(batch, batch, now));
    },

    /**
     * Makes the next few thousand files of a rescan's report due, where its filter takes them and nothing holds them.
     * One transaction, so that an interrupted plan goes on where it was. False when all were looked at.
     */
    plan: async (id: string, now: number): Promise<boolean> => {
      const { rows } = await client.execute({
        sql: 'SELECT scan_id, filter, workflow_id, workflow_revision, cursor FROM rescans WHERE id = :id',
        args: { id },
      });
      const row = rows[0];
      if (row === undefined || row.cursor === null) return false;
      const scan = String(row.scan_id);
      const from = String(row.cursor);
      const { where, args } = conditionsOf(JSON.parse(String(row.filter)) as NewBatch['filter']);
      const end = await client.execute({
        sql: 'SELECT max(id) AS id FROM (SELECT id FROM files INDEXED BY files_by_scan WHERE scan_id = :scan AND id > :from ORDER BY id LIMIT :limit)',
        args: { scan, from, limit: PLAN_GROUP },
      });
      const to = end.rows[0]?.id ?? null;
      if (to === null) {
        await client.execute({ sql: 'UPDATE rescans SET cursor = NULL WHERE id = :id', args: { id } });
        return false;
      }
      const range = { scan, from, to };
      const among = `FROM files INDEXED BY files_by_scan WHERE files.scan_id = :scan AND files.id > :from AND files.id <= :to ${where}`;
      await client.batch(
        [
          {
            sql: `UPDATE rescans SET skipped = skipped + (SELECT count(*) ${among} AND EXISTS (SELECT 1 FROM work WHERE file_id = files.id)) WHERE id = :id`,
            args: { id, ...range, ...args },
          },
          {
            sql: `UPDATE rescans SET cursor = :to, total = total + s.n, pending = pending + s.n
              FROM (SELECT count(*) AS n ${among} AND NOT EXISTS (SELECT 1 FROM work WHERE file_id = files.id)) AS s WHERE rescans.id = :id`,
            args: { id, ...range, ...args },
          },
          {
            sql: `INSERT INTO work (file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at)
              SELECT files.id, ${NEW_ID}, :id, 'rescan', :workflow, :revision, :now ${among}
              ON CONFLICT DO NOTHING`,
            args: {
              id,
              ...range,
              ...args,
              now,
              workflow: String(row.workflow_id),
              revision: Number(row.workflow_revision),
            },
          },
        ],
        'write',
      );
      return true;
    },

    find: async (id: string): Promise<Rescan | undefined> => {
      const { rows } = await client.execute({ sql: 'SELECT * FROM rescans WHERE id = :id', args: { id } });
      return rows[0] && toRescan(rows[0]);
    },

    /** Newest first; `before` is the id that ended the page before. */
    list: async (filter: { scanId?: string; before?: string; limit: number }): Promise<Rescan[]> => {
      const { rows } = await client.execute({
        sql: `SELECT * FROM rescans WHERE (:scan IS NULL OR scan_id = :scan) AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit`,
        args: { scan: filter.scanId ?? null, before: filter.before ?? null, limit: filter.limit },
      });
      return rows.map(toRescan);
    },

    count: async (scanId?: string): Promise<number> => {
      const { rows } = await client.execute({
        sql: 'SELECT count(*) AS n FROM rescans WHERE :scan IS NULL OR scan_id = :scan',
        args: { scan: scanId ?? null },
      });
      return Number(rows[0]?.n ?? 0);
    },

    /** The rescans whose files are not all due yet: their planning was cut off. */
    listUnplanned: async (): Promise<string[]> => {
      const { rows } = await client.execute(`SELECT id FROM rescans WHERE state = 'running' AND cursor IS NOT NULL`);
      return rows.map((row) => String(row.id));
    },

    /** The rescans whose cancelling was cut off. */
    listHalfCanceled: async (): Promise<string[]> => {
      const { rows } = await client.execute(`SELECT id FROM rescans WHERE state = 'canceled' AND pending > 0`);
      return rows.map((row) => String(row.id));
    },

    /** Moves a rescan from one of `from` to `to`; false when it was in none of them. */
    move: async (id: string, from: RescanState[], to: RescanState, at?: number): Promise<boolean> => {
      const { rowsAffected } = await client.execute({
        sql: `UPDATE rescans SET state = :to, finished_at = ifnull(:at, finished_at) WHERE id = :id AND state IN (SELECT value FROM json_each(:from))`,
        args: { id, to, at: at ?? null, from: JSON.stringify(from) },
      });
      return rowsAffected > 0;
    },

    /** Takes a group of files out of a rescan that was cancelled: each keeps the outcome that it had. False when none is left. */
    cancelPending: async (id: string): Promise<boolean> => {
      const group = `SELECT file_id FROM work WHERE run_id = :id ORDER BY file_id LIMIT ${CANCEL_GROUP}`;
      const results = await client.batch(
        [
          {
            sql: `UPDATE rescans SET canceled = canceled + s.n, pending = pending - s.n FROM (SELECT count(*) AS n FROM (${group})) AS s WHERE rescans.id = :id`,
            args: { id },
          },
          { sql: `DELETE FROM work WHERE file_id IN (${group})`, args: { id } },
        ],
        'write',
      );
      return (results.at(-1)?.rowsAffected ?? 0) > 0;
    },

    /** Ends the rescans that have nothing left to do. Returns their ids. */
    finishDone: async (now: number): Promise<string[]> => {
      const { rows } = await client.execute({
        sql: `UPDATE rescans SET state = 'finished', finished_at = :now WHERE state = 'running' AND cursor IS NULL AND pending = 0 RETURNING id`,
        args: { now },
      });
      return rows.map((row) => String(row.id));
    },

    /** How many files a rescan changed in which way. */
    changes: async (id: string): Promise<{ [change in Change]: number }> => {
      const { rows } = await client.execute({
        sql: 'SELECT changes, count(*) AS n FROM processings INDEXED BY processings_of_rescan WHERE rescan_id = :id GROUP BY changes',
        args: { id },
      });
      const counts = Object.fromEntries(CHANGES.map((change) => [change, 0])) as { [change in Change]: number };
      for (const row of rows) for (const change of changesOf(Number(row.changes))) counts[change] += Number(row.n);
      return counts;
    },

    /** A page of the files that a rescan changed in one way, by the ids of their processings. */
    changed: async (
      id: string,
      change: Change,
      page: { after?: string; limit: number },
    ): Promise<{ processingId: string; fileId: string; path: string }[]> => {
      const { rows } = await client.execute({
        sql: `SELECT p.id, p.file_id, f.path FROM processings AS p INDEXED BY processings_of_rescan CROSS JOIN files AS f ON f.id = p.file_id
          WHERE p.rescan_id = :id AND p.changes & :bit AND p.id > :after ORDER BY p.id LIMIT :limit`,
        args: { id, bit: changeBits([change]), after: page.after ?? '', limit: page.limit },
      });
      return rows.map((row) => ({ processingId: String(row.id), fileId: String(row.file_id), path: String(row.path) }));
    },
  };
};

export type RescanQueries = ReturnType<typeof createRescanQueries>;
