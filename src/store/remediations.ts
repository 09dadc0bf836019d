import type { InStatement, Row } from '@libsql/client';
import { newId } from '../core/id';
import {
  ACTIONS,
  type ActCounts,
  type Action,
  type ActState,
  type Located,
  type Remedied,
  type Wanted,
} from '../core/remediation';
import { type AuditEntry, auditStatement } from './audit';
import { toProcessing } from './file-row';
import { readLocation } from './location';
import type { Database } from './open';
import { noteWritten, type Written } from './own-writes';
import { placeOf, rawHexOf } from './place';
import type { Finished } from './work';

/** An act with what it is to do. */
export interface DueAct extends Remedied {
  wanted: Wanted;
}

/** A file with a verdict whose acts are not over. */
export interface Held {
  finished: Finished;
  /** Where it is. */
  source: Located;
  /** In the order in which they are done. */
  acts: DueAct[];
}

const toRemedied = (row: Row): Remedied => ({
  id: String(row.id),
  action: row.action as Action,
  state: row.state as ActState,
  destination:
    row.to_path === null
      ? undefined
      : {
          storageId: String(row.to_storage_id),
          place: placeOf(String(row.to_path), String(row.to_hex)),
          identity: String(row.to_identity),
        },
  error: row.error === null ? undefined : String(row.error),
  removed: row.removed === null ? undefined : (JSON.parse(String(row.removed)) as Remedied['removed']),
  createdAt: Number(row.created_at),
  endedAt: row.ended_at === null ? undefined : Number(row.ended_at),
});

const COLUMNS = `id, action, state, wanted, to_storage_id, to_path, ifnull(hex(to_raw), '') AS to_hex, to_identity, error, removed, created_at, ended_at`;

/** The statement that records what is to be done with files, for the transaction that keeps their verdicts. @param stillDue as in work.ts */
export const insertActs = (finished: Finished[], stillDue: string, now: number): InStatement => {
  const rows = finished.flatMap(({ fileId: file, id, runId: run, findings, acts }) =>
    (acts?.wanted ?? []).map((wanted) => ({
      act: newId(),
      file,
      id,
      run,
      action: wanted.action,
      wanted: JSON.stringify(wanted),
      storage: acts?.source.storageId,
      path: acts?.source.place.path,
      raw: acts && rawHexOf(acts.source.place),
      sha256: findings.content?.sha256 ?? null,
    })),
  );
  return {
    sql: `WITH given AS MATERIALIZED (SELECT value FROM json_each(:rows))
      INSERT INTO remediations (id, file_id, processing_id, run_id, action, state, wanted, storage_id, path, raw_path, sha256, created_at)
      SELECT value ->> 'act', value ->> 'file', value ->> 'id', value ->> 'run', value ->> 'action', 'due', value ->> 'wanted', value ->> 'storage',
        value ->> 'path', unhex(value ->> 'raw'), value ->> 'sha256', :now FROM given WHERE ${stillDue}`,
    args: { rows: JSON.stringify(rows), now },
  };
};

/** The statement that records what was done by hand, or by age, to a file in quarantine; it is found by the id of what put it there. */
export const insertDone = (
  { action, of, destination }: { action: 'restore' | 'purge'; of: string; destination?: Remedied['destination'] },
  now: number,
): InStatement => ({
  sql: `INSERT INTO remediations (id, file_id, action, state, wanted, storage_id, path, raw_path, sha256, to_storage_id, to_path, to_raw, to_identity, created_at, ended_at)
    SELECT :id, file_id, :action, 'done', '{}', storage_id, path, raw_path, sha256, :storage, :path, unhex(:raw), :identity, :now, :now FROM quarantine WHERE id = :of`,
  args: {
    id: newId(),
    action,
    of,
    now,
    storage: destination?.storageId ?? null,
    path: destination?.place.path ?? null,
    raw: destination === undefined ? null : rawHexOf(destination.place),
    identity: destination?.identity ?? null,
  },
});

