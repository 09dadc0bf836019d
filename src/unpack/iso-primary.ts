import type { Piece } from '../content/piece';
import type { Member } from './contract';
import { breathe, rangeOf } from './lines';

/** Sectors, and where the descriptors of volumes begin (ECMA-119 6.1.2 and 6.2.1). Bytes. */
const SECTOR = 2048;
const FIRST = 16;
const DESCRIPTORS = 64;
const [PRIMARY, SUPPLEMENTARY, END] = [1, 2, 255];
const ROOT_AT = 156;
const [FOLDER, GOES_ON] = [2, 0x80];
/** Files and folders of one tree that are looked at. */
const MOST = 200_000;

interface File {
  path: string;
  start: number;
  size: number;
}

const bytesOf = (container: Piece, start: number, length: number): Buffer => {
  const bytes = container.bytes(start, start + length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** The root folders of the volumes of a kind. */
const rootsOf = (container: Piece, kind: number): Buffer[] => {
  const roots: Buffer[] = [];
  for (let sector = FIRST; sector < FIRST + DESCRIPTORS; sector++) {
    const descriptor = bytesOf(container, sector * SECTOR, SECTOR);
    if (descriptor.toString('latin1', 1, 6) !== 'CD001' || descriptor[0] === END) break;
    if (descriptor[0] === kind && descriptor.length === SECTOR) roots.push(descriptor.subarray(ROOT_AT, ROOT_AT + 34));
  }
  return roots;
};

/** The files of a tree, by the records of its folders (ECMA-119 9.1). */
async function* filesOf(container: Piece, root: Buffer, signal: AbortSignal): AsyncGenerator<File> {
  const extentOf = (record: Buffer) => ({ start: record.readUInt32LE(2) * SECTOR, size: record.readUInt32LE(10) });
  const due = [{ path: '', ...extentOf(root) }];
  const seen = new Set<number>();
  let count = 0;
  for (let folder = due.pop(); folder !== undefined; folder = due.pop()) {
    if (seen.has(folder.start)) continue;
    seen.add(folder.start);
    await breathe(signal);
    const end = Math.min(container.size, folder.start + folder.size);
    for (let at = folder.start; at < end && count < MOST; ) {
      const sector = at - (at % SECTOR) + SECTOR;
      const record = bytesOf(container, at, sector - at);
      const length = record[0] ?? 0;
      if (length < 34 || length > record.length) {
        at = sector;
        continue;
      }
      at += length;
      count++;
      const name = record.subarray(33, 33 + (record[32] ?? 0));
      // The folder itself, and the one that it is in.
      if (name.length === 1 && (name[0] ?? 2) < 2) continue;
      const path = `${folder.path}${name.toString('latin1').replace(/;1$/, '')}`;
      const flags = record[25] ?? 0;
      if ((flags & FOLDER) !== 0) due.push({ path: `${path}/`, ...extentOf(record) });
      else yield { path: (flags & GOES_ON) === 0 ? path : `${path} (in part)`, ...extentOf(record) };
    }
  }
}

/**
 * The files that an image has in its primary tree and not in the one with the long names (Joliet): 7-Zip reads the latter alone where there is
 * one, as Windows does, and Linux reads the former.
 */
export async function* primaryFiles(container: Piece, signal: AbortSignal): AsyncGenerator<Member> {
  const others = rootsOf(container, SUPPLEMENTARY);
  if (others.length === 0) return;
  const known = new Set<string>();
  for (const root of others)
    for await (const { start, size } of filesOf(container, root, signal)) known.add(`${start} ${size}`);
  for (const root of rootsOf(container, PRIMARY)) {
    for await (const { path, start, size } of filesOf(container, root, signal)) {
      if (size === 0 || known.has(`${start} ${size}`)) continue;
      yield {
        name: path,
        size,
        open: async function* () {
          yield* rangeOf(container, start, Math.min(container.size, start + size), signal);
          if (start + size > container.size) throw new Error('It ends before its end is due.');
        },
      };
    }
  }
}
