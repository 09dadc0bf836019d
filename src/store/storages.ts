import { eq } from 'drizzle-orm';
import { Fault } from '../core/fault';
import { type Storage, StorageOptions } from '../core/storage';
import { toNameFault } from './faults';
import type { Database } from './open';
import { storages } from './tables';

const toStorage = (row: typeof storages.$inferSelect): Storage => ({
  id: row.id,
  name: row.name,
  options: StorageOptions.parse(JSON.parse(row.options)),
  workflowId: row.workflow_id ?? undefined,
  createdAt: row.created_at,
});

const toRow = (storage: Storage) => ({
  id: storage.id,
  name: storage.name,
  kind: storage.options.kind,
  options: JSON.stringify(storage.options),
  workflow_id: storage.workflowId ?? null,
  created_at: storage.createdAt,
});

export const createStorageQueries = ({ tables, client }: Database) => ({
  /** @throws Fault NAME_TAKEN, BAD_REQUEST when there is no such workflow */
  put: async (storage: Storage): Promise<void> => {
    // One statement, so that the workflow cannot be removed in between.
    const { rowsAffected } = await client
      .execute({
        sql: `INSERT INTO storages (id, name, kind, options, workflow_id, created_at)
          SELECT :id, :name, :kind, :options, :workflow_id, :created_at
          WHERE :workflow_id IS NULL OR EXISTS (SELECT 1 FROM workflows WHERE id = :workflow_id AND removed_at IS NULL)
          ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, options = excluded.options,
            workflow_id = excluded.workflow_id, created_at = excluded.created_at`,
        args: toRow(storage),
      })
      .catch((error) => {
        throw toNameFault(error, storage.name);
      });
    if (rowsAffected === 0) {
      throw new Fault('BAD_REQUEST', '"workflowId" is not valid: there is no such workflow.', {
        hint: 'List the workflows to see their ids.',
      });
    }
  },

  list: async (): Promise<Storage[]> => (await tables.select().from(storages).orderBy(storages.name)).map(toStorage),

  find: async (id: string): Promise<Storage | undefined> => {
    const row = await tables.query.storages.findFirst({ where: eq(storages.id, id) });
    return row && toStorage(row);
  },

  findByName: async (name: string): Promise<Storage | undefined> => {
    const row = await tables.query.storages.findFirst({ where: eq(storages.name, name) });
    return row && toStorage(row);
  },

  /** False while a scan of it, or a rescan of its files, is not over. */
  remove: async (id: string): Promise<boolean> => {
    const { rowsAffected } = await client.execute({
      sql: `DELETE FROM storages WHERE id = :id
        AND NOT EXISTS (SELECT 1 FROM scans WHERE storage_id = :id AND state IN ('running', 'paused'))
        AND NOT EXISTS (SELECT 1 FROM work JOIN files ON files.id = work.file_id AND files.storage_id = :id)`,
      args: { id },
    });
    return rowsAffected > 0;
  },
});

export type StorageQueries = ReturnType<typeof createStorageQueries>;