/** What is done with files, and was. */
export const createRemediationQueries = ({ client, durably }: Database) => {
  const actsOf = async (processingIds: string[]): Promise<Map<string, DueAct[]>> => {
    const acts = new Map<string, DueAct[]>(processingIds.map((id) => [id, []]));
    const { rows } = await client.execute({
      sql: `SELECT processing_id, ${COLUMNS} FROM remediations WHERE processing_id IN (SELECT value FROM json_each(:ids)) ORDER BY rowid`,
      args: { ids: JSON.stringify(processingIds) },
    });
    for (const row of rows) {
      const wanted = JSON.parse(String(row.wanted)) as Wanted;
      acts.get(String(row.processing_id))?.push({ ...toRemedied(row), wanted });
    }
    return acts;
  };

  return {
    /** Files whose acts are due, but for some that are under way. */
    listHeld: async (limit: number, now: number, except: string[]): Promise<Held[]> => {
      const { rows } = await client.execute({
        sql: `SELECT p.*, w.run_id, f.scan_id, f.storage_id, f.path, hex(f.raw_path) AS raw, f.size, f.location
          FROM work AS w CROSS JOIN files AS f ON f.id = w.file_id CROSS JOIN processings AS p ON p.id = w.processing_id
          WHERE w.lease = 'remedy' AND w.not_before <= :now AND w.file_id NOT IN (SELECT value FROM json_each(:except)) LIMIT :limit`,
        args: { limit, now, except: JSON.stringify(except) },
      });
      const acts = await actsOf(rows.map(({ id }) => String(id)));
      return rows.map((row) => {
        const place = placeOf(String(row.path), String(row.raw));
        const location = readLocation(row.location);
        return {
          finished: {
            ...toProcessing(row),
            runId: String(row.run_id),
            scanId: String(row.scan_id),
            place,
            size: Number(row.size),
          },
          source: location?.is === 'moved' ? location : { storageId: String(row.storage_id), place },
          acts: acts.get(String(row.id)) ?? [],
        };
      });
    },

    /** When the next file that waits may be acted on; undefined when none waits. */
    nextDue: async (now: number): Promise<number | undefined> => {
      const { rows } = await client.execute({
        sql: `SELECT min(not_before) AS at FROM work WHERE lease = 'remedy' AND not_before > :now`,
        args: { now },
      });
      return Number(rows[0]?.at ?? 0) || undefined;
    },

    /** Puts a file's acts off, and says why of the one that is next. */
    delay: async (fileId: string, until: number, { id, why }: { id: string; why: string }): Promise<void> => {
      await client.batch(
        [
          {
            sql: `UPDATE work SET not_before = :until WHERE file_id = :fileId AND lease = 'remedy'`,
            args: { fileId, until },
          },
          { sql: 'UPDATE remediations SET error = :why WHERE id = :id', args: { id, why } },
        ],
        'write',
      );
    },

    /** Puts nothing off any longer. */
    hurry: async (): Promise<void> => {
      await client.execute(`UPDATE work SET not_before = 0 WHERE lease = 'remedy' AND not_before > 0`);
    },

    /** Written before the act is begun. */
    begin: async (id: string): Promise<void> => {
      await durably([
        { sql: `UPDATE remediations SET state = 'begun' WHERE id = :id AND state = 'due'`, args: { id } },
      ]);
    },

    /** Written before a file appears at a place. */
    claim: async (id: string, { storageId, place, identity }: NonNullable<Remedied['destination']>): Promise<void> => {
      await durably([
        {
          sql: `UPDATE remediations SET to_storage_id = :storageId, to_path = :path, to_raw = unhex(:raw), to_identity = :identity WHERE id = :id`,
          args: { id, storageId, path: place.path, raw: rawHexOf(place), identity },
        },
      ]);
    },

    /** Keeps how an act ended, with the audit of it, and what it wrote. */
    end: async (
      id: string,
      { state, destination, error, removed }: Pick<Remedied, 'state' | 'destination' | 'error' | 'removed'>,
      { audit, written }: { audit?: { action: string; detail: AuditEntry['detail'] }; written: Written[] },
      now: number,
    ): Promise<void> => {
      await client.batch(
        [
          {
            sql: `UPDATE remediations SET state = :state, error = :error, removed = :removed, ended_at = :now, to_storage_id = :storage, to_path = :path,
              to_raw = unhex(:raw), to_identity = :identity WHERE id = :id`,
            args: {
              id,
              state,
              error: error ?? null,
              removed: removed === undefined ? null : JSON.stringify(removed),
              now,
              storage: destination?.storageId ?? null,
              path: destination?.place.path ?? null,
              raw: destination === undefined ? null : rawHexOf(destination.place),
              identity: destination?.identity ?? null,
            },
          },
          ...(written.length === 0 ? [] : [noteWritten(written)]),
          ...(audit === undefined ? [] : [auditStatement('assay', audit.action, audit.detail, now)]),
        ],
        'write',
      );
    },

    /** All that was done with a file, and is to be done, in its order. */
    ofFile: async (fileId: string): Promise<Remedied[]> => {
      const { rows } = await client.execute({
        sql: `SELECT ${COLUMNS} FROM remediations WHERE file_id = :fileId ORDER BY rowid`,
        args: { fileId },
      });
      return rows.map(toRemedied);
    },

    /** Why the remediation that processings led to failed, by their ids. */
    failuresOf: async (processingIds: string[]): Promise<Map<string, string>> => {
      const { rows } = await client.execute({
        sql: `SELECT processing_id AS id, error FROM remediations INDEXED BY remediations_of_processing
          WHERE processing_id IN (SELECT value FROM json_each(:ids)) AND state = 'failed' ORDER BY rowid`,
        args: { ids: JSON.stringify(processingIds) },
      });
      return new Map(rows.map((row) => [String(row.id), String(row.error)]));
    },

    /** What a scan or a rescan did. */
    countOfRun: async (runId: string): Promise<ActCounts> => {
      const { rows } = await client.execute({
        sql: `SELECT action, state, count(*) AS n FROM remediations WHERE run_id = :runId AND state IN ('done', 'failed') GROUP BY 1, 2`,
        args: { runId },
      });
      const counts = { ...Object.fromEntries(ACTIONS.map((action) => [action, 0])), failed: 0 } as ActCounts;
      for (const { action, state, n } of rows) counts[state === 'failed' ? 'failed' : (action as Action)] += Number(n);
      return counts;
    },

    /** The newest copy that was made of the same content, from the same place, as wanted in the same way. */
    findCopy: async (
      source: Located,
      sha256: string,
      wanted: Extract<Wanted, { action: 'copy' | 'sanitize' }>,
    ): Promise<Remedied['destination']> => {
      const { rows } = await client.execute({
        sql: `SELECT ${COLUMNS} FROM remediations WHERE storage_id = :storage AND path = :path AND raw_path = unhex(:raw) AND sha256 = :sha256
          AND action = :action AND state = 'done' AND wanted = :wanted AND to_path IS NOT NULL ORDER BY rowid DESC LIMIT 1`,
        args: {
          storage: source.storageId,
          path: source.place.path,
          raw: rawHexOf(source.place),
          sha256,
          action: wanted.action,
          wanted: JSON.stringify(wanted),
        },
      });
      return rows[0] && toRemedied(rows[0]).destination;
    },
  };
};

export type RemediationQueries = ReturnType<typeof createRemediationQueries>;
