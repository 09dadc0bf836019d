import { constants, Database } from 'bun:sqlite';
import { pathToFileURL } from 'node:url';
import { damaged, toStoreFault } from './faults';
import { isCutOff, pathOf, sizeOf } from './whole';

/** Reads all of a database that nobody uses. Without locks, and without the files beside it that SQLite makes else: nothing changes. */
const lookThrough = (path: string): unknown => {
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI;
  try {
    using database = new Database(`${pathToFileURL(path)}?immutable=1`, flags);
    const [first] = database.query('PRAGMA quick_check(1)').values();
    return first?.[0] === 'ok' ? undefined : damaged(path, first?.[0]);
  } catch (error) {
    return toStoreFault(error, path);
  }
};

/**
 * What is wrong with a database file that no daemon has open; undefined also when that cannot be said, because a log beside it is still
 * to be taken over. It takes seconds for millions of files.
 * @param url `file:/path/assay.db`
 */
export const troubleOf = (url: string): unknown => {
  const path = pathOf(url);
  if (sizeOf(path) === 0 || sizeOf(`${path}-wal`) > 0) return undefined;
  return isCutOff(url) ? damaged(path) : lookThrough(path);
};
