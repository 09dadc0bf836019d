import type { Piece } from '../content/piece';
import { ENTRY, listStreams, type OleEntry } from './ole-directory';
import { chain, type Extent, joined, openSectors } from './ole-sectors';

/** An OLE compound file by its streams; never more than a part of one is in memory. */
export interface OleStorage {
  /** Every stream, in the directory's order, also one that the directory's tree leaves out. */
  streams: readonly OleEntry[];
  /** Whether it has more entries than are looked at. */
  cut: boolean;
  /** The stream of this name in a storage; letters of either case are the same there. */
  find: (storage: string, name: string) => OleEntry | undefined;
  /** Where its bytes lie in the file, in order. Throws at the end where the file does not hold all of them. */
  extents: (stream: OleEntry) => Generator<Extent>;
  /** Its bytes. Throws at the end where the file does not hold all of them. */
  read: (stream: OleEntry) => Generator<Uint8Array>;
  /** Its bytes up to a number of them; fewer where it is shorter, or damaged. */
  head: (stream: OleEntry, bytes: number) => Buffer;
}

const MINI = 64;
/** Entries of a directory that are looked at, of which each takes memory. */
const MOST_ENTRIES = 262_144;
// In the older version the upper half of a size may hold anything (MS-CFB 2.6.1).
const SIZES = { old: 0xffff_ffffn, new: 0x1f_ffff_ffff_ffffn };

function* clipped(extents: Iterable<Extent>, size: number): Generator<Extent> {
  let left = size;
  if (left === 0) return;
  for (const { start, end } of extents) {
    yield { start, end: Math.min(end, start + left) };
    left -= end - start;
    if (left <= 0) return;
  }
  throw new Error('A stream of it is shorter than it says.');
}

/**
 * Opens an OLE compound file (MS-CFB), of which every number may lie.
 * @throws when it has no sound header, or no directory
 */
export const openOle = (piece: Piece): OleStorage => {
  const { header, size, follow, gather } = openSectors(piece);
  const directory = gather(header.readUInt32LE(48), (MOST_ENTRIES + 1) * ENTRY);
  if (directory.length < ENTRY) throw new Error('It has no directory.');
  const streams = listStreams(directory.subarray(0, MOST_ENTRIES * ENTRY), size === 512 ? SIZES.old : SIZES.new);
  const byPath = new Map<string, OleEntry>();
  const keyOf = (storage: string, name: string) => `${storage}/${name}`.toUpperCase();
  for (const stream of streams) {
    const key = keyOf(stream.storage, stream.name);
    if (!byPath.has(key)) byPath.set(key, stream);
  }

  // What is shorter than the cutoff lies in pieces of 64 bytes within the root's own stream (MS-CFB 2.4).
  const cutoff = header.readUInt32LE(56);
  let small: { home: Extent[]; ends: number[]; fat: Buffer } | undefined;
  const openSmall = () => {
    const home: Extent[] = [];
    const ends: number[] = [];
    try {
      for (const extent of follow(directory.readUInt32LE(116))) {
        home.push(extent);
        ends.push((ends.at(-1) ?? 0) + extent.end - extent.start);
      }
    } catch {
      // As much of it as there is.
    }
    const fat = gather(header.readUInt32LE(60), Math.ceil((ends.at(-1) ?? 0) / MINI) * 4);
    return { home, ends, fat };
  };
  const locate = (ends: number[], offset: number): number => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  function* miniSectors(first: number): Generator<Extent> {
    small ??= openSmall();
    const { home, ends, fat } = small;
    const next = (sector: number) => (sector * 4 + 4 <= fat.length ? fat.readUInt32LE(sector * 4) : undefined);
    for (const sector of chain(first, next)) {
      const i = locate(ends, sector * MINI);
      const extent = home[i];
      if (extent === undefined) throw new Error('It ends before a chain of its sectors does.');
      const start = extent.end - ((ends[i] ?? 0) - sector * MINI);
      yield { start, end: start + MINI };
    }
  }

  const extents = ({ start, size }: OleEntry) =>
    clipped(size < cutoff ? joined(miniSectors(start)) : follow(start), size);
  function* read(stream: OleEntry): Generator<Uint8Array> {
    for (const { start, end } of extents(stream)) {
      const bytes = piece.bytes(start, end);
      if (bytes.length > 0) yield bytes;
      if (bytes.length < end - start) throw new Error('It ends within a stream.');
    }
  }
  return {
    streams,
    cut: directory.length > MOST_ENTRIES * ENTRY,
    find: (storage, name) => byPath.get(keyOf(storage, name)),
    extents,
    read,
    head: (stream, bytes) => {
      const parts: Uint8Array[] = [];
      let length = 0;
      try {
        for (const part of read(stream)) {
          parts.push(part);
          length += part.length;
          if (length >= bytes) break;
        }
      } catch {
        // What the file does not hold cannot be asked for.
      }
      return Buffer.concat(parts).subarray(0, bytes);
    },
  };
};
