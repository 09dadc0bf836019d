import type { Trouble } from '../core/findings';
import { type Member, type Passwords, troubleError } from './contract';
import { ABSENT, type Cut, createCut, isLocked } from './sevenzip-cut';
import { createList, type Entry, type List } from './sevenzip-list';
import { type Opened, type Source, startList, startUnpacking } from './sevenzip-open';
import type { Key } from './sevenzip-password';
import type { Run } from './sevenzip-run';
import { LOST, lockedTo, NO_MEMORY, OTHER_PASSWORD, TOO_FEW, troubleOfOne } from './sevenzip-trouble';
import { withHoles } from './tar-sparse';

export interface Pass {
  source: Source;
  opened: Opened;
  passwords: Passwords;
  key?: Key;
  /** Whether another pass can follow, with another password. */
  more: boolean;
  /** The members that this pass is about, by their place in the list; all, when it is missing. */
  only?: Locked;
}

/** A member that no password has opened yet. */
export interface Waiting {
  entry: Entry;
  /** What one of the passwords made of it says that it is that member's own, and the member damaged. */
  damaged: boolean;
}
/** Members that the pass's password does not open, by their place in the list. */
export type Locked = Map<number, Waiting>;

/** How often all is unpacked anew to find where a member ends that is shorter than it should be; then the first message is believed. */
const RERUNS = 8;
/** Members that wait for another pass; more than these are given up. */
const WAITING = 10_000;
/** How much of a member is read before it is believed that the password is its own. Bytes. */
const AHEAD = 256 * 1024;
const OUT_OF_MEMORY = 8;

const nameOf = ({ path }: Entry): string => Buffer.from(path, 'latin1').toString();
const errorOf = ({ why, message }: Trouble) => troubleError(why, message);

/** A member of which nothing can be read. */
export const unreadable = (entry: Entry, trouble: Trouble): Member => ({
  name: nameOf(entry),
  size: entry.size,
  // biome-ignore lint/correctness/useYield: it has nothing to give.
  open: async function* () {
    throw errorOf(trouble);
  },
});

/** A folder of a tar archive that has content, which some programs take for a file's. */
const FOLDER: Trouble = { why: 'unsupported', message: 'It is a folder, and yet has content.' };
const holdsContent = ({ size = 0 }: Entry, format: string): boolean => format === 'tar' && size > 0;

