/** A stream, as the directory of an OLE compound file says. */
export interface OleEntry {
  /** With `/` between storages; what hangs nowhere in the tree has only its name. */
  path: string;
  name: string;
  /** The path of the storage that it is in; `''` is the root. */
  storage: string;
  /** Bytes; not to be relied on. */
  size: number;
  /** Its first sector. */
  start: number;
}

/** Bytes that one entry takes. */
export const ENTRY = 128;
/** Storages in storages are named up to here. */
const DEEPEST = 64;
const TYPES = { storage: 1, stream: 2 };

const nameOf = (entry: Buffer): string => {
  // The length counts the two bytes of a closing zero.
  const length = Math.min(Math.max(entry.readUInt16LE(64) - 2, 0), 62);
  return entry.toString('utf16le', 0, length & ~1);
};

/** The storage that each entry is in; undefined where no tree of siblings leads to it (MS-CFB 2.6.4). */
const findStorages = (directory: Buffer, count: number): (number | undefined)[] => {
  const storages: (number | undefined)[] = new Array(count);
  const field = (entry: number, at: number) => directory.readUInt32LE(entry * ENTRY + at);
  const due: [entry: number, storage: number][] = [[field(0, 76), 0]];
  for (let next = due.pop(); next !== undefined; next = due.pop()) {
    const [entry, storage] = next;
    if (entry === 0 || entry >= count || storages[entry] !== undefined) continue;
    storages[entry] = storage;
    due.push([field(entry, 68), storage], [field(entry, 72), storage]);
    if (directory[entry * ENTRY + 66] === TYPES.storage) due.push([field(entry, 76), entry]);
  }
  return storages;
};

const join = (storage: string, name: string) => (storage === '' ? name : `${storage}/${name}`);

/**
 * Lists the streams of a directory in its order, also those that its tree leaves out (MS-CFB 2.6).
 * @param directory one entry at least
 * @param sizes what of a size's 64 bits counts
 */
export const listStreams = (directory: Buffer, sizes: bigint): OleEntry[] => {
  const count = Math.floor(directory.length / ENTRY);
  const storages = findStorages(directory, count);
  const at = (entry: number) => directory.subarray(entry * ENTRY, (entry + 1) * ENTRY);
  const paths = new Map<number, string>([[0, '']]);
  const pathOf = (storage: number | undefined, depth = 0): string => {
    if (storage === undefined || depth > DEEPEST) return '';
    const known = paths.get(storage);
    if (known !== undefined) return known;
    const path = join(pathOf(storages[storage], depth + 1), nameOf(at(storage)));
    paths.set(storage, path);
    return path;
  };
  const streams: OleEntry[] = [];
  for (let i = 1; i < count; i++) {
    const entry = at(i);
    if (entry[66] !== TYPES.stream) continue;
    const name = nameOf(entry);
    const storage = pathOf(storages[i]);
    const size = Number(entry.readBigUInt64LE(120) & sizes);
    streams.push({ path: join(storage, name), name, storage, size, start: entry.readUInt32LE(116) });
  }
  return streams;
};
