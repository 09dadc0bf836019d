import type { Row } from '@libsql/client';
import type { Entry, EntryState } from '../core/quarantine';
import type { Located, Remedied } from '../core/remediation';
import type { ResultCode } from '../core/result';
import type { Workflow } from '../core/workflow';
import { auditStatement } from './audit';
import { locationText } from './location';
import type { Database } from './open';
import { noteWritten, type Written } from './own-writes';
import { placeOf, rawHexOf } from './place';
import { insertDone } from './remediations';
import type { Seal } from './seal';

const contextOf = (id: string) => `quarantine:${id}`;

const toEntry = (row: Row): Entry => ({
  id: String(row.id),
  fileId: String(row.file_id),
  state: row.state as EntryState,
  storageId: String(row.storage_id),
  storageName: String(row.storage_name),
  place: placeOf(String(row.path), String(row.raw)),
  size: Number(row.size),
  sha256: String(row.sha256),
  resultCode: Number(row.result_code) as ResultCode,
  reason: String(row.reason),
  attributes: row.attributes === null ? undefined : String(row.attributes),
  createdAt: Number(row.created_at),
  endedAt: row.ended_at === null ? undefined : Number(row.ended_at),
});

/** A condition on files: under real-time processing another one may have the place, and the record, of the one that is held. */
const IS_STILL_IT = `id = :fileId AND location ->> 'id' = :id`;

const SELECT = 'SELECT *, hex(raw_path) AS raw FROM quarantine';

const pathDetail = ({ id, fileId, place, storageName }: Entry) => ({
  id,
  fileId,
  path: place.path,
  storage: storageName,
});

/** A restore that is under way. */
export interface Restoring extends Located {
  /** There or nowhere; else under a numbered name where something is there already. */
  exact: boolean;
  actor: string;
  /** The workflow, by its id, on whose allow list its content is put. */
  allowBy?: string;
  /** That the file was about to have there. */
  identity?: string;
}

const restoringText = ({ place, ...rest }: Restoring): string =>
  JSON.stringify({ ...rest, path: place.path, raw: rawHexOf(place) });

const readRestoring = (text: string): Restoring => {
  const { path, raw, ...rest } = JSON.parse(text) as Omit<Restoring, 'place'> & { path: string; raw: string };
  return { ...rest, place: placeOf(path, raw) };
};

/** Who wants something, for the audit. */
export interface By {
  actor: string;
  at: number;
}

