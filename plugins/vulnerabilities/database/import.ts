import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OsvRecord } from '../osv/record';
import type { About } from './format';
import { documentsIn } from './sources';
import { createWriter, type Writer } from './write';

/** What came of an import. */
export interface Imported extends About {
  /** Records that their authors took back. */
  withdrawn: number;
  /** Records about nothing that is recognized in files. */
  leftOut: number;
  /** Files that are no records, with the first of them. */
  malformed: number;
  firstMalformed?: string;
}

/** What root makes must be read by whom the folder belongs to: the daemon. */
const giveToFolder = (path: string): void => {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
};

const DAY = 86_400_000;

/** Removes what imports that were killed have left. */
const clear = (path: string): void => {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const isLeft = name.startsWith(`${basename(path)}.`) && name.endsWith('.new');
    const file = join(folder, name);
    if (isLeft && Date.now() - statSync(file).mtimeMs > DAY) rmSync(file, { force: true });
  }
};

/** Makes sure that what was written is on the disk. */
const settle = (path: string): void => {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

const parse = (text: string | undefined): OsvRecord | undefined => {
  if (text === undefined) return undefined;
  try {
    return OsvRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const addAll = async (writer: Writer, paths: string[], onProgress: (records: number) => void) => {
  const counts = { withdrawn: 0, leftOut: 0, malformed: 0, firstMalformed: undefined as string | undefined };
  let seen = 0;
  for (const path of paths) {
    for await (const { from, text } of documentsIn(path)) {
      const record = parse(text);
      if (record === undefined) {
        counts.malformed += 1;
        counts.firstMalformed ??= from;
      } else if (record.withdrawn !== undefined) counts.withdrawn += 1;
      else if (!writer.add(record)) counts.leftOut += 1;
      seen += 1;
      if (seen % 1000 === 0) onProgress(seen);
    }
  }
  return counts;
};

/**
 * Makes a database of OSV's records and puts it in the place of the one that is there, all at once.
 * @param paths folders, zips and files with records, as OSV publishes them
 * @returns undefined in place of a database without any record; the one that is there then stays
 * @throws what the file system, SQLite or a zip says
 */
export const importRecords = async (
  paths: string[],
  to: string,
  onProgress: (records: number) => void = () => {},
): Promise<{ imported?: Imported; malformed: number; firstMalformed?: string }> => {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  clear(to);
  const made = `${to}.${randomUUID()}.new`;
  try {
    const writer = createWriter(made);
    let imported: Imported;
    try {
      chmodSync(made, 0o640);
      giveToFolder(made);
      const counts = await addAll(writer, paths, onProgress);
      imported = { ...writer.finish(new Date().toISOString()), ...counts };
    } finally {
      writer.close();
    }
    const { records, malformed, firstMalformed } = imported;
    if (records === 0) return { malformed, firstMalformed };
    settle(made);
    renameSync(made, to);
    settle(dirname(to));
    return { imported, malformed, firstMalformed };
  } finally {
    rmSync(made, { force: true });
  }
};
