import type { InStatement, Row } from '@libsql/client';
import { CHANGES, type Change, changeBits, changesOf } from '../core/change';
import { newId } from '../core/id';
import type { Rescan, RescanState } from '../core/scan';
import type { WorkflowRevision } from '../core/workflow';
import { type AuditEntry, auditStatement } from './audit';
import type { Database } from './open';
import { createPlan, type PlanFilter } from './rescan-plan';
import type { Seal } from './seal';
import { createSealedPasswords } from './sealed-passwords';

export interface NewRescan {
  id: string;
  actor: string;
  /** To try on what is encrypted, in their order; kept sealed, and erased with the rescan's end. */
  passwords: string[];
  /** What the audit tells of its start beside which one it is. Never a secret. */
  audit: AuditEntry['detail'];
}

/** A rescan of a report. */
export interface NewBatch extends NewRescan {
  scanId: string;
  filter: PlanFilter;
  force: boolean;
  workflow: WorkflowRevision;
}

/** A file that is to be looked at again, and what it goes through. */
export interface FileAgain {
  fileId: string;
  workflow: WorkflowRevision;
}

const toRescan = (row: Row): Rescan => {
  const filter = row.filter === null ? undefined : (JSON.parse(String(row.filter)) as PlanFilter);
  return {
    id: String(row.id),
    state: row.state as RescanState,
    scanId: row.scan_id === null ? undefined : String(row.scan_id),
    filter: filter && { status: filter.status, detection: filter.detection, outdated: filter.outdated !== undefined },
    workflows: JSON.parse(String(row.workflows)) as WorkflowRevision[],
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

export interface RescanFilter {
  scanId?: string;
  state?: RescanState;
}

const conditionOf = ({ scanId, state }: RescanFilter) => ({
  where: '(:scan IS NULL OR scan_id = :scan) AND (:state IS NULL OR state = :state)',
  args: { scan: scanId ?? null, state: state ?? null },
});

const CANCEL_GROUP = 5000;
/** Files that the audit names one by one; of more, some. */
const NAMED = 100;
const START = 'rescan.start';

const revisionOf = ({ id, revision }: WorkflowRevision): WorkflowRevision => ({ id, revision });

const contextOf = (id: string) => `rescan:${id}`;

/** @param seal keeps the rescans' passwords */
export const createRescanQueries = ({ client }: Database, seal: Seal) => {
  const sealed = createSealedPasswords(seal);

  const insertRow = (rescan: NewRescan, batch: NewBatch | undefined, now: number): InStatement => ({
    sql: `INSERT INTO rescans (id, state, scan_id, filter, workflows, passwords, force, actor, created_at, cursor)
      VALUES (:id, 'running', :scan, :filter, :workflows, :passwords, :force, :actor, :now, :cursor)`,
    args: {
      id: rescan.id,
      scan: batch?.scanId ?? null,
      filter: batch === undefined ? null : JSON.stringify(batch.filter),
      workflows: JSON.stringify(batch === undefined ? [] : [revisionOf(batch.workflow)]),
      passwords: sealed.seal(rescan.passwords, contextOf(rescan.id)),
      force: batch?.force ? 1 : 0,
      actor: rescan.actor,
      now,
      cursor: batch === undefined ? null : '',
    },
  });

  return {
    /**
     * Makes single files due again, in one transaction. Files that are due already are left alone, and counted; the audit names those that it took.
     * Returns the ids of the files that it took; with none taken, nothing is kept.
     */
    insert: async (rescan: NewRescan, again: FileAgain[], now: number): Promise<string[]> => {
      const files = JSON.stringify(
        again.map(({ fileId, workflow }) => ({ fileId, processing: newId(), ...revisionOf(workflow) })),
      );
      const { id } = rescan;
      const [, taken] = await client.batch(
        [
          insertRow(rescan, undefined, now),
          {
            sql: `INSERT INTO work (file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at)
              SELECT value ->> 'fileId', value ->> 'processing', :id, 'rescan', value ->> 'id', value ->> 'revision', :now
              FROM json_each(:files) JOIN files AS f ON f.id = value ->> 'fileId'
                JOIN scans AS s ON s.id = f.scan_id AND s.state NOT IN ('running', 'paused')
              WHERE true
              ON CONFLICT DO NOTHING RETURNING file_id`,
            args: { id, files, now },
          },
          {
            sql: `UPDATE rescans SET total = s.n, pending = s.n, skipped = :asked - s.n, workflows = s.workflows FROM (
                SELECT sum(files) AS n, json_group_array(json_object('id', workflow_id, 'revision', workflow_revision)) AS workflows
                FROM (SELECT workflow_id, workflow_revision, count(*) AS files FROM work WHERE run_id = :id GROUP BY 1, 2)
              ) AS s WHERE rescans.id = :id AND s.n > 0`,
            args: { id, asked: again.length },
          },
          { sql: 'DELETE FROM rescans WHERE id = :id AND total = 0', args: { id } },
          {
            sql: `INSERT INTO audit (id, at, actor, action, detail)
              SELECT :entry, :now, actor, :action, json_set(:detail, '$.files', total, '$.fileIds',
                json((SELECT json_group_array(file_id) FROM (SELECT file_id FROM work WHERE run_id = :id LIMIT :named))))
              FROM rescans WHERE id = :id`,
            args: {
              id,
              entry: newId(),
              now,
              action: START,
              detail: JSON.stringify({ rescanId: id, ...rescan.audit }),
              named: NAMED,
            },
          },
        ],
        'write',
      );
      return (taken?.rows ?? []).map((row) => String(row.file_id));
    },

    /** Keeps the wish to rescan a report; `plan` then makes its files due. */
    insertBatch: async (batch: NewBatch, now: number): Promise<void> => {
      const audit = auditStatement(batch.actor, START, { rescanId: batch.id, ...batch.audit }, now);
      await client.batch([insertRow(batch, batch, now), audit], 'write');
    },

    plan: createPlan(client),

    find: async (id: string): Promise<Rescan | undefined> => {
      const { rows } = await client.execute({ sql: 'SELECT * FROM rescans WHERE id = :id', args: { id } });
      return rows[0] && toRescan(rows[0]);
    },

    /** The rescan in which a file is due; undefined when it is in none. */
    holding: async (fileId: string): Promise<Rescan | undefined> => {
      const { rows } = await client.execute({
        sql: 'SELECT rescans.* FROM work JOIN rescans ON rescans.id = work.run_id WHERE work.file_id = :fileId',
        args: { fileId },
      });
      return rows[0] && toRescan(rows[0]);
    },

    /**
     * The passwords of a rescan that is not over, in their order; none of one that is. For the engine host alone: never log, show or keep them.
     * @throws Fault NOT_POSSIBLE when they were sealed with another instance's key
     */
    passwords: async (id: string): Promise<string[]> => {
      const { rows } = await client.execute({ sql: 'SELECT passwords FROM rescans WHERE id = :id', args: { id } });
      return sealed.open(rows[0]?.passwords, contextOf(id));
    },

    /** Newest first; `before` is the id that ended the page before. */
    list: async ({
      before,
      limit,
      ...filter
    }: RescanFilter & { before?: string; limit: number }): Promise<Rescan[]> => {
      const { where, args } = conditionOf(filter);
      const { rows } = await client.execute({
        sql: `SELECT * FROM rescans WHERE ${where} AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit`,
        args: { ...args, before: before ?? null, limit },
      });
      return rows.map(toRescan);
    },

    count: async (filter: RescanFilter = {}): Promise<number> => {
      const { where, args } = conditionOf(filter);
      const { rows } = await client.execute({ sql: `SELECT count(*) AS n FROM rescans WHERE ${where}`, args });
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

    /** Moves a rescan from one of `from` to `to`; false when it was in none of them. One that is cancelled has no passwords any more. */
    move: async (id: string, from: RescanState[], to: RescanState, at?: number): Promise<boolean> => {
      const { rowsAffected } = await client.execute({
        sql: `UPDATE rescans SET state = :to, finished_at = ifnull(:at, finished_at), passwords = iif(:to = 'canceled', NULL, passwords)
          WHERE id = :id AND state IN (SELECT value FROM json_each(:from))`,
        args: { id, to, at: at ?? null, from: JSON.stringify(from) },
      });
      return rowsAffected > 0;
    },

    /** Takes a group of files out of a rescan that was cancelled: each keeps the outcome that it had. False when none is left. */
    cancelPending: async (id: string): Promise<boolean> => {
      // In the order of the index that finds them: any other one sorts all that are left, for each group again. What has its verdict is
      // acted on to the end.
      const group = `SELECT rowid FROM work WHERE run_id = :id AND lease IS NOT 'remedy' ORDER BY rowid LIMIT ${CANCEL_GROUP}`;
      const results = await client.batch(
        [
          {
            sql: `UPDATE rescans SET canceled = canceled + s.n, pending = pending - s.n FROM (SELECT count(*) AS n FROM (${group})) AS s WHERE rescans.id = :id`,
            args: { id },
          },
          { sql: `DELETE FROM work WHERE rowid IN (${group})`, args: { id } },
        ],
        'write',
      );
      return (results.at(-1)?.rowsAffected ?? 0) > 0;
    },

    /** Ends the rescans that have nothing left to do, and erases their passwords. Returns their ids. */
    finishDone: async (now: number): Promise<string[]> => {
      const { rows } = await client.execute({
        sql: `UPDATE rescans SET state = 'finished', finished_at = :now, passwords = NULL
          WHERE state IN ('running', 'paused') AND cursor IS NULL AND pending = 0 RETURNING id`,
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

    /** The storages of the files of a rescan that are still due. */
    storagesOf: async (id: string): Promise<string[]> => {
      const { rows } = await client.execute({
        sql: `SELECT DISTINCT scans.storage_id AS storage FROM work
          JOIN files ON files.id = work.file_id JOIN scans ON scans.id = files.scan_id WHERE work.run_id = :id`,
        args: { id },
      });
      return rows.map(({ storage }) => String(storage));
    },

    /** How many files a rescan has looked into. */
    countProcessed: async (id: string): Promise<number> => {
      const { rows } = await client.execute({
        sql: 'SELECT count(*) AS n FROM processings INDEXED BY processings_of_rescan WHERE rescan_id = :id',
        args: { id },
      });
      return Number(rows[0]?.n ?? 0);
    },

    /** A page of the files that a rescan changed in one way, or has looked into at all, by the ids of their processings. */
    changed: async (
      id: string,
      change: Change | undefined,
      page: { after?: string; limit: number },
    ): Promise<{ processingId: string; fileId: string; path: string }[]> => {
      const { rows } = await client.execute({
        sql: `SELECT p.id, p.file_id, f.path FROM processings AS p INDEXED BY processings_of_rescan CROSS JOIN files AS f ON f.id = p.file_id
          WHERE p.rescan_id = :id AND (:bit IS NULL OR p.changes & :bit) AND p.id > :after ORDER BY p.id LIMIT :limit`,
        args: {
          id,
          bit: change === undefined ? null : changeBits([change]),
          after: page.after ?? '',
          limit: page.limit,
        },
      });
      return rows.map((row) => ({ processingId: String(row.id), fileId: String(row.file_id), path: String(row.path) }));
    },
  };
};

export type RescanQueries = ReturnType<typeof createRescanQueries>;
