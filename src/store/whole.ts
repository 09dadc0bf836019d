import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** SQLite's database header is 100 bytes (its file format, section 1.3). */
const HEADER = 100;

/** @param url `file:/path/assay.db` */
export const pathOf = (url: string): string => fileURLToPath(url.replace(/^file:(\/\/)?/, 'file://'));

/** In bytes; 0 for what is not there. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The file's beginning; undefined when it may not be read, which SQLite says itself. */
const readHeader = (path: string): Buffer | undefined => {
  try {
    const fd = openSync(path, 'r');
    try {
      const header = Buffer.alloc(HEADER);
      return header.subarray(0, readSync(fd, header, 0, HEADER, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
};

/**
 * Says whether a database file was cut off: SQLite itself opens it, and would write over what the missing pages were.
 * What a log beside it still holds is not in the file yet, so then nothing can be said.
 * @param url `file:/path/assay.db`
 */
export const isCutOff = (url: string): boolean => {
  const path = pathOf(url);
  const size = sizeOf(path);
  if (size === 0 || sizeOf(`${path}-wal`) > 0) return false;
  const header = readHeader(path);
  if (header === undefined) return false;
  if (header.length < HEADER) return true;
  // 1 stands for 65536; the number of pages holds when it was written at the last change.
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
  return isCounted && header.readUInt32BE(28) * pageSize > size;
};
