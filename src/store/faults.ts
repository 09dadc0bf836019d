import { Fault } from '../core/fault';

const messageOf = (error: unknown): string => {
  const parts: string[] = [];
  for (let e = error; e instanceof Error; e = e.cause)
    parts.push(e.message, String((e as { code?: unknown }).code ?? ''));
  return parts.join(' ');
};

const NO_ROOM = /SQLITE_FULL|disk is full|ENOSPC|EDQUOT|disk I\/O error/i;

const noRoom = (where: string, cause: unknown) =>
  new Fault('DISK_FULL', `There is no room left to write ${where}.`, {
    hint: 'Free some space on that disk and start again; every result recorded so far is kept, and unfinished files are taken up again.',
    cause,
  });

export const damaged = (where: string, cause?: unknown): Fault =>
  new Fault('DATABASE_DAMAGED', `The database ${where} is damaged.`, {
    hint: 'Stop Assay, keep a copy of the file, and restore it from a backup or recover it with "sqlite3 assay.db .recover".',
    cause,
  });

/** A table that is gone, or is not what it should be once it was migrated, is damage like any other. */
const DAMAGE = /SQLITE_(CORRUPT|NOTADB)|malformed|not a database|no such (table|column)/i;

/**
 * What SQLite or a libSQL server says, in words that help; anything unknown comes back as it was.
 * @param database where it is: its URL or its path, or "of Assay"
 */
export const toStoreFault = (error: unknown, database: string): unknown => {
  if (error instanceof Fault) return error;
  const said = messageOf(error);
  const where = database.replace(/^file:/, '');
  if (DAMAGE.test(said)) return damaged(where, error);
  if (NO_ROOM.test(said)) return noRoom(`the database ${where}`, error);
  if (/SQLITE_(CANTOPEN|READONLY|PERM)|unable to open|readonly database/i.test(said)) {
    return new Fault('NOT_POSSIBLE', `The database ${where} cannot be opened for writing.`, {
      hint: 'Check that the data directory exists and belongs to the user that Assay runs as.',
      cause: error,
    });
  }
  return error;
};

export const newer = (url: string): Fault =>
  new Fault('NOT_POSSIBLE', `The database ${shown(url).replace(/^file:/, '')} is of a newer Assay than this one.`, {
    hint: 'Use that version of Assay, or restore the database from a backup of before its update.',
  });

/** An address as it may be shown: what a URL can hold of secrets is left out. */
const shown = (url: string): string => url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');

/** What Bun, Node and the libSQL client say when a server cannot be reached, or is none. */
const NO_SERVER =
  /\b(ECONN[A-Z]+|ENOTFOUND|EAI_[A-Z]+|ETIMEDOUT|E(HOST|NET)[A-Z]+|[A-Z_]*CERT_[A-Z_]+|HTTP status \d+|WebSocket connection)\b/;

/** Why the database of a URL cannot be opened, in words that help; anything unknown comes back as it was. */
export const toDatabaseFault = (error: unknown, url: string): unknown => {
  if (error instanceof Fault) return error;
  const said = messageOf(error);
  const code = /\bURL_[A-Z_]+/.exec(said)?.[0];
  if (code !== undefined) {
    return new Fault('CONFIG_INVALID', `database.url: ${shown(url)} is not a URL of a libSQL server (${code}).`, {
      hint: 'Write libsql://HOST, https://HOST or http://HOST:PORT, or file:/PATH; the token goes to database.authTokenFile.',
      cause: error,
    });
  }
  if (url.startsWith('file:')) return toStoreFault(error, url);
  const why = NO_SERVER.exec(said)?.[0];
  if (why === undefined) return toStoreFault(error, shown(url));
  return new Fault('NOT_POSSIBLE', `The database server ${shown(url)} cannot be used: ${why}.`, {
    hint: 'Check that the server runs and can be reached from here, and database.url and database.authTokenFile in the configuration.',
    cause: error,
  });
};

/** Why the data directory cannot be used; anything unknown comes back as it was. */
export const toFolderFault = (error: unknown, dir: string): unknown => {
  const said = messageOf(error);
  if (NO_ROOM.test(said)) return noRoom(dir, error);
  const { code } = error as { code?: string };
  if (error instanceof Fault || code === undefined) return error;
  const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'it, or a part of its path, is no folder' : code;
  return new Fault('NOT_POSSIBLE', `The data directory ${dir} cannot be used: ${why}.`, {
    hint: 'Choose a folder that belongs to the user that Assay runs as with --data-dir.',
    cause: error,
  });
};

/** A name that another row has already, as the Fault it is. */
export const toNameFault = (error: unknown, name: string): unknown =>
  /UNIQUE constraint/.test(messageOf(error))
    ? new Fault('NAME_TAKEN', `The name "${name}" is taken.`, { hint: 'Choose another name.', cause: error })
    : error;
