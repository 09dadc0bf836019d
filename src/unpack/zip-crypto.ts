import type { Key, Lock } from './zip-lock';
import type { Facts } from './zip-record';

const HEAD = 12;

// CRC-32's table (polynomial 0xedb88320): the keys take it byte by byte, which node:zlib's does not serve.
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

type Keys = [number, number, number];

/** Works on the keys in place; with `locked`, its bytes are made plain in place (APPNOTE.TXT 6.1). */
const turn = (keys: Keys, bytes: Uint8Array, isLocked: boolean): void => {
  let [a, b, c] = keys;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i] as number;
    if (isLocked) {
      const word = (c & 0xffff) | 2;
      byte ^= (Math.imul(word, word ^ 1) >>> 8) & 0xff;
      bytes[i] = byte;
    }
    a = (a >>> 8) ^ (TABLE[(a ^ byte) & 0xff] as number);
    b = (Math.imul(b + (a & 0xff), 134775813) + 1) | 0;
    c = (c >>> 8) ^ (TABLE[(c ^ (b >>> 24)) & 0xff] as number);
  }
  keys[0] = a;
  keys[1] = b;
  keys[2] = c;
};

/** The traditional encryption of PKWARE. @param head the 12 bytes in front of the content */
export const zipCrypto = (facts: Facts, head: Uint8Array): Lock => ({
  head: HEAD,
  tail: 0,
  isSealed: false,
  method: facts.method,
  hasChecksum: true,
  key: async (password): Promise<Key | undefined> => {
    if (head.length < HEAD) return undefined;
    const keys: Keys = [0x12345678, 0x23456789, 0x34567890];
    turn(keys, password, false);
    const plain = Uint8Array.from(head);
    turn(keys, plain, true);
    // The checksum's highest byte, or the time's where the checksum was not known yet (Info-ZIP).
    const check = plain[HEAD - 1];
    if (check !== facts.crc >>> 24 && check !== facts.time >>> 8) return undefined;
    return {
      start: () => {
        const now: Keys = [...keys];
        return {
          update: (locked) => {
            const bytes = Uint8Array.from(locked);
            turn(now, bytes, true);
            return bytes;
          },
          fits: () => true,
        };
      },
    };
  },
});
