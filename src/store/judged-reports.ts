import type { Client } from '@libsql/client';

/** A report that is over, with how many of its files have a result that the workflow would be asked to give anew. */
export interface JudgedReport {
  id: string;
  name: string;
  storageId: string;
  storageName: string;
  createdAt: number;
  files: number;
}

/** The reports that are over and to whose storage the workflow `:id` applies now; one of a storage that is gone goes by the default one. */
const REPORTS = `SELECT s.id, s.name, s.storage_id, s.storage_name, s.created_at, sum(t.files) AS files
  FROM scans AS s JOIN tallies AS t ON t.scan_id = s.id AND t.judged_with <> '' AND t.files > 0
    LEFT JOIN storages AS o ON o.id = s.storage_id
  WHERE s.state NOT IN ('running', 'paused')
    AND coalesce(o.workflow_id, (SELECT id FROM workflows WHERE is_default = 1)) = :id
  GROUP BY s.id`;

export const createJudgedReports = (client: Client) => ({
  /** What a change of a workflow makes outdated, newest report first; `before` is the id that ended the page before. */
  list: async (workflowId: string, filter: { before?: string; limit: number }): Promise<JudgedReport[]> => {
    const { rows } = await client.execute({
      sql: `SELECT * FROM (${REPORTS}) WHERE :before IS NULL OR id < :before ORDER BY id DESC LIMIT :limit`,
      args: { id: workflowId, before: filter.before ?? null, limit: filter.limit },
    });
    return rows.map((row) => ({
      id: String(row.id),
      name: String(row.name),
      storageId: String(row.storage_id),
      storageName: String(row.storage_name),
      createdAt: Number(row.created_at),
      files: Number(row.files),
    }));
  },

  /** How many reports, and files in them, that is. */
  count: async (workflowId: string): Promise<{ reports: number; files: number }> => {
    const { rows } = await client.execute({
      sql: `SELECT count(*) AS reports, ifnull(sum(files), 0) AS files FROM (${REPORTS})`,
      args: { id: workflowId },
    });
    return { reports: Number(rows[0]?.reports), files: Number(rows[0]?.files) };
  },
});
