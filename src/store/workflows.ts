import type { InStatement, Row } from '@libsql/client';
import {
  changeDefinition,
  type DefinitionChange,
  differences,
  type Workflow,
  WorkflowDefinition,
} from '../core/workflow';
import { toNameFault } from './faults';
import { createJudgedReports } from './judged-reports';
import type { Database } from './open';
import type { Seal } from './seal';
import { createWorkflowPasswords } from './workflow-passwords';
import { IS_USED, refuseRemoval } from './workflow-uses';

/** A workflow at its first revision, with the passwords that it brings. */
export type NewWorkflow = Omit<Workflow, 'passwordCount' | 'isDefault'> & { passwords?: string[] };

/** What is left out stays as it is. */
export interface WorkflowChange {
  name?: string;
  definition?: DefinitionChange;
  /** All of them: those that it had are gone. */
  passwords?: string[];
}

const SELECT = `SELECT r.workflow_id, r.revision, r.name, r.definition, r.password_count, r.created_at, w.is_default
  FROM workflows AS w CROSS JOIN workflow_revisions AS r ON r.workflow_id = w.id`;
const NOW = 'r.revision = w.revision AND w.removed_at IS NULL';

const toWorkflow = (row: Row): Workflow => ({
  id: String(row.workflow_id),
  name: String(row.name),
  revision: Number(row.revision),
  definition: WorkflowDefinition.parse(JSON.parse(String(row.definition))),
  passwordCount: Number(row.password_count),
  isDefault: row.is_default === 1,
  createdAt: Number(row.created_at),
});

