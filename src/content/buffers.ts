import { IN_MEMORY } from './read';

/** Buffers that files are read into, used again: a new one for each file is zeroed first, and fills the memory until it is collected. */
export interface Buffers {
  /** At least that large, and never zeroed: it may hold what another file held. Bytes. */
  take: (size: number) => Uint8Array;
  /** Only once nobody holds it any more. */
  give: (buffer: Uint8Array) => void;
}

const SMALLEST = 64 * 1024;
const LARGEST = IN_MEMORY + 1;

/** For one thread, which never keeps more of them than it had taken at once. */
export const createBuffers = (): Buffers => {
  const free: Uint8Array[] = [];
  return {
    take: (size) => {
      const fitting = free.findIndex(({ length }) => length >= size);
      const [found] = free.splice(Math.max(fitting, 0), 1);
      if (fitting >= 0 && found !== undefined) return found;
      const roomy = 2 ** Math.ceil(Math.log2(Math.max(size, SMALLEST)));
      return new Uint8Array(Math.max(size, Math.min(roomy, LARGEST)));
    },
    give: (buffer) => {
      free.push(buffer);
    },
  };
};
