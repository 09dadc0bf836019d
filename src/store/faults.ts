import { Fault } from '../core/fault';

const messageOf = (error: unknown): string => {
  const parts: string[] = [];
  for (let e = error; e instanceof Error; e = e.cause)
    parts.push(e.message, String((e as { code?: unknown }).code ?? ''));
  return parts.join(' ');
};

/** What SQLite says, in words that help; anything unknown comes back as it was. */
export const toStoreFault = (error: unknown, where: string): unknown => {
  const said = messageOf(error);
  if (/SQLITE_(CORRUPT|NOTADB)|malformed|not a database/i.test(said)) {
    return new Fault('DATABASE_DAMAGED', `The database ${where} is damaged.`, {
      hint: 'Stop Assay, keep a copy of the file, and restore it from a backup or recover it with "sqlite3 assay.db .recover". Nothing was changed.',
      cause: error,
    });
  }
  if (/SQLITE_FULL|disk is full|ENOSPC|disk I\/O error/i.test(said)) {
    return new Fault('DISK_FULL', `There is no room left to write ${where}.`, {
      hint: 'Free some space on that disk and start again; every result recorded so far is kept, and unfinished files are taken up again.',
      cause: error,
    });
  }
  if (/SQLITE_(CANTOPEN|READONLY|PERM)|unable to open|readonly database/i.test(said)) {
    return new Fault('NOT_POSSIBLE', `The database ${where} cannot be opened for writing.`, {
      hint: 'Check that the data directory exists and belongs to the user that Assay runs as.',
      cause: error,
    });
  }
  return error;
};

/** A name that another row has already, as the Fault it is. */
export const toNameFault = (error: unknown, name: string): unknown =>
  /UNIQUE constraint/.test(messageOf(error))
    ? new Fault('NAME_TAKEN', `The name "${name}" is taken.`, { hint: 'Choose another name.', cause: error })
    : error;