/** @param seal keeps the workflows' passwords: they are plain outside of this room only while they are asked for */
export const createWorkflowQueries = ({ client }: Database, seal: Seal) => {
  const select = async (where: string, args: { [name: string]: string | number } = {}): Promise<Workflow[]> =>
    (await client.execute({ sql: `${SELECT} WHERE ${where}`, args })).rows.map(toWorkflow);

  const find = async (id: string): Promise<Workflow | undefined> => (await select(`w.id = :id AND ${NOW}`, { id }))[0];

  const { sealed, passwords, hasPasswords } = createWorkflowPasswords(client, seal);

  const changedKeys = async (old: Workflow, next: Workflow, given: string[] | undefined): Promise<string[]> => [
    ...(next.name === old.name ? [] : ['name']),
    ...differences(old.definition, next.definition),
    ...(given === undefined || (await hasPasswords(old, given)) ? [] : ['passwords']),
  ];

  /** Adds a revision upon the one that was read; false when another came before it. */
  const addRevision = async (old: Workflow, next: Workflow, given: string[] | undefined): Promise<boolean> => {
    const { id, name } = next;
    const values = {
      id,
      name,
      old: old.revision,
      definition: JSON.stringify(next.definition),
      count: next.passwordCount,
      keep: given === undefined ? 1 : 0,
      passwords: given === undefined ? null : sealed(id, given),
      now: next.createdAt,
    };
    const [added] = await client.batch(
      [
        {
          sql: `INSERT INTO workflow_revisions (workflow_id, revision, name, definition, password_count, passwords, created_at)
            SELECT w.id, w.revision + 1, :name, :definition, :count, iif(:keep, r.passwords, :passwords), :now
            FROM workflows AS w JOIN workflow_revisions AS r ON r.workflow_id = w.id AND ${NOW}
            WHERE w.id = :id AND w.revision = :old`,
          args: values,
        },
        {
          sql: `UPDATE workflows SET name = :name, revision = revision + 1 WHERE id = :id AND revision = :old AND removed_at IS NULL`,
          args: { id, name, old: old.revision },
        },
      ],
      'write',
    );
    return (added?.rowsAffected ?? 0) > 0;
  };

  return {
    /** A workflow as it is now. */
    find,

    /** A workflow as it was at a revision, also when it is removed. */
    findRevision: async (id: string, revision: number): Promise<Workflow | undefined> =>
      (await select('w.id = :id AND r.revision = :revision', { id, revision }))[0],

    /** All its revisions, newest first, also when it is removed; `before` is the one that ended the page before. */
    listRevisions: (id: string, filter: { before?: number; limit: number }): Promise<Workflow[]> =>
      select('w.id = :id AND r.revision < :before ORDER BY r.revision DESC LIMIT :limit', {
        id,
        before: filter.before ?? Number.MAX_SAFE_INTEGER,
        limit: filter.limit,
      }),

    findDefault: async (): Promise<Workflow | undefined> => (await select(`w.is_default = 1 AND ${NOW}`))[0],

    list: (): Promise<Workflow[]> => select(`${NOW} ORDER BY w.name`),

    /** What a change of a workflow makes outdated. */
    judgedReports: createJudgedReports(client),

    /** The passwords of a revision, in their order. For the engine host alone: never log, show or keep them. */
    passwords,

    /** @throws Fault NAME_TAKEN */
    insert: async (workflow: NewWorkflow, isDefault: boolean): Promise<void> => {
      const { id, name, revision, createdAt, passwords: own = [] } = workflow;
      const statements: InStatement[] = [
        {
          sql: 'INSERT INTO workflows (id, name, revision, is_default, created_at) VALUES (:id, :name, :revision, :isDefault, :createdAt)',
          args: { id, name, revision, isDefault: isDefault ? 1 : 0, createdAt },
        },
        {
          sql: `INSERT INTO workflow_revisions (workflow_id, revision, name, definition, password_count, passwords, created_at)
            VALUES (:id, :revision, :name, :definition, :count, :passwords, :createdAt)`,
          args: {
            id,
            revision,
            name,
            definition: JSON.stringify(workflow.definition),
            count: own.length,
            passwords: sealed(id, own),
            createdAt,
          },
        },
      ];
      await client.batch(statements, 'write').catch((error) => {
        throw toNameFault(error, name);
      });
    },

    /**
     * Makes a change upon what the workflow is by then, as a new revision; a change that changes nothing makes none.
     * Returns the workflow with the names of what is different now; undefined when there is none with that id.
     * @throws Fault NAME_TAKEN
     */
    change: async (
      id: string,
      change: WorkflowChange,
      now: number,
    ): Promise<{ workflow: Workflow; changed: string[] } | undefined> => {
      for (;;) {
        const old = await find(id);
        if (old === undefined) return undefined;
        const workflow = {
          ...old,
          name: change.name ?? old.name,
          revision: old.revision + 1,
          definition: changeDefinition(old.definition, change.definition ?? {}),
          passwordCount: change.passwords?.length ?? old.passwordCount,
          createdAt: now,
        };
        const changed = await changedKeys(old, workflow, change.passwords);
        if (changed.length === 0) return { workflow: old, changed };
        const added = await addRevision(old, workflow, change.passwords).catch((error) => {
          throw toNameFault(error, workflow.name);
        });
        if (added) return { workflow, changed };
      }
    },

    /** Makes it the workflow of every storage that names none. False when there is none with that id. */
    setDefault: async (id: string): Promise<boolean> => {
      const { rowsAffected } = await client.execute({
        sql: `UPDATE workflows SET is_default = (id = :id)
          WHERE EXISTS (SELECT 1 FROM workflows WHERE id = :id AND removed_at IS NULL)`,
        args: { id },
      });
      return rowsAffected > 0;
    },

    /**
     * Takes a workflow out of use and erases its passwords; its revisions stay, for what ran under them. False when there is none with that id.
     * @throws Fault WORKFLOW_IN_USE while it is the default, a storage names it, or a scan or rescan with it is not over
     */
    remove: async (id: string, now: number): Promise<boolean> => {
      const [removed] = await client.batch(
        [
          {
            sql: `UPDATE workflows SET removed_at = :now WHERE id = :id AND removed_at IS NULL AND NOT (${IS_USED})`,
            args: { id, now },
          },
          {
            sql: `UPDATE workflow_revisions SET passwords = NULL
              WHERE workflow_id = :id AND EXISTS (SELECT 1 FROM workflows WHERE id = :id AND removed_at IS NOT NULL)`,
            args: { id },
          },
        ],
        'write',
      );
      if ((removed?.rowsAffected ?? 0) > 0) return true;
      const workflow = await find(id);
      if (workflow === undefined) return false;
      throw await refuseRemoval(client, workflow);
    },
  };
};

export type WorkflowQueries = ReturnType<typeof createWorkflowQueries>;
