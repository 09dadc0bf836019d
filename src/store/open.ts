import { join } from 'node:path';
import { type Client, createClient, type InStatement, type ResultSet } from '@libsql/client';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { damaged, newer, toDatabaseFault } from './faults';
import * as tables from './tables';
import { isCutOff } from './whole';

export type Tables = LibSQLDatabase<typeof tables>;

export interface Database {
  /** Plain SQL, for the statements that carry whole groups. */
  client: Client;
  /** Typed queries, for everything else. */
  tables: Tables;
  /** One transaction that is on the disk when it settles, also when the machine then loses power: others may be lost with the last moments. */
  durably: (statements: InStatement[]) => Promise<ResultSet[]>;
  close: () => Promise<void>;
}

/** Says whether a later version of this program has been at the database: `migrate` itself leaves that alone. */
const isNewer = async (client: Client, migrations: { migrationsFolder: string }): Promise<boolean> => {
  const known = readMigrationFiles(migrations).map(({ folderMillis }) => folderMillis);
  const { rows } = await client.execute('SELECT max(created_at) AS latest FROM __drizzle_migrations');
  return Number(rows[0]?.latest) > Math.max(...known);
};

/**
 * Opens the database, in WAL mode and migrated to this program's version.
 * @param url `file:/path/assay.db`, or a remote libSQL server's URL
 * @throws Fault DATABASE_DAMAGED, DISK_FULL, NOT_POSSIBLE, CONFIG_INVALID
 */
export const openDatabase = async (url: string, authToken?: string): Promise<Database> => {
  try {
    if (url.startsWith('file:') && isCutOff(url)) throw damaged(url.slice('file:'.length));
    // One connection: pragmas hold for a connection, and every call on a file is synchronous anyway.
    const client = createClient({ url, authToken, intMode: 'number', concurrency: 1, timeout: 10_000 });
    if (url.startsWith('file:')) {
      await client.execute('PRAGMA journal_mode = WAL');
      await client.execute('PRAGMA synchronous = NORMAL');
      await client.execute('PRAGMA cache_size = -16000');
      await client.execute('PRAGMA journal_size_limit = 67108864');
    }
    const db = drizzle(client, { schema: tables });
    const migrations = { migrationsFolder: join(import.meta.dir, 'migrations') };
    await migrate(db, migrations);
    if (await isNewer(client, migrations)) throw newer(url);
    const writeFully = async (statements: InStatement[]): Promise<ResultSet[]> => {
      await client.execute('PRAGMA synchronous = FULL');
      try {
        return await client.batch(statements, 'write');
      } finally {
        await client.execute('PRAGMA synchronous = NORMAL');
      }
    };
    let last: Promise<unknown> = Promise.resolve();
    return {
      client,
      tables: db,
      durably: (statements) => {
        if (!url.startsWith('file:')) return client.batch(statements, 'write');
        // One after the other: the end of one must not take the pragma from another.
        const written = last.then(() => writeFully(statements));
        last = written.catch(() => {});
        return written;
      },
      close: async () => {
        // So that the file alone is the whole database, for a copy of it and for the check of its size. What cannot be moved stays in the log.
        if (url.startsWith('file:')) await client.execute('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => {});
        client.close();
      },
    };
  } catch (error) {
    throw toDatabaseFault(error, url);
  }
};