/** What is in quarantine. @param seal keeps the keys of its content */
export const createQuarantineQueries = ({ client, durably }: Database, seal: Seal) => {
  const select = async (where: string, args: { [name: string]: string | number | null }): Promise<Entry[]> =>
    (await client.execute({ sql: `${SELECT} WHERE ${where}`, args })).rows.map(toEntry);

  return {
    /** Written before the content comes, with the key that it will be under. Coming again, it is written anew. */
    insert: async (entry: Omit<Entry, 'state' | 'endedAt'>, key: Uint8Array): Promise<void> => {
      const { id, fileId, storageId, storageName, place, size, sha256, resultCode, reason, createdAt } = entry;
      await durably([
        {
          sql: `INSERT OR REPLACE INTO quarantine (id, file_id, state, storage_id, storage_name, path, raw_path, size, sha256, result_code, reason, attributes, key, created_at)
            VALUES (:id, :fileId, 'coming', :storageId, :storageName, :path, unhex(:raw), :size, :sha256, :resultCode, :reason, :attributes, :key, :createdAt)`,
          args: {
            id,
            fileId,
            storageId,
            storageName,
            path: place.path,
            raw: rawHexOf(place),
            size,
            sha256,
            resultCode,
            reason,
            attributes: entry.attributes ?? null,
            key: seal.seal(key, contextOf(id)),
            createdAt,
          },
        },
      ]);
    },

    /** All of its content is there, and what it was made from may go. */
    hold: async (id: string, sha256: string): Promise<void> => {
      await durably([
        {
          sql: `UPDATE quarantine SET state = 'held', sha256 = :sha256 WHERE id = :id AND state = 'coming'`,
          args: { id, sha256 },
        },
      ]);
    },

    /** Nothing came of it. */
    forget: async (id: string): Promise<void> => {
      await client.execute({
        sql: `DELETE FROM quarantine WHERE id = :id AND state IN ('coming', 'held')`,
        args: { id },
      });
    },

    find: async (id: string): Promise<Entry | undefined> => (await select('id = :id', { id }))[0],

    /** Newest first; `before` is the id that ended the page before. */
    list: (filter: { state?: EntryState; before?: string; limit: number }): Promise<Entry[]> =>
      select(
        `state <> 'coming' AND (:state IS NULL OR state = :state) AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit`,
        { state: filter.state ?? null, before: filter.before ?? null, limit: filter.limit },
      ),

    count: async (state?: EntryState): Promise<number> => {
      const { rows } = await client.execute({
        sql: `SELECT count(*) AS n FROM quarantine WHERE state <> 'coming' AND (:state IS NULL OR state = :state)`,
        args: { state: state ?? null },
      });
      return Number(rows[0]?.n ?? 0);
    },

    /** Some that came before a time, oldest first. */
    listOlder: (than: number, limit: number): Promise<Entry[]> =>
      select(`state = 'held' AND created_at < :than ORDER BY id LIMIT :limit`, { than, limit }),

    /** The key of its content. @throws Fault NOT_POSSIBLE when it was sealed with another instance's key */
    key: async (id: string): Promise<Uint8Array | undefined> => {
      const { rows } = await client.execute({ sql: 'SELECT key FROM quarantine WHERE id = :id', args: { id } });
      const sealed = rows[0]?.key;
      return typeof sealed === 'string' ? seal.open(sealed, contextOf(id)) : undefined;
    },

    /** Written before a restore is begun. */
    beginRestore: async (id: string, restoring: Restoring): Promise<void> => {
      await durably([
        {
          sql: `UPDATE quarantine SET state = 'restoring', restoring = :restoring WHERE id = :id AND state = 'held'`,
          args: { id, restoring: restoringText(restoring) },
        },
      ]);
    },

    /** Written before the file appears at its place. */
    claimRestore: async (id: string, restoring: Restoring): Promise<void> => {
      await durably([
        {
          sql: `UPDATE quarantine SET restoring = :restoring WHERE id = :id AND state = 'restoring'`,
          args: { id, restoring: restoringText(restoring) },
        },
      ]);
    },

    /** Restores that were cut off. */
    listRestoring: async (): Promise<{ entry: Entry; restoring: Restoring }[]> => {
      const { rows } = await client.execute(`${SELECT} WHERE state = 'restoring'`);
      return rows.map((row) => ({ entry: toEntry(row), restoring: readRestoring(String(row.restoring)) }));
    },

    /** Nothing came of the restore: it is held as before. */
    giveUpRestore: async (id: string): Promise<void> => {
      await client.execute({
        sql: `UPDATE quarantine SET state = 'held', restoring = NULL WHERE id = :id AND state = 'restoring'`,
        args: { id },
      });
    },

    /** It is back in a storage; its key is erased. */
    endRestore: async (
      entry: Entry,
      destination: NonNullable<Remedied['destination']>,
      { written, allowedBy }: { written: Written[]; allowedBy?: Pick<Workflow, 'name' | 'revision'> },
      { actor, at }: By,
    ): Promise<void> => {
      const { storageId, place } = destination;
      const { sha256 } = entry;
      const allowed = allowedBy && { sha256, workflow: allowedBy.name, revision: allowedBy.revision };
      const detail = { ...pathDetail(entry), restoredTo: place.path, allowed };
      await durably([
        insertDone({ action: 'restore', of: entry.id, destination }, at),
        {
          sql: `UPDATE files SET location = iif(storage_id = :storageId AND path = :path AND raw_path = unhex(:raw), NULL, :location)
            WHERE ${IS_STILL_IT}`,
          args: {
            id: entry.id,
            fileId: entry.fileId,
            storageId,
            path: place.path,
            raw: rawHexOf(place),
            location: locationText({ is: 'moved', storageId, place }),
          },
        },
        {
          sql: `UPDATE quarantine SET state = 'restored', ended_at = :at, key = NULL, restoring = NULL WHERE id = :id`,
          args: { id: entry.id, at },
        },
        ...(written.length === 0 ? [] : [noteWritten(written)]),
        auditStatement(actor, 'quarantine.restore', detail, at),
      ]);
    },

    /** Erases its key, and with that its content. */
    purge: async (entry: Entry, { actor, at }: By): Promise<void> => {
      const { id } = entry;
      await durably([
        insertDone({ action: 'purge', of: id }, at),
        {
          sql: `UPDATE files SET location = :location WHERE ${IS_STILL_IT}`,
          args: { id, fileId: entry.fileId, location: locationText({ is: 'deleted', at }) },
        },
        {
          sql: `UPDATE quarantine SET state = 'purged', ended_at = :at, key = NULL WHERE id = :id`,
          args: { id, at },
        },
        auditStatement(actor, 'quarantine.purge', pathDetail(entry), at),
      ]);
    },
  };
};

export type QuarantineQueries = ReturnType<typeof createQuarantineQueries>;