/** Unpacks a container under one password, several times if it must step over damaged members. Returns the members that wait for another. */
export async function* readPass(pass: Pass): AsyncGenerator<Member | Trouble, Locked, void> {
  const { source, opened, passwords, key, only } = pass;
  const locked: Locked = new Map();
  /** Members that are shorter than they should be. */
  const short = new Set<number>();
  /** Members before this one were given out by an earlier run. */
  let from = 0;
  let complaints = 0;

  // RAR 5 keeps a check of the password. Elsewhere one that does not fit mostly shows before the first byte.
  const isDamage = (wrong: string, begun: boolean): boolean =>
    source.format === 'rar5' ? wrong.startsWith('CRC') : begun && key?.sure === true;
  const waiting = (entry: Entry, wrong: string, begun: boolean): Waiting => ({
    entry,
    damaged: only?.get(entry.index)?.damaged === true || isDamage(wrong, begun),
  });
  // A password that opens the names, too, is the only one.
  const troubleOf = (wrong: string, begun: boolean): Trouble => {
    if (!isLocked(wrong)) return troubleOfOne(wrong);
    return opened.password !== undefined || isDamage(wrong, begun) ? OTHER_PASSWORD : lockedTo(passwords);
  };

  /**
   * The first of a member's bytes, read before anyone sees them, where another password may be its own: what comes by a wrong one is mostly
   * told to be so soon.
   */
  const readAhead = async (
    content: AsyncGenerator<Uint8Array, void, void>,
  ): Promise<{ first: Uint8Array[]; whole: boolean }> => {
    const first: Uint8Array[] = [];
    for (let size = 0; size < AHEAD; ) {
      const piece = await content.next();
      if (piece.done) return { first, whole: true };
      first.push(piece.value);
      size += piece.value.length;
    }
    return { first, whole: false };
  };

  /** One member; answers whether it is unknown where the next one begins. */
  async function* readMember(cut: Cut, entry: Entry, wanted: boolean): AsyncGenerator<Member, boolean, void> {
    const content = cut.content(entry);
    let behind: Awaited<ReturnType<Cut['end']>> | undefined;
    let first: Uint8Array[] = [];
    if (wanted && entry.encrypted && pass.more && locked.size < WAITING) {
      const ahead = await readAhead(content);
      first = ahead.first;
      if (ahead.whole) behind = await cut.end(entry);
      if (behind?.wrong !== undefined && isLocked(behind.wrong)) {
        complaints++;
        locked.set(entry.index, waiting(entry, behind.wrong, first.length > 0));
        return behind.lost;
      }
    }
    const all = async function* () {
      yield* first;
      for (let piece = await content.next(); !piece.done; piece = await content.next()) yield piece.value;
    };
    const open = async function* () {
      yield* entry.sparse === undefined ? all() : withHoles(all(), entry.sparse);
      while (!(await content.next()).done);
      behind ??= await cut.end(entry);
      source.signal.throwIfAborted();
      if (behind.wrong !== undefined) throw errorOf(troubleOf(behind.wrong, true));
      if (behind.lost) throw errorOf(TOO_FEW);
      if (entry.encrypted && key !== undefined) passwords.worked(key.password);
    };
    if (wanted) yield { name: nameOf(entry), size: entry.size, open };
    // What nobody read.
    while (!(await content.next()).done) source.signal.throwIfAborted();
    behind ??= await cut.end(entry);
    if (behind.wrong !== undefined) complaints++;
    return behind.lost;
  }

  /** The members from `from` on; answers whether all must be unpacked anew to come to the next ones. */
  async function* readMembers(cut: Cut, list: List): AsyncGenerator<Member | Trouble, boolean, void> {
    for (let entry = await list.next(); entry !== undefined; entry = await list.next()) {
      source.signal.throwIfAborted();
      const wanted = !entry.folder && entry.index >= from && (only === undefined || only.has(entry.index));
      const wrong = await cut.begin(entry);
      if (entry.folder) {
        if (holdsContent(entry, source.format) && entry.index >= from && only === undefined)
          yield unreadable(entry, FOLDER);
        continue;
      }
      if (wrong === ABSENT && entry.size === 0) {
        if (wanted) yield { name: nameOf(entry), size: 0, open: async function* () {} };
        continue;
      }
      if (wrong !== undefined && wrong !== ABSENT) {
        complaints++;
        const waits = pass.more && isLocked(wrong) && locked.size < WAITING;
        if (wanted && waits) locked.set(entry.index, waiting(entry, wrong, false));
        else if (wanted) yield unreadable(entry, troubleOf(wrong, false));
        continue;
      }
      const lost = wrong === ABSENT || (yield* readMember(cut, entry, wanted));
      if (!lost || (await list.peek(0)) === undefined) continue;
      source.signal.throwIfAborted();
      if (wrong === ABSENT || entry.index < from || short.size > RERUNS) {
        complaints++;
        yield LOST;
        return false;
      }
      short.add(entry.index);
      from = entry.index + 1;
      return true;
    }
    return false;
  }

  const isSearched = ({ index }: Entry) => short.has(index) || (short.size > RERUNS && index >= from);

  /** Answers whether it must be run again. */
  async function* readOnce(listing: Run, unpacking: Run): AsyncGenerator<Member | Trouble, boolean, void> {
    const list = await createList(listing.output);
    const cut = await createCut(unpacking.output, list, { prologue: opened.prologue, searched: isSearched });
    if (yield* readMembers(cut, list)) return true;
    const whole = await cut.isAtEnd();
    while ((await unpacking.output.take(Number.MAX_SAFE_INTEGER)).length > 0);
    const exit = await unpacking.exited;
    source.signal.throwIfAborted();
    const explained = complaints > 0 || opened.trouble !== undefined;
    if (exit === OUT_OF_MEMORY) yield NO_MEMORY;
    else if (!explained && (exit > 1 || !whole)) yield LOST;
    return false;
  }

  for (let again = true; again; ) {
    const listing = startList(source, opened.password);
    const unpacking = startUnpacking(source, key?.password);
    try {
      again = yield* readOnce(listing, unpacking);
    } finally {
      await Promise.all([listing.end(), unpacking.end()]);
    }
  }
  return locked;
}
