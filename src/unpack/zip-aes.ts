import { createCipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Key, Lock } from './zip-lock';
import { extraField, type Facts } from './zip-record';

const derive = promisify(pbkdf2);

const FIELD = 0x9901;
const ROUNDS = 1000;
const CHECK = 2;
const SEAL = 10;
const BLOCK = 16;
/** How many blocks of the key stream are made at once. */
const BLOCKS = 1024;

/** Counts in little-endian order from one, which no counter mode of node:crypto does. */
const keyStream = (bits: number, key: Uint8Array) => {
  const cipher = createCipheriv(`aes-${bits}-ecb`, key, null).setAutoPadding(false);
  let block = 0;
  let stream: Uint8Array = new Uint8Array();
  let used = 0;
  return (bytes: Uint8Array): Uint8Array => {
    const plain = new Uint8Array(bytes.length);
    for (let done = 0; done < bytes.length; ) {
      if (used === stream.length) {
        const counters = Buffer.alloc(BLOCK * Math.min(BLOCKS, Math.ceil((bytes.length - done) / BLOCK)));
        for (let at = 0; at < counters.length; at += BLOCK) counters.writeUIntLE(++block, at, 6);
        stream = cipher.update(counters);
        used = 0;
      }
      const end = Math.min(bytes.length, done + stream.length - used);
      for (; done < end; done++, used++) plain[done] = (bytes[done] as number) ^ (stream[used] as number);
    }
    return plain;
  };
};

/** The field that says how a member is locked: version, vendor, strength, method (WinZip, "AES Encryption Information", II). */
export const aesField = ({ extra }: Facts): Buffer | undefined => {
  const field = extraField(extra, FIELD);
  return field !== undefined && field.length >= 7 ? field : undefined;
};

/**
 * WinZip's AES encryption: salt and check in front of the content, a seal of HMAC-SHA1 over the locked bytes behind it.
 * @param head the bytes in front of the content; undefined is answered for a strength that nobody defined
 */
export const aes = (field: Buffer, head: (length: number) => Uint8Array): Lock | undefined => {
  const strength = field.readUInt8(4);
  if (strength < 1 || strength > 3) return undefined;
  const keyLength = 8 * (strength + 1);
  const saltLength = keyLength / 2;
  const front = head(saltLength + CHECK);
  return {
    head: saltLength + CHECK,
    tail: SEAL,
    isSealed: true,
    method: field.readUInt16LE(5),
    // AE-2 leaves the checksum out, so that it says nothing about the content.
    hasChecksum: field.readUInt16LE(0) !== 2,
    key: async (password): Promise<Key | undefined> => {
      if (front.length < saltLength + CHECK) return undefined;
      const keys = await derive(password, front.subarray(0, saltLength), ROUNDS, 2 * keyLength + CHECK, 'sha1');
      if (Buffer.compare(keys.subarray(2 * keyLength), front.subarray(saltLength)) !== 0) return undefined;
      return {
        start: () => {
          const decrypt = keyStream(8 * keyLength, keys.subarray(0, keyLength));
          const mac = createHmac('sha1', keys.subarray(keyLength, 2 * keyLength));
          return {
            update: (locked) => {
              mac.update(locked);
              return decrypt(locked);
            },
            fits: (seal) => seal.length === SEAL && timingSafeEqual(mac.digest().subarray(0, SEAL), seal),
          };
        },
      };
    },
  };
};
