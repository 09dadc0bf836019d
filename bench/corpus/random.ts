import { createCipheriv, createHash } from 'node:crypto';

/** Numbers and bytes that are the same on every machine for the same seed. */
export interface Random {
  /** From 0 up to but not including 1. */
  number: () => number;
  /** From 0 up to but not including `n`. */
  below: (n: number) => number;
  pick: <T>(from: readonly T[]) => T;
  /** Bytes that no compression makes smaller. */
  bytes: (length: number) => Buffer;
  /** Log-normal, as the sizes of files are. */
  logNormal: (median: number, sigma: number) => number;
}

export const createRandom = (seed: string): Random => {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const bytes = (length: number) => stream.update(Buffer.alloc(length));
  let pool = bytes(4096);
  let at = 0;
  const number = () => {
    if (at === pool.length) {
      pool = bytes(4096);
      at = 0;
    }
    at += 4;
    return pool.readUInt32LE(at - 4) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(number() * n);
  return {
    number,
    below,
    bytes,
    pick: (from) => from[below(from.length)]!,
    logNormal: (median, sigma) => {
      // Box-Muller.
      const normal = Math.sqrt(-2 * Math.log(1 - number())) * Math.cos(2 * Math.PI * number());
      return median * Math.exp(sigma * normal);
    },
  };
};
