import type { Turns } from './turns';

/** The encryption of one document, as its format describes it. */
export interface OfficeLock {
  /** The key that a password gives; undefined when it does not open the document. */
  keyOf: (password: string, turns: Turns) => Promise<Buffer | undefined>;
  /**
   * Content without its encryption; throws at its end where some is missing.
   * @param size bytes that it has
   * @param parts what follows the size in the stream, in pieces of any size
   */
  decrypt: (key: Buffer, parts: Iterable<Uint8Array>, size: number) => Iterable<Uint8Array>;
}

/** Cuts pieces of any size into blocks of one size; the last may be shorter. */
export function* blocksOf(parts: Iterable<Uint8Array>, size: number): Generator<Buffer> {
  let rest = Buffer.alloc(0);
  for (const part of parts) {
    const bytes =
      rest.length === 0 ? Buffer.from(part.buffer, part.byteOffset, part.byteLength) : Buffer.concat([rest, part]);
    let at = 0;
    for (; at + size <= bytes.length; at += size) yield bytes.subarray(at, at + size);
    rest = Buffer.from(bytes.subarray(at));
  }
  if (rest.length > 0) yield rest;
}

/** Hashes a password many times over, each time with the number of the round in front (MS-OFFCRYPTO 2.3.4.7, 2.3.4.11). */
export const stretch = async (
  hash: Bun.SupportedCryptoAlgorithms,
  salt: Uint8Array,
  password: string,
  rounds: number,
  turns: Turns,
): Promise<Buffer> => {
  const hasher = new Bun.CryptoHasher(hash);
  const first = hasher.update(salt).update(Buffer.from(password, 'utf16le')).digest();
  const block = Buffer.alloc(4 + first.length);
  block.set(first, 4);
  const digest = block.subarray(4);
  for (let round = 0; round < rounds; round++) {
    block.writeUInt32LE(round, 0);
    digest.set(hasher.update(block).digest());
    if (round % 1000 === 0) await turns.next();
  }
  return digest;
};
