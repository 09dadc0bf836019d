/** Names lie in one shared buffer: for each one byte that is 1 for a name of a threat, one for its length, then UTF-8. */
const LONGEST = 255;
/** Names remembered for reuse; lists in which each entry has its own name would otherwise fill the memory. */
const REMEMBERED = 50_000;

export interface NameWriter {
  /** Where the name is. */
  add: (name: string, isThreat: boolean) => number;
  finish: () => Uint8Array<SharedArrayBuffer>;
}

export const createNameWriter = (): NameWriter => {
  const encoder = new TextEncoder();
  const known = new Map<string, number>();
  let bytes = new Uint8Array(64 * 1024);
  let used = 0;
  let last = { name: '', isThreat: false, at: -1 };
  const grow = () => {
    const larger = new Uint8Array(bytes.length * 2);
    larger.set(bytes);
    bytes = larger;
  };
  return {
    add: (name, isThreat) => {
      // Most lists have one name for all of their entries: no string is built for each.
      if (name === last.name && isThreat === last.isThreat) return last.at;
      const key = `${isThreat ? '1' : '0'}${name}`;
      const before = known.get(key);
      if (before !== undefined) {
        last = { name, isThreat, at: before };
        return before;
      }
      if (used + LONGEST + 2 > bytes.length) grow();
      const start = used;
      const { written } = encoder.encodeInto(name, bytes.subarray(start + 2, start + 2 + LONGEST));
      bytes[start] = isThreat ? 1 : 0;
      bytes[start + 1] = written;
      used += 2 + written;
      if (known.size < REMEMBERED) known.set(key, start);
      last = { name, isThreat, at: start };
      return start;
    },
    finish: () => {
      const shared = new Uint8Array(new SharedArrayBuffer(used));
      shared.set(bytes.subarray(0, used));
      return shared;
    },
  };
};

export const readName = (names: Uint8Array, at: number): { name: string; isThreat: boolean } => {
  const length = names[at + 1] ?? 0;
  // Copied, for a decoder takes no shared memory.
  return { name: new TextDecoder().decode(names.slice(at + 2, at + 2 + length)), isThreat: names[at] === 1 };
};
