import { eq } from 'drizzle-orm';
import { Fault } from '../core/fault';
import { type KnownRoot, type Storage, StorageOptions, StorageSecret } from '../core/storage';
import { toNameFault } from './faults';
import type { Database } from './open';
import type { Seal } from './seal';
import { storages } from './tables';

const toStorage = (row: typeof storages.$inferSelect): Storage => ({
  id: row.id,
  name: row.name,
  options: StorageOptions.parse(JSON.parse(row.options)),
  workflowId: row.workflow_id ?? undefined,
  createdAt: row.created_at,
  root: row.root === null ? undefined : (JSON.parse(row.root) as KnownRoot),
  secretMark: row.secret === null ? undefined : Bun.hash(row.secret).toString(36),
});

const contextOf = (id: string) => `storage:${id}`;

const toRow = (storage: Storage) => ({
  id: storage.id,
  name: storage.name,
  kind: storage.options.kind,
  options: JSON.stringify(storage.options),
  workflow_id: storage.workflowId ?? null,
  created_at: storage.createdAt,
});

/** @param seal keeps the storages' secrets */
export const createStorageQueries = ({ tables, client }: Database, seal: Seal) => ({
  /**
   * @param secret what it had stays without, as long as it is of the same kind
   * @throws Fault NAME_TAKEN, BAD_REQUEST when there is no such workflow
   */
  put: async (storage: Storage, secret?: StorageSecret): Promise<void> => {
    const sealed = secret === undefined ? null : seal.seal(JSON.stringify(secret), contextOf(storage.id));
    // One statement, so that the workflow cannot be removed in between.
    const { rowsAffected } = await client
      .execute({
        sql: `INSERT INTO storages (id, name, kind, options, secret, workflow_id, created_at)
          SELECT :id, :name, :kind, :options, :secret, :workflow_id, :created_at
          WHERE :workflow_id IS NULL OR EXISTS (SELECT 1 FROM workflows WHERE id = :workflow_id AND removed_at IS NULL)
          ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, options = excluded.options,
            secret = ifnull(excluded.secret, iif(storages.kind = excluded.kind, storages.secret, NULL)),
            root = iif(storages.options = excluded.options, storages.root, NULL),
            workflow_id = excluded.workflow_id, created_at = excluded.created_at`,
        args: { ...toRow(storage), secret: sealed },
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

  /** Keeps what is at the path of a local storage. */
  keepRoot: async (id: string, root: KnownRoot): Promise<void> => {
    await tables
      .update(storages)
      .set({ root: JSON.stringify(root) })
      .where(eq(storages.id, id));
  },

  /** For the storage's own client alone: never log, show or keep it. @throws Fault NOT_POSSIBLE when it was sealed with another instance's key */
  secret: async (id: string): Promise<StorageSecret | undefined> => {
    const row = await tables.query.storages.findFirst({ where: eq(storages.id, id) });
    if (!row?.secret) return undefined;
    return StorageSecret.parse(JSON.parse(seal.open(row.secret, contextOf(id)).toString()));
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
