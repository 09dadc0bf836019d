import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import type { Member, Passwords, ReadContext, Reader } from './contract';
import { primaryFiles } from './iso-primary';
import { troubleOfParts } from './parts';
import { formatsOf, hasHfs, isSevenZipFormat } from './sevenzip-formats';
import { createList, type Entry } from './sevenzip-list';
import { openSevenZip, type Source, startList, typeable } from './sevenzip-open';
import { type Locked, readPass, unreadable } from './sevenzip-pass';
import { findEncrypted, findKey, type Key } from './sevenzip-password';
import type { StartRun } from './sevenzip-run';
import { lockedTo, OTHER_PASSWORD } from './sevenzip-trouble';
import { tailOf } from './tail';

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

/** Where a container ends. 7-Zip counts the header of one more member of LHA, whatever stands there. */
const endOf = (container: Piece, format: string, tail: number): number => {
  if (tail <= 0 || tail > container.size) return container.size;
  return container.size - tail - (format === 'lzh' ? LHA_HEADER : 0);
};
const LHA_HEADER = 23;

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
    key = only.size > 0 ? await choose([...only.values()].map(({ entry }) => entry)) : undefined;
  } while (key !== undefined);
  for (const { entry, damaged } of only.values())
    yield unreadable(entry, damaged ? OTHER_PASSWORD : lockedTo(passwords));
  const inParts = troubleOfParts(source.format, container);
  if (inParts !== undefined) yield inParts;
  if (opened.trouble !== undefined) yield opened.trouble;
  const tail = tailOf(container, endOf(container, source.format, opened.tail), source.signal);
  if (tail !== undefined) yield tail;
}

const SECOND_SYSTEM: Trouble = {
  why: 'unsupported',
  message: 'It has a second file system, of a Macintosh (HFS), that is not read.',
};

/** 7z, RAR, tar, cabinets, images and many old formats, by the program 7-Zip in a process of its own. */
export const createSevenZip = (load: () => Promise<StartRun>): Reader => ({
  id: 'sevenzip',
  reads: isSevenZipFormat,
  members: async function* (container, context) {
    const start = await load();
    for (const format of formatsOf(context.type, container))
      yield* membersOf({ start, fd: container.fd, format, signal: context.signal }, container, context);
    if (context.type.mime !== 'application/x-iso9660-image') return;
    yield* primaryFiles(container, context.signal);
    if (hasHfs(container)) yield SECOND_SYSTEM;
  },
});
