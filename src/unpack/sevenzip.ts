import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import { AFTER } from './appended';
import type { Member, Passwords, ReadContext, Reader } from './contract';
import { formatsOf, isSevenZipFormat } from './sevenzip-formats';
import { createList, type Entry } from './sevenzip-list';
import { openSevenZip, type Source, startList, typeable } from './sevenzip-open';
import { type Locked, readPass, unreadable } from './sevenzip-pass';
import { findEncrypted, findKey, type Key } from './sevenzip-password';
import type { StartRun } from './sevenzip-run';
import { lockedTo } from './sevenzip-trouble';

const PIECE = 1024 * 1024;

/** What lies behind a container's end is a member of its own, unless it is padding. */
const tailOf = (container: Piece, size: number): Member | undefined => {
  if (size <= 0 || size > container.size) return undefined;
  const start = container.size - size;
  const pieceAt = (at: number) => container.bytes(at, Math.min(container.size, at + PIECE));
  if (size <= PIECE && pieceAt(start).every((byte) => byte === 0)) return undefined;
  return {
    name: AFTER,
    size,
    open: async function* () {
      for (let at = start; at < container.size; at += PIECE) yield pieceAt(at);
    },
  };
};

/** The members of a container in which all are encrypted and for which there is no password. */
async function* lockedMembers(source: Source, passwords: Passwords): AsyncGenerator<Member, void, void> {
  const run = startList(source);
  try {
    const list = await createList(run.output);
    for (let entry = await list.next(); entry !== undefined; entry = await list.next())
      if (!entry.folder) yield unreadable(entry, lockedTo(passwords));
  } finally {
    await run.end();
  }
}

/** The members of a container, read in one format. */
async function* membersOf(
  source: Source,
  container: Piece,
  { passwords, scratch }: ReadContext,
): AsyncGenerator<Member | Trouble, void, void> {
  const opened = await openSevenZip(source, passwords);
  if ('why' in opened) {
    yield opened;
    return;
  }
  // Names are encrypted with the password that the members have.
  const unused = new Set(opened.password === undefined ? typeable(passwords) : []);
  const choose = async (entries: Iterable<Entry>) => {
    const key = await findKey(source, unused, entries, scratch);
    if (key !== undefined) unused.delete(key.password);
    return key;
  };
  let key: Key | undefined;
  if (opened.password !== undefined) key = { password: opened.password, sure: true };
  else {
    const { entries, all } = await findEncrypted(source);
    if (entries.length > 0) key = await choose(entries);
    if (key === undefined && all) return yield* lockedMembers(source, passwords);
  }
  let only: Locked | undefined;
  do {
    only = yield* readPass({ source, opened, passwords, key, more: unused.size > 0, only });
    key = only.size > 0 ? await choose(only.values()) : undefined;
  } while (key !== undefined);
  for (const entry of only.values()) yield unreadable(entry, lockedTo(passwords));
  if (opened.trouble !== undefined) yield opened.trouble;
  const tail = tailOf(container, opened.tail);
  if (tail !== undefined) yield tail;
}

/** 7z, RAR, tar, cabinets, images and many old formats, by the program 7-Zip in a process of its own. */
export const createSevenZip = (load: () => Promise<StartRun>): Reader => ({
  id: 'sevenzip',
  reads: isSevenZipFormat,
  members: async function* (container, context) {
    const start = await load();
    for (const format of formatsOf(context.type, container))
      yield* membersOf({ start, fd: container.fd, format, signal: context.signal }, container, context);
  },
});
