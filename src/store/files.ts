import type { FileRecord, Processing } from '../core/file';
import type { FileOrder } from '../core/file-order';
import { type Outcome, takes } from '../core/filter';
import { detectionsOf, type FileState, type Status } from '../core/result';
import { conditionsOf, type FileFilter, isByOutcome, isOfNote, rescannedFiles } from './file-filter';
import { positionOf, walkOf } from './file-order';
import { FILE_COLUMNS, toFile, toProcessing } from './file-row';
import type { Database } from './open';
import { OF_NOTE } from './tables';
import { readTallies } from './tallies';

export type FilePage = FileFilter & {
  /** As they were found without. */
  order?: FileOrder;
  /** The position, by `positionOf`, that ended the page before. */
  after?: string;
  limit: number;
};

/** A stretch of a scan's files in the order in which they were found; of them, only those that the filter takes. */
export type FileStretch = FileFilter & {
  /** The id before the first; empty for the beginning. */
  after: string;
  /** The last id. */
  last: string;
};

/** How a processing came out, beyond what its file says. */
export interface Explained {
  workflowRevision: number;
  /** Empty when there is nothing to explain. */
  explanation: string;
}

/** How many files of a filter came out alike. */
export interface OutcomeCount extends Outcome {
  count: number;
}

/** So few files of note, or of a rescan, are sorted faster than a whole scan is walked in an order. */
const FEW = 20_000;

/** Where files are taken from, by which conditions. */
interface From extends ReturnType<typeof conditionsOf> {
  from: string;
}

const FROM_NOTE = `files INDEXED BY files_of_note WHERE (${OF_NOTE}) AND`;

const stretchConditions = ({ after, last, ...filter }: FileStretch) => {
  const { where, args } = conditionsOf(filter);
  return {
    where: [...where, 'files.id > :after', 'files.id <= :last'].join(' AND '),
    args: { ...args, after, last },
  };
};

/** How many files of a scan a choice of outcomes takes, by the tallies. */
const countOutcomes = async (
  database: Database,
  { scanId, status = [], detection = [] }: FileFilter,
): Promise<number> =>
  (await readTallies(database, [scanId]))
    .filter((tally) => takes({ status, detection }, tally))
    .reduce((sum, { files }) => sum + files, 0);

