import { isUtf8 } from 'node:buffer';
import { closeSync } from 'node:fs';
import type { Scratch } from '../content/scratch';
import { createList, type Entry } from './sevenzip-list';
import { type Source, startList, startTest } from './sevenzip-open';

/** The formats that know passwords. */
const ENCRYPTABLE = new Set(['7z', 'rar', 'rar5', 'zip', 'arj']);
/** How many members are looked at for one that needs a password. */
const LOOKED_AT = 4096;
const MESSAGES = 1024 * 1024;

/** A line of a list file is trimmed and unquoted by 7-Zip, a path is split; and a `_` may stand for a line feed. */
const UNSURE = /[\x00-\x1f\x7f"_\\]|^[\s/~-]|\s$|(^|\/)\.{0,2}(\/|$)/;

const bytesOf = ({ path }: Entry): Buffer => Buffer.from(path, 'latin1');
const isNameable = (entry: Entry): boolean => !UNSURE.test(entry.path) && isUtf8(bytesOf(entry));
const cost = ({ before, size }: Entry): number => before + (size ?? Number.MAX_SAFE_INTEGER);

/** The first members that need a password, and whether all members do. */
export const findEncrypted = async (source: Source): Promise<{ entries: Entry[]; all: boolean }> => {
  if (!ENCRYPTABLE.has(source.format)) return { entries: [], all: false };
  const run = startList(source);
  try {
    const list = await createList(run.output);
    const entries: Entry[] = [];
    let others = 0;
    for (let n = 0; n < LOOKED_AT; n++) {
      const entry = await list.next();
      if (entry === undefined) return { entries, all: others === 0 };
      if (entry.encrypted) entries.push(entry);
      else if (!entry.folder) others++;
    }
    return { entries, all: false };
  } finally {
    await run.end();
  }
};

/** The encrypted member that is unpacked with the least work, of those that can be asked for by name. */
const cheapest = (entries: Iterable<Entry>): Entry | undefined => {
  let best: Entry | undefined;
  for (const entry of entries) {
    if (entry.folder || entry.size === 0 || !isNameable(entry)) continue;
    if (best === undefined || cost(entry) < cost(best)) best = entry;
  }
  return best;
};

/** Whether a password unpacks a member; its checksum is compared. */
const unlocks = async (source: Source, password: string, entry: Entry, scratch: Scratch): Promise<boolean> => {
  const listFile = scratch.keep(bytesOf(entry));
  try {
    const run = startTest(source, password, listFile);
    try {
      const said = await run.output.peek(MESSAGES);
      // A name that fits nothing would also go well.
      return (await run.exited) === 0 && said.includes(`T ${entry.path}`, 0, 'latin1');
    } finally {
      await run.end();
    }
  } finally {
    closeSync(listFile);
  }
};

/** A password to unpack by; `sure` when a member's checksum showed that it fits. */
export interface Key {
  password: string;
  sure: boolean;
}

/**
 * The first of the passwords that opens one of the members, tried on the one that is unpacked with the least work. One that could only be tried by
 * unpacking everything is taken as it is.
 */
export const findKey = async (
  source: Source,
  passwords: Iterable<string>,
  entries: Iterable<Entry>,
  scratch: Scratch,
): Promise<Key | undefined> => {
  const entry = cheapest(entries);
  for (const password of passwords) {
    source.signal.throwIfAborted();
    if (entry === undefined || (await unlocks(source, password, entry, scratch)))
      return { password, sure: entry !== undefined };
  }
  return undefined;
};
