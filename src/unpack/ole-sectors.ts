import type { Piece } from '../content/piece';

/** Bytes of the file, `end` not included. */
export interface Extent {
  start: number;
  end: number;
}

/** The sectors of an OLE compound file, and how they are chained. */
export interface Sectors {
  header: Buffer;
  /** Bytes. */
  size: number;
  /** Where the sectors of a chain lie, neighbours together. Throws, after what is sound, where the chain leads nowhere or in circles. */
  follow: (first: number) => Generator<Extent>;
  /** The content of a chain, up to a number of bytes; what is damaged ends early. */
  gather: (first: number, most: number) => Buffer;
}

/** From this on a sector's number says something else; what chains end with; what no chain has (MS-CFB 2.1). */
const LAST_SECTOR = 0xffff_fffa;
const END_OF_CHAIN = 0xffff_fffe;
const FREE = 0xffff_ffff;
const HEADER = 512;
const DIFAT_IN_HEADER = 109;
const PART = 256 * 1024;

/** Follows a chain. Brent's way to notice a circle takes no memory. */
export function* chain(first: number, next: (sector: number) => number | undefined): Generator<number> {
  let mark = FREE;
  let steps = 0;
  let limit = 1;
  for (let sector = first; sector !== END_OF_CHAIN; sector = next(sector) ?? FREE) {
    if (sector >= LAST_SECTOR) throw new Error('A chain of its sectors leads out of the file.');
    if (sector === mark) throw new Error('A chain of its sectors leads in circles.');
    yield sector;
    steps++;
    if (steps === limit) {
      mark = sector;
      steps = 0;
      limit *= 2;
    }
  }
}

/** Puts neighbours together, so that they are read at once. */
export function* joined(extents: Iterable<Extent>): Generator<Extent> {
  let run: Extent | undefined;
  try {
    for (const { start, end } of extents) {
      if (run !== undefined && run.end === start && run.end - run.start < PART) {
        run.end = end;
        continue;
      }
      if (run !== undefined) yield run;
      run = { start, end };
    }
  } catch (error) {
    if (run !== undefined) yield run;
    throw error;
  }
  if (run !== undefined) yield run;
}

/** Opens the header and the FAT of an OLE compound file (MS-CFB 2.2, 2.3). @throws when there is no sound header */
export const openSectors = (piece: Piece): Sectors => {
  const header = Buffer.from(piece.bytes(0, HEADER));
  if (header.length < HEADER) throw new Error('It ends within its header.');
  const shift = header.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) throw new Error('Its sectors have a size that the format does not know.');
  const size = 1 << shift;
  const count = Math.ceil(piece.size / size);
  const startOf = (sector: number) => (sector + 1) * size;
  const sectorAt = (sector: number) => Buffer.from(piece.bytes(startOf(sector), startOf(sector + 1)));

  const perSector = size / 4;
  // More of the FAT than this is of no use to a file of this size, whatever the header says.
  const useful = Math.ceil(count / perSector);
  const findFat = (): number[] => {
    const found: number[] = [];
    const take = (numbers: Buffer, n: number) => {
      for (let i = 0; i < n && found.length < useful; i++) found.push(numbers.readUInt32LE(i * 4));
    };
    take(header.subarray(76), DIFAT_IN_HEADER);
    let next = header.readUInt32LE(68);
    while (next < count && found.length < useful) {
      const more = sectorAt(next);
      if (more.length < size) break;
      take(more, perSector - 1);
      next = more.readUInt32LE(size - 4);
    }
    return found;
  };

  const numbers = findFat();
  const fat = new Uint32Array(numbers.length * perSector).fill(FREE);
  numbers.forEach((sector, i) => {
    if (sector >= count) return;
    const bytes = sectorAt(sector);
    for (let at = 0; at + 4 <= bytes.length; at += 4) fat[i * perSector + at / 4] = bytes.readUInt32LE(at);
  });

  function* sectors(first: number): Generator<Extent> {
    for (const sector of chain(first, (last) => fat[last])) {
      const start = startOf(sector);
      if (start >= piece.size) throw new Error('It ends before a chain of its sectors does.');
      yield { start, end: start + size };
    }
  }

  return {
    header,
    size,
    follow: (first) => joined(sectors(first)),
    gather: (first, most) => {
      const parts: Uint8Array[] = [];
      let length = 0;
      try {
        for (const { start, end } of joined(sectors(first))) {
          parts.push(piece.bytes(start, end));
          length += end - start;
          if (length >= most) break;
        }
      } catch {
        // What came before the chain broke is all that there is.
      }
      return Buffer.concat(parts).subarray(0, most);
    },
  };
};
