import { and, eq } from 'drizzle-orm';
import { type Workflow, WorkflowDefinition } from '../core/workflow';
import type { Database } from './open';
import { workflow_revisions, workflows } from './tables';

export const createWorkflowQueries = ({ tables }: Database) => {
  const revision = async (id: string, number: number): Promise<Workflow | undefined> => {
    const row = await tables.query.workflow_revisions.findFirst({
      where: and(eq(workflow_revisions.workflow_id, id), eq(workflow_revisions.revision, number)),
    });
    return (
      row && {
        id,
        name: row.name,
        revision: row.revision,
        definition: WorkflowDefinition.parse(JSON.parse(row.definition)),
        createdAt: row.created_at,
      }
    );
  };

  return {
    /** A workflow as it was at a revision. */
    findRevision: revision,

    /** A workflow as it is now. */
    find: async (id: string): Promise<Workflow | undefined> => {
      const row = await tables.query.workflows.findFirst({ where: eq(workflows.id, id) });
      return row && revision(row.id, row.revision);
    },

    findDefault: async (): Promise<Workflow | undefined> => {
      const row = await tables.query.workflows.findFirst({ where: eq(workflows.is_default, true) });
      return row && revision(row.id, row.revision);
    },

    list: async (): Promise<Workflow[]> => {
      const rows = await tables.select().from(workflows).orderBy(workflows.name);
      const found = await Promise.all(rows.map((row) => revision(row.id, row.revision)));
      return found.filter((workflow) => workflow !== undefined);
    },

    insert: async (workflow: Workflow, isDefault: boolean): Promise<void> => {
      const { id, name, createdAt } = workflow;
      await tables.batch([
        tables
          .insert(workflows)
          .values({ id, name, revision: workflow.revision, is_default: isDefault, created_at: createdAt }),
        tables.insert(workflow_revisions).values({
          workflow_id: id,
          revision: workflow.revision,
          name,
          definition: JSON.stringify(workflow.definition),
          created_at: createdAt,
        }),
      ]);
    },
  };
};

export type WorkflowQueries = ReturnType<typeof createWorkflowQueries>;
