const BUCKETS = 65_536;
const ANY_SIZE = -1;

/** Hashes of one length in memory that all threads share: sorted into buckets by their first two bytes, which are then left out. */
export interface Table {
  /** Bytes of a whole hash. */
  length: number;
  /** For each bucket the row it starts at, and the end. */
  starts: Uint32Array<SharedArrayBuffer>;
  /** Each row's hash without its first two bytes. */
  hashes: Uint8Array<SharedArrayBuffer>;
  /** Each row's place in the names. */
  names: Uint32Array<SharedArrayBuffer>;
  /** Each row's file size or -1; empty when no row has one. */
  sizes: Float64Array<SharedArrayBuffer>;
}

const shared = (bytes: number) => new SharedArrayBuffer(bytes);
const bucketOf = (digest: Uint8Array) => ((digest[0] ?? 0) << 8) | (digest[1] ?? 0);

/** First told of every entry to learn the size of each bucket, then given each of them once more to keep. */
export const createTableBuilder = (length: number) => {
  const counts = new Uint32Array(BUCKETS);
  let hasSizes = false;

  return {
    count: (digest: Uint8Array, size: number) => {
      const bucket = bucketOf(digest);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      if (size !== ANY_SIZE) hasSizes = true;
    },

    allocate: () => {
      const starts = new Uint32Array(shared((BUCKETS + 1) * 4));
      for (let bucket = 0; bucket < BUCKETS; bucket++)
        starts[bucket + 1] = (starts[bucket] ?? 0) + (counts[bucket] ?? 0);
      const rows = starts[BUCKETS] ?? 0;
      const table: Table = {
        length,
        starts,
        hashes: new Uint8Array(shared(rows * (length - 2))),
        names: new Uint32Array(shared(rows * 4)),
        sizes: new Float64Array(shared(hasSizes ? rows * 8 : 0)),
      };
      const next = starts.slice(0, BUCKETS);

      const add = (digest: Uint8Array, size: number, name: number) => {
        const bucket = bucketOf(digest);
        const row = next[bucket] ?? 0;
        if (row >= (starts[bucket + 1] ?? 0)) throw new Error('a list changed while it was read');
        next[bucket] = row + 1;
        for (let at = 2; at < length; at++) table.hashes[row * (length - 2) + at - 2] = digest[at] ?? 0;
        table.names[row] = name;
        if (hasSizes) table.sizes[row] = size;
      };
      return { table, add };
    },
  };
};

/** The place of the name of the first row that has this hash and, where the row names one, this size. */
export const lookUp = (
  { length, starts, hashes, names, sizes }: Table,
  digest: Uint8Array,
  size: number,
): number | undefined => {
  const bucket = bucketOf(digest);
  const width = length - 2;
  for (let row = starts[bucket] ?? 0; row < (starts[bucket + 1] ?? 0); row++) {
    let at = 0;
    while (at < width && hashes[row * width + at] === digest[at + 2]) at++;
    if (at < width) continue;
    const wanted = sizes[row] ?? ANY_SIZE;
    if (wanted === ANY_SIZE || wanted === size) return names[row];
  }
  return undefined;
};
