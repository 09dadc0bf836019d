import type { Piece } from '../content/piece';
import type { FileType, Trouble } from '../core/findings';
import type { Member, ReadContext, Reader } from './contract';
import { startOfEmbedded } from './embedded';
import { rangeOf } from './lines';
import type { StartRun } from './sevenzip-run';
import { tailOf } from './tail';
import { createWindow, type Window } from './window';
import { createBySevenZip } from './zip-by-sevenzip';
import { createKnown, directoryMembers, memberOf } from './zip-directory';
import { type Directory, type End, endAt, endsIn } from './zip-end';
import { DESCRIPTOR } from './zip-record';
import { createRuns, type Run } from './zip-runs';
import { strays } from './zip-strays';
import type { Source } from './zip-unlock';

const TYPES = new Set([
  'application/zip',
  'application/java-archive',
  'application/epub+zip',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
]);

/** More directories than this are not read: no program looks for so many. */
const MOST_DIRECTORIES = 8;
/** Of how many records it is known that they were read already. */
const MOST_KNOWN = 100_000;

/** The mark of a split archive in front of the first member (APPNOTE.TXT 8.5.4). Bytes. */
const MARK = 4;
const END_LENGTH = 22;

const commentLength = (window: Window, end: number): number => window.read(end, END_LENGTH).readUInt16LE(20);

/** The end record that most programs take: the last one whose comment ends with the file. */
const chosen = (window: Window, ends: number[]): number | undefined =>
  ends.find((at) => at + END_LENGTH + commentLength(window, at) === window.size) ?? ends[0];

/** What the end record promises and the directories did not keep. */
const troubleOfEnd = (end: End | undefined, counted: number, window: Window): Trouble | undefined => {
  // A split archive begins with this mark (APPNOTE.TXT 8.5.3).
  const isPart = end?.isSplit ?? window.read(0, 4).equals(DESCRIPTOR);
  if (isPart) return { why: 'unsupported', message: 'It is one part of a split archive: the other parts are needed.' };
  if (end === undefined) return { why: 'damaged', message: 'It has no central directory: it is cut off or damaged.' };
  if (end.isEncrypted) {
    return { why: 'encrypted', message: 'Its list of files is encrypted in a way of PKWARE that is not read here.' };
  }
  // The old record counts modulo 65,536.
  if (counted >= end.entries || counted % 0x1_0000 === end.entries) return undefined;
  return { why: 'damaged', message: 'Its list of files is shorter than it says: it is damaged.' };
};

/** Another archive in front of the first member: some programs look for that before they look for a zip. */
function* embeddedIn(container: Piece, type: FileType, end: number, signal: AbortSignal): Generator<Member> {
  const start = startOfEmbedded(container, type);
  if (start === undefined || start >= end) return;
  yield { name: 'data before the beginning', size: end - start, open: () => rangeOf(container, start, end, signal) };
}

const isWithin = (runs: readonly Run[], at: number): boolean => {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle]?.start ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1];
  return run !== undefined && at < run.end;
};

/**
 * Reads a zip as every program that may open it: by the directory that most take, by the local headers where these differ from it, by
 * other end records, and from the front without any directory. Where all see the same, a member comes once.
 */
async function* members(
  container: Piece,
  { type, passwords, signal, scratch }: ReadContext,
  load: () => Promise<StartRun>,
): AsyncGenerator<Member | Trouble> {
  const window = createWindow(container);
  const forDirectories = createWindow(container);
  const bySevenZip = createBySevenZip(load, scratch, signal);
  const source: Source = { window, passwords, signal, bySevenZip, proven: new Set() };
  const runs = createRuns(window);
  const ends = endsIn(forDirectories);
  const endPlace = chosen(forDirectories, ends);
  const end = endPlace === undefined ? undefined : endAt(forDirectories, endPlace);
  const isOne = ends.length <= 1 && (end?.directories.length ?? 0) <= 1;
  const isKnown = isOne ? () => false : createKnown(MOST_KNOWN);
  const read = new Set<number>();
  let counted = 0;

  const fresh = (directories: Directory[]) => directories.filter(({ at }) => !read.has(at));
  async function* fromDirectories(directories: Directory[]): AsyncGenerator<Member> {
    for (const directory of directories) {
      read.add(directory.at);
      const count = yield* directoryMembers(directory, forDirectories, source, runs, isKnown);
      counted = Math.max(counted, count);
    }
  }

  if (end !== undefined && !end.isSplit) yield* fromDirectories(end.directories);
  const trouble = troubleOfEnd(end, counted, window);
  const inMembers = runs.sorted();
  // What lies in a member is seen when that is taken apart.
  for (const at of ends.filter((place) => place !== endPlace && !isWithin(inMembers, place))) {
    const more = fresh(endAt(forDirectories, at).directories);
    if (read.size + more.length > MOST_DIRECTORIES) {
      yield { why: 'damaged', message: 'It has more lists of files than are looked through.' };
      break;
    }
    yield* fromDirectories(more);
  }
  for await (const { view, ended } of strays(source, runs.sorted())) yield memberOf(view, source, ended);
  const start = runs.sorted()[0]?.start ?? 0;
  const [last] = ends;
  if (start > MARK) yield* embeddedIn(container, type, start, signal);
  if (last !== undefined) {
    const tail = tailOf(container, last + END_LENGTH + commentLength(forDirectories, last), signal);
    if (tail !== undefined) yield tail;
  }
  if (trouble !== undefined) yield trouble;
}

/** Zip, and what is built on it. @param load 7-Zip, for what is packed in rare ways */
export const createZip = (load: () => Promise<StartRun>): Reader => ({
  id: 'zip',
  reads: ({ mime }) => TYPES.has(mime),
  members: (container, context) => members(container, context, load),
});
