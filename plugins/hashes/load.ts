import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { PrepareContext } from '../../src/engines/contract';
import { findLists, type ReadResult, readLines } from './files';
import { createLineParser, type Entry } from './line';
import { createNameWriter } from './names';
import { createTableBuilder, type Table } from './table';

/** The lists of one kind, loaded. */
export interface HashLists {
  tables: Table[];
  names: Uint8Array<SharedArrayBuffer>;
  files: number;
  entries: number;
  /** SHA-256 over all of the contents, hexadecimal. */
  digest: string;
  /** Milliseconds since 1970 of the newest file; 0 without files. */
  modified: number;
}

const check = (path: string, { entries, malformed, firstMalformed }: ReadResult, warn: (message: string) => void) => {
  if (entries === 0 && malformed > 0)
    throw new Error(`${path}:${firstMalformed}: this is no list of hashes: no line has a SHA-256, SHA-1 or MD5`);
  if (entries === 0) warn(`${path} is empty`);
  if (malformed > 0)
    warn(`${path}:${firstMalformed}: ${malformed} of its lines are malformed and were left out, this one first`);
};

/** Reads each file twice, to count and then to place its entries, so that nothing but the tables themselves needs memory. */
export const loadLists = (paths: string[], { log }: PrepareContext): HashLists => {
  const files = findLists(paths);
  const entry: Entry = { digest: new Uint8Array(32), length: 0, size: -1, name: '', isThreat: false };
  const builders = new Map([16, 20, 32].map((length) => [length, createTableBuilder(length)]));

  const pass = (onEntry: (list: string) => void, check: (path: string, result: ReadResult) => void) => {
    const hasher = new Bun.CryptoHasher('sha256');
    let entries = 0;
    for (const path of files) {
      const list = basename(path);
      hasher.update(`\0${path}\0`);
      const result = readLines(
        path,
        createLineParser(entry),
        () => onEntry(list),
        (piece) => hasher.update(piece),
      );
      check(path, result);
      entries += result.entries;
    }
    return { entries, digest: hasher.digest('hex') };
  };

  const counted = pass(
    () => builders.get(entry.length)?.count(entry.digest, entry.size),
    (path, result) => check(path, result, log.warn),
  );
  const writer = createNameWriter();
  const building = new Map([...builders].map(([length, builder]) => [length, builder.allocate()]));
  const placed = pass(
    (list) => {
      const name = writer.add(entry.name || list, entry.isThreat);
      building.get(entry.length)?.add(entry.digest, entry.size, name);
    },
    () => {},
  );
  if (placed.digest !== counted.digest) throw new Error('a list changed while it was read');

  return {
    ...counted,
    tables: [...building.values()].map(({ table }) => table).filter(({ names }) => names.length > 0),
    names: writer.finish(),
    files: files.length,
    modified: Math.max(0, ...files.map((path) => statSync(path).mtimeMs)),
  };
};
