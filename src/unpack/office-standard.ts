import { createDecipheriv } from 'node:crypto';
import { troubleError } from './contract';
import { blocksOf, type OfficeLock, stretch } from './office-lock';

const ROUNDS = 50_000;
/** Algorithms by the numbers that Windows gives them (MS-OFFCRYPTO 2.3.2). */
const CIPHERS: { [id: number]: string } = { 26126: 'aes-128-ecb', 26127: 'aes-192-ecb', 26128: 'aes-256-ecb' };
const SALT = 16;
const AT_ONCE = 64 * 1024;

const sha1 = (...parts: Uint8Array[]): Buffer => {
  const hasher = new Bun.CryptoHasher('sha1');
  for (const part of parts) hasher.update(part);
  return hasher.digest();
};

/** How CryptoAPI makes a key longer than its hash (MS-OFFCRYPTO 2.3.4.7). */
const widen = (hash: Buffer): Buffer => {
  const padded = (byte: number) => Buffer.alloc(64, byte).map((b, i) => b ^ (hash[i] ?? 0));
  return Buffer.concat([sha1(padded(0x36)), sha1(padded(0x5c))]);
};

/**
 * The standard encryption of Office 2007 documents (MS-OFFCRYPTO 2.3.4.5 to 2.3.4.9).
 * @param info EncryptionInfo from behind its version on
 * @throws a trouble when it is of a kind that is not read here, and a RangeError when it is cut off
 */
export const standardLock = (info: Buffer): OfficeLock => {
  const headerSize = info.readUInt32LE(4);
  const header = info.subarray(8, 8 + headerSize);
  const verifier = info.subarray(8 + headerSize);
  const cipher = CIPHERS[header.readUInt32LE(8)];
  if (cipher === undefined) throw troubleError('encrypted', 'It is encrypted with a cipher that is not known here.');
  const keyBytes = Number(cipher.split('-')[1]) / 8;
  const salt = verifier.subarray(4, 4 + SALT);
  const input = verifier.subarray(20, 36);
  const check = verifier.subarray(40, 72);
  if (check.length < 32) throw new Error('The description of its encryption is cut off.');
  const decipher = (key: Buffer, bytes: Buffer) =>
    createDecipheriv(cipher, key, null)
      .setAutoPadding(false)
      .update(bytes.subarray(0, bytes.length & ~15));

  return {
    keyOf: async (password, turns) => {
      const stretched = await stretch('sha1', salt, password, ROUNDS, turns);
      const key = widen(sha1(stretched, Buffer.alloc(4))).subarray(0, keyBytes);
      return sha1(decipher(key, input)).equals(decipher(key, check).subarray(0, 20)) ? key : undefined;
    },
    decrypt: function* (key, parts, size) {
      let left = size;
      for (const block of blocksOf(parts, AT_ONCE)) {
        const bytes = decipher(key, block);
        yield bytes.subarray(0, left);
        left -= bytes.length;
        if (left <= 0) return;
      }
      if (left > 0) throw new Error('It ends before its encrypted content does.');
    },
  };
};
