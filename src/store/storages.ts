import { eq } from 'drizzle-orm';
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
  /** @throws Fault NAME_TAKEN */
  put: async (storage: Storage): Promise<void> => {
    const row = toRow(storage);
    await tables
      .insert(storages)
      .values(row)
      .onConflictDoUpdate({ target: storages.id, set: row })
      .catch((error) => {
        throw toNameFault(error, storage.name);
      });
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
