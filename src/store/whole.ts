import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** SQLite's database header is 100 bytes (its file format, section 1.3). */
const HEADER = 100;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Says whether a database file was cut off: SQLite itself opens it, and would write over what the missing pages were.
 * What a log beside it still holds is not in the file yet, so then nothing can be said.
 * @param url `file:/path/assay.db`
 */
export const isCutOff = (url: string): boolean => {
  const path = fileURLToPath(url.replace(/^file:(\/\/)?/, 'file://'));
  const size = sizeOf(path);
  if (size === 0 || sizeOf(`${path}-wal`) > 0) return false;
  const header = Buffer.alloc(HEADER);
  const fd = openSync(path, 'r');
  try {
    if (readSync(fd, header, 0, HEADER, 0) < HEADER) return true;
  } finally {
    closeSync(fd);
  }
  // 1 stands for 65536; the number of pages holds when it was written at the last change.
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
  return isCounted && header.readUInt32BE(28) * pageSize > size;
};
