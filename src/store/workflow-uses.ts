import type { Client } from '@libsql/client';
import { Fault } from '../core/fault';
import type { Workflow } from '../core/workflow';

/** The scans and rescans that are not over and go through the workflow `:id`, also those whose files are still to be found. */
const RUNS = `SELECT id FROM scans WHERE state IN ('running', 'paused') AND workflow_id = :id
  UNION ALL SELECT r.id FROM rescans AS r, json_each(r.workflows) AS w WHERE r.state IN ('running', 'paused') AND w.value ->> 'id' = :id`;

/** Whether the workflow `:id` cannot be done without, as a condition on its row. */
export const IS_USED = `workflows.is_default = 1
  OR EXISTS (SELECT 1 FROM storages WHERE storages.workflow_id = :id) OR EXISTS (${RUNS})`;

const SHOWN = 5;

const listed = (names: string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} others` : names.join(', ');

/** Says why a workflow cannot be removed, and what to do first. */
export const refuseRemoval = async (client: Client, { id, name, isDefault }: Workflow): Promise<Fault> => {
  if (isDefault) {
    return new Fault('WORKFLOW_IN_USE', `The workflow "${name}" is the default, which cannot be removed.`, {
      hint: 'Make another workflow the default first.',
    });
  }
  const { rows } = await client.execute({
    sql: 'SELECT name FROM storages WHERE workflow_id = :id ORDER BY name',
    args: { id },
  });
  if (rows.length > 0) {
    const names = listed(rows.map((row) => String(row.name)));
    return new Fault(
      'WORKFLOW_IN_USE',
      `The workflow "${name}" is that of the storage${rows.length === 1 ? '' : 's'} ${names}.`,
      {
        hint: 'Give each of them another workflow first.',
      },
    );
  }
  return new Fault('WORKFLOW_IN_USE', `A scan or rescan with the workflow "${name}" is not over.`, {
    hint: 'Wait for it to end, or cancel it.',
  });
};
