import type { Client } from '@libsql/client';
import type { ReprocessFilter } from '../core/filter';
import type { WorkflowRevision } from '../core/workflow';
import { outcomeConditions } from './file-filter';

/** Which files of a report; `outdated` says by `judgedBy` what they would be judged with now. */
export type PlanFilter = ReprocessFilter & { outdated?: { now: string } };

/** How many files of a report are looked at in one transaction while a rescan of it is planned. */
const PLAN_GROUP = 5000;

// A UUIDv7 (RFC 9562, 5.7) of the time in :now, made where the rows are made.
const NEW_ID = `(SELECT substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7' || substr(r, 1, 3) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1)
  || substr(r, 4, 3) || '-' || substr(r, 7, 12) FROM (SELECT printf('%012x', :now) AS t, lower(hex(randomblob(9))) AS r, files.id))`;

/** The files of a filter, besides their scan. */
const conditionsOf = (filter: PlanFilter) => {
  const { where, args } = outcomeConditions(filter);
  if (filter.outdated !== undefined) {
    // As isOutdated in core/judged says it.
    where.push(
      `judged_with <> '' AND judged_with <> :now_with AND NOT (judged_with LIKE '% -' AND substr(:now_with, 1, length(judged_with) - 1) = substr(judged_with, 1, length(judged_with) - 1))`,
    );
    args.now_with = filter.outdated.now;
  }
  return { where: where.map((condition) => `AND ${condition}`).join(' '), args };
};

/**
 * Makes the next few thousand files of a rescan's report due, where its filter takes them and nothing holds them.
 * One transaction, so that an interrupted plan goes on where it was. False when all were looked at.
 */
export const createPlan =
  (client: Client) =>
  async (id: string, now: number): Promise<boolean> => {
    const { rows } = await client.execute({
      sql: 'SELECT scan_id, filter, workflows, cursor FROM rescans WHERE id = :id',
      args: { id },
    });
    const row = rows[0];
    if (row === undefined || row.cursor === null) return false;
    const scan = String(row.scan_id);
    const from = String(row.cursor);
    const [workflow] = JSON.parse(String(row.workflows)) as [WorkflowRevision];
    const { where, args } = conditionsOf(JSON.parse(String(row.filter)) as PlanFilter);
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
          args: { id, ...range, ...args, now, workflow: workflow.id, revision: workflow.revision },
        },
      ],
      'write',
    );
    return true;
  };