/** @param most so many files are walked rather than sorted; another number only to test that nothing else depends on it */
export const createFileQueries = (database: Database, most = FEW) => {
  const { client } = database;

  /** The files of a filter's rescan or change, and what else it asks of them; undefined when it names neither. */
  const ofRescan = (filter: FileFilter): From | undefined => {
    const rescanned = rescannedFiles(filter);
    if (rescanned === undefined) return undefined;
    const { where, args } = conditionsOf({ ...filter, rescanId: undefined, change: undefined });
    return {
      from: `(${rescanned.sql}) AS q CROSS JOIN files ON files.id = q.file_id WHERE`,
      where,
      args: { ...args, ...rescanned.args },
    };
  };

  const ofNote = (filter: FileFilter): From | undefined =>
    isOfNote(filter) ? { from: FROM_NOTE, ...conditionsOf(filter) } : undefined;

  const isFewOfRescan = async (filter: FileFilter): Promise<boolean> => {
    const rescanned = rescannedFiles(filter);
    if (rescanned === undefined) return false;
    const { rows } = await client.execute({
      sql: `SELECT count(*) AS n FROM (${rescanned.sql} LIMIT :most)`,
      args: { ...rescanned.args, most },
    });
    return Number(rows[0]?.n) < most;
  };

  /** Where a filter's files are found without a walk through their scan, if that gives few. */
  const few = async (filter: FileFilter): Promise<From | undefined> => {
    if (await isFewOfRescan(filter)) return ofRescan(filter);
    return isOfNote(filter) && (await countOutcomes(database, filter)) < most ? ofNote(filter) : undefined;
  };

  return {
    find: async (id: string): Promise<FileRecord | undefined> => {
      const { rows } = await client.execute({ sql: `SELECT ${FILE_COLUMNS} FROM files WHERE id = :id`, args: { id } });
      return rows[0] && toFile(rows[0]);
    },

    /** The newest record of the file at a path, whichever scan it is of. */
    findByPath: async (path: string): Promise<FileRecord | undefined> => {
      const { rows } = await client.execute({
        sql: `SELECT ${FILE_COLUMNS} FROM files WHERE path = :path ORDER BY id DESC LIMIT 1`,
        args: { path },
      });
      return rows[0] && toFile(rows[0]);
    },

    /** A page of a scan's files in an order. */
    list: async (filter: FilePage): Promise<FileRecord[]> => {
      const walk = walkOf(filter.order, filter.after);
      const { from, where, args } = (await few(filter)) ?? {
        from: `files INDEXED BY ${walk.index} WHERE`,
        ...conditionsOf(filter),
      };
      const { rows } = await client.execute({
        sql: `SELECT ${FILE_COLUMNS} FROM ${from} ${[...where, ...walk.where].join(' AND ')} ORDER BY ${walk.by} LIMIT :limit`,
        args: { ...args, ...walk.args, limit: filter.limit },
      });
      return rows.map(toFile);
    },

    count: async (filter: FileFilter): Promise<number> => {
      if (isByOutcome(filter)) return countOutcomes(database, filter);
      // Unlike a list, it is nowhere done before the end: what is not few is still less than all.
      const { from, where, args } = (await few(filter)) ??
        ofRescan(filter) ??
        ofNote(filter) ?? { from: 'files WHERE', ...conditionsOf(filter) };
      const { rows } = await client.execute({
        sql: `SELECT count(*) AS n FROM ${from} ${where.join(' AND ')}`,
        args,
      });
      return Number(rows[0]?.n ?? 0);
    },

    findProcessing: async (id: string): Promise<Processing | undefined> => {
      const { rows } = await client.execute({ sql: 'SELECT * FROM processings WHERE id = :id', args: { id } });
      return rows[0] && toProcessing(rows[0]);
    },

    /** The last file that a scan has found so far; undefined when it has none. */
    lastId: async (scanId: string): Promise<string | undefined> => {
      const { rows } = await client.execute({
        sql: 'SELECT id FROM files INDEXED BY files_by_scan WHERE scan_id = :scanId ORDER BY id DESC LIMIT 1',
        args: { scanId },
      });
      return rows[0] && String(rows[0].id);
    },

    /** Where a stretch of at most `size` files ends, whether or not a filter takes them: what it costs to read it is bounded. */
    endOfStretch: async (scanId: string, after: string, last: string, size: number): Promise<string> => {
      const { rows } = await client.execute({
        sql: `SELECT id FROM files INDEXED BY files_by_scan WHERE scan_id = :scanId AND id > :after AND id < :last
        ORDER BY id LIMIT 1 OFFSET :offset`,
        args: { scanId, after, last, offset: size - 1 },
      });
      return rows[0] ? String(rows[0].id) : last;
    },

    listStretch: async (stretch: FileStretch): Promise<FileRecord[]> => {
      const { where, args } = stretchConditions(stretch);
      const { rows } = await client.execute({
        sql: `SELECT ${FILE_COLUMNS} FROM files INDEXED BY files_by_scan WHERE ${where} ORDER BY files.id`,
        args,
      });
      return rows.map(toFile);
    },

    /**
     * The next files of a scan in an order; of them, only those that the filter takes, so that what it costs to read a step is bounded.
     * `after` is where the next step begins; undefined when there is none.
     * @param last the id up to which files are spoken of
     */
    listStep: async (
      { order, after, limit, ...filter }: FilePage,
      last: string,
    ): Promise<{ files: FileRecord[]; after?: string }> => {
      const { where, args } = conditionsOf(filter);
      const walk = walkOf(order, after);
      const { rows } = await client.execute({
        sql: `SELECT ${FILE_COLUMNS}, ${where.join(' AND ')} AS taken FROM files INDEXED BY ${walk.index}
        WHERE ${['files.scan_id = :scan', 'files.id <= :last', ...walk.where].join(' AND ')} ORDER BY ${walk.by} LIMIT :limit`,
        args: { ...args, ...walk.args, last, limit },
      });
      const files = rows.map((row) => ({ file: toFile(row), isTaken: row.taken === 1 }));
      const end = files.at(-1);
      return {
        files: files.flatMap(({ file, isTaken }) => (isTaken ? file : [])),
        after: end !== undefined && rows.length === limit ? positionOf(end.file, order) : undefined,
      };
    },

    countStretch: async (stretch: FileStretch): Promise<OutcomeCount[]> => {
      const { where, args } = stretchConditions(stretch);
      const { rows } = await client.execute({
        sql: `SELECT state, status, detections, count(*) AS n FROM files INDEXED BY files_by_scan WHERE ${where} GROUP BY 1, 2, 3`,
        args,
      });
      return rows.map((row) => ({
        state: row.state as FileState,
        status: row.status === null ? undefined : (row.status as Status),
        detections: detectionsOf(Number(row.detections)),
        count: Number(row.n),
      }));
    },

    /** A mark for `countRecorded`. Processings are never changed and never removed, so their row ids only grow. */
    mark: async (): Promise<number> => {
      const { rows } = await client.execute('SELECT ifnull(max(rowid), 0) AS mark FROM processings');
      return Number(rows[0]?.mark ?? 0);
    },

    /** How many results of a scan's files, up to a last one, were recorded after one mark and up to another. */
    countRecorded: async (scanId: string, last: string, after: number, upTo: number): Promise<number> => {
      const { rows } = await client.execute({
        sql: `SELECT count(*) AS n FROM processings AS p CROSS JOIN files AS f
          ON f.id = p.file_id AND +f.scan_id = :scanId AND f.id <= :last WHERE p.rowid > :after AND p.rowid <= :upTo`,
        args: { scanId, last, after, upTo },
      });
      return Number(rows[0]?.n ?? 0);
    },

    /** What some processings say of themselves, by id. */
    explain: async (processingIds: string[]): Promise<Map<string, Explained>> => {
      const { rows } = await client.execute({
        sql: `SELECT id, workflow_revision AS revision, detail ->> 'explanation' AS why
        FROM processings WHERE id IN (SELECT value FROM json_each(:ids))`,
        args: { ids: JSON.stringify(processingIds) },
      });
      return new Map(
        rows.map((row) => [String(row.id), { workflowRevision: Number(row.revision), explanation: String(row.why) }]),
      );
    },

    /** The finished processings of a file, newest first; `before` is the id that ended the page before. All of them without a limit. */
    history: async (fileId: string, page: { before?: string; limit?: number } = {}): Promise<Processing[]> => {
      const { rows } = await client.execute({
        sql: `SELECT * FROM processings INDEXED BY processings_of_file
          WHERE file_id = :fileId AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit`,
        args: { fileId, before: page.before ?? null, limit: page.limit ?? -1 },
      });
      return rows.map(toProcessing);
    },

    countHistory: async (fileId: string): Promise<number> => {
      const { rows } = await client.execute({
        sql: 'SELECT count(*) AS n FROM processings INDEXED BY processings_of_file WHERE file_id = :fileId',
        args: { fileId },
      });
      return Number(rows[0]?.n ?? 0);
    },
  };
};

export type FileQueries = ReturnType<typeof createFileQueries>;
