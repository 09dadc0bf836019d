import { newId } from '../core/id';
import type { Rescan, RescanState } from '../core/scan';
import type { Database } from './open';

export interface NewRescan {
  id: string;
  actor: string;
  fileIds: string[];
  workflowId: string;
  workflowRevision: number;
}

export const createRescanQueries = ({ client }: Database) => ({
  /**
   * Makes files due again, in one transaction. Files that are due already are left alone.
   * Returns the ids of the files that it took; with none taken, nothing is kept.
   */
  insert: async (rescan: NewRescan, now: number): Promise<string[]> => {
    const files = JSON.stringify(rescan.fileIds.map((file) => ({ file, processing: newId() })));
    const [, taken] = await client.batch(
      [
        {
          sql: `INSERT INTO rescans (id, state, actor, created_at, total, pending) VALUES (:id, 'running', :actor, :now, 0, 0)`,
          args: { id: rescan.id, actor: rescan.actor, now },
        },
        {
          sql: `INSERT INTO work (file_id, processing_id, run_id, reason, workflow_id, workflow_revision, queued_at)
            SELECT value ->> 'file', value ->> 'processing', :id, 'rescan', :workflow, :revision, :now
            FROM json_each(:files) JOIN files AS f ON f.id = value ->> 'file'
              JOIN scans AS s ON s.id = f.scan_id AND s.state NOT IN ('running', 'paused')
            WHERE true
            ON CONFLICT DO NOTHING RETURNING file_id`,
          args: { id: rescan.id, files, workflow: rescan.workflowId, revision: rescan.workflowRevision, now },
        },
        {
          sql: `UPDATE rescans SET total = s.n, pending = s.n FROM (SELECT count(*) AS n FROM work WHERE run_id = :id) AS s WHERE id = :id`,
          args: { id: rescan.id },
        },
        { sql: `DELETE FROM rescans WHERE id = :id AND total = 0`, args: { id: rescan.id } },
      ],
      'write',
    );
    return (taken?.rows ?? []).map((row) => String(row.file_id));
  },

  find: async (id: string): Promise<Rescan | undefined> => {
    const { rows } = await client.execute({ sql: 'SELECT * FROM rescans WHERE id = :id', args: { id } });
    const row = rows[0];
    return (
      row && {
        id: String(row.id),
        state: row.state as RescanState,
        actor: String(row.actor),
        createdAt: Number(row.created_at),
        finishedAt: row.finished_at === null ? undefined : Number(row.finished_at),
        total: Number(row.total),
        pending: Number(row.pending),
      }
    );
  },

  /** Ends the rescans that have nothing left to do. Returns their ids. */
  finishDone: async (now: number): Promise<string[]> => {
    const { rows } = await client.execute({
      sql: `UPDATE rescans SET state = 'finished', finished_at = :now WHERE state = 'running' AND pending = 0 RETURNING id`,
      args: { now },
    });
    return rows.map((row) => String(row.id));
  },
});

export type RescanQueries = ReturnType<typeof createRescanQueries>;
