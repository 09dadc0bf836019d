import type { Database } from './open';

/** Of a content that many files have, so many of its newest processings are looked at. */
const LOOKED_AT = 20;

/** What a file held when it was read last. That nothing was in it tells it from no other file. */
const LAST_READ = `SELECT l.id FROM processings AS l INDEXED BY processings_of_file
  WHERE l.file_id = gone.id AND l.sha256 IS NOT NULL ORDER BY l.id DESC LIMIT 1`;

/** The newest files that hold what a file held. */
const SAME_CONTENT = `SELECT c.id, c.file_id FROM processings AS c INDEXED BY processings_by_content
  WHERE c.content_key = l.content_key AND c.sha256 = l.sha256 ORDER BY c.rowid DESC LIMIT ${LOOKED_AT}`;

/** A path of the storage was met before the file was read last: a copy that was always there is nothing that moved. */
const MET_BEFORE = `SELECT 1 FROM files AS o INDEXED BY files_by_path
  WHERE o.path = f.path AND o.raw_path = f.raw_path AND o.storage_id = f.storage_id AND o.created_at <= l.ended_at`;

export const createMovedQueries = ({ client }: Database) => ({
  /**
   * Of files that are gone, by id, the path of the same storage at which what they held was met since, and at which nothing was met before.
   * Only what is known already: nothing is searched for in the storage.
   */
  find: async (fileIds: string[]): Promise<Map<string, string>> => {
    const { rows } = await client.execute({
      sql: `SELECT gone.id, (
          SELECT f.path FROM (${SAME_CONTENT}) AS c CROSS JOIN files AS f ON f.id = c.file_id
          WHERE f.processing_id = c.id AND f.storage_id = gone.storage_id AND f.size > 0 AND NOT EXISTS (${MET_BEFORE}) LIMIT 1) AS path
        FROM json_each(:ids) CROSS JOIN files AS gone ON gone.id = value CROSS JOIN processings AS l ON l.id = (${LAST_READ})`,
      args: { ids: JSON.stringify(fileIds) },
    });
    return new Map(rows.flatMap(({ id, path }) => (path === null ? [] : [[String(id), String(path)] as const])));
  },
});

export type MovedQueries = ReturnType<typeof createMovedQueries>;
