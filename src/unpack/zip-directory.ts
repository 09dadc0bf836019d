import type { Member } from './contract';
import { troubleError } from './contract';
import type { Window } from './window';
import { contentOf } from './zip-content';
import type { Directory } from './zip-end';
import { localView, plausibleHeader } from './zip-local';
import { nameOf } from './zip-name';
import {
  type CentralRecord,
  centralRecord,
  extraField,
  type Facts,
  FLAG,
  type LocalHeader,
  localHeader,
} from './zip-record';
import type { Runs } from './zip-runs';
import { nextTurn } from './zip-slices';
import type { Source } from './zip-unlock';
import { isEncrypted, type View } from './zip-view';

/** How many records are passed over before the thread's other work has its turn. */
const TURN = 1024;
const SLASH = 0x2f;
const AES_FIELD = 0x9901;

/** A member by one view of it. A link is a member whose content is its target (Info-ZIP's way to keep one). */
export const memberOf = (view: View, source: Source, ended: (at: number) => void): Member => ({
  name: nameOf(view.facts),
  // A program that reads from the front learns the size behind the content.
  size: view.isOpenEnded ? undefined : view.facts.size,
  open: () => contentOf(view, source, ended),
});

// Two bytes of Deflate hold no content.
const isFolder = ({ name, size, compressed, method }: Facts): boolean =>
  name.at(-1) === SLASH && size === 0 && (compressed === 0 || (method === 8 && compressed <= 2));

const sameField = (a: Facts, b: Facts): boolean => {
  const [one, other] = [extraField(a.extra, AES_FIELD), extraField(b.extra, AES_FIELD)];
  return one !== undefined && other !== undefined ? one.equals(other) : one === other;
};

/** Whether the directory and the local header lead any program to the same content by the same name. */
const agree = (record: Facts, header: Facts): boolean =>
  record.method === header.method &&
  isEncrypted(record) === isEncrypted(header) &&
  (!isEncrypted(record) || sameField(record, header)) &&
  record.name.equals(header.name) &&
  ((record.compressed === header.compressed && record.size === header.size) ||
    ((header.flags & FLAG.descriptor) !== 0 && header.compressed === 0));

/** Where the local header of a record is, by the ways in which programs count. */
const headerOf = ({ offset }: CentralRecord, { base }: Directory, window: Window): LocalHeader | undefined =>
  localHeader(window, offset + base) ?? (base === 0 ? undefined : localHeader(window, offset));

const notThere = (record: CentralRecord): Member => ({
  name: nameOf(record),
  size: record.size,
  // biome-ignore lint/correctness/useYield: it has no content, only a reason.
  open: async function* () {
    throw troubleError('damaged', 'Its content is not where the directory of the archive says.');
  },
});

/** The member of a record; and once more as its local header describes it, where that says something else. */
async function* membersOf(
  record: CentralRecord,
  directory: Directory,
  source: Source,
  runs: Runs,
): AsyncGenerator<Member> {
  const { window } = source;
  const header = headerOf(record, directory, window);
  if (header === undefined) {
    if (!isFolder(record)) yield notThere(record);
    return;
  }
  const view: View = {
    facts: record,
    from: header.contentAt,
    to: header.contentAt + record.compressed,
    isOpenEnded: false,
  };
  let end = view.to;
  if (!isFolder(record)) {
    yield memberOf(view, source, (at) => {
      end = at;
    });
  }
  if (agree(record, header)) {
    runs.add(header.at, Math.min(end, window.size));
    return;
  }
  if (plausibleHeader(window, header.at) === undefined) {
    runs.add(header.at, header.contentAt);
    return;
  }
  const local = await localView(window, header, source.signal);
  let localEnd = local.isOpenEnded || local.to > window.size ? local.from : local.to;
  yield memberOf(local, source, (at) => {
    localEnd = at;
  });
  runs.add(header.at, localEnd);
}

/** What a record says, for finding another one that says the same. */
const factsOf = ({ offset, method, flags, compressed, size, name }: CentralRecord): string =>
  [offset, method, flags, compressed, size, name.toString('latin1')].join();

/** Records that were read already; where a zip has one directory only nothing needs to be known of them. */
export const createKnown = (most: number) => {
  const known = new Set<string>();
  return (record: CentralRecord): boolean => {
    const facts = factsOf(record);
    if (known.has(facts)) return true;
    if (known.size < most) known.add(facts);
    return false;
  };
};

/**
 * The members that a directory names, up to where its records end: how many it has is said elsewhere, and may be a lie.
 * @param window for the directory, as that of the source goes through the contents
 * @returns how many records there are
 */
export async function* directoryMembers(
  directory: Directory,
  window: Window,
  source: Source,
  runs: Runs,
  isKnown: (record: CentralRecord) => boolean,
): AsyncGenerator<Member, number> {
  let count = 0;
  let at = directory.at;
  for (;;) {
    source.signal.throwIfAborted();
    const record = centralRecord(window, at);
    if (record === undefined) return count;
    at += record.length;
    count++;
    if (count % TURN === 0) await nextTurn();
    if (!isKnown(record)) yield* membersOf(record, directory, source, runs);
  }
}
