import { createDecipheriv } from 'node:crypto';
import { troubleError } from './contract';

/** RC4 as Office documents up to 2003 use it: a key of its own for each block. */
export interface Rc4 {
  /** What the keys of the blocks are made of; undefined when the password is wrong. */
  keyOf: (password: string) => Promise<Buffer | undefined>;
  /** The cipher of one block, from its beginning on. */
  cipherOf: (key: Buffer, block: number) => (bytes: Uint8Array) => Buffer;
}

type Hash = 'md5' | 'sha1';

const digest = (hash: Hash, ...parts: Uint8Array[]): Buffer => {
  const hasher = new Bun.CryptoHasher(hash);
  for (const part of parts) hasher.update(part);
  return hasher.digest();
};
const numberOf = (block: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(block >>> 0);
  return bytes;
};

/** @param stretch what a password becomes; @param keyBytes how much of a block's hash is its key */
const rc4 = (
  hash: Hash,
  stretch: (password: Buffer) => Buffer,
  keyBytes: number,
  verifier: Buffer,
  verifierHash: Buffer,
): Rc4 => {
  const cipherOf: Rc4['cipherOf'] = (key, block) => {
    const short = digest(hash, key, numberOf(block)).subarray(0, keyBytes);
    // A key of 40 bits is used as one of 128 whose rest is zero (MS-OFFCRYPTO 2.3.5.2).
    const cipher = createDecipheriv('rc4', keyBytes === 5 ? Buffer.concat([short, Buffer.alloc(11)]) : short, null);
    return (bytes) => cipher.update(bytes);
  };
  return {
    cipherOf,
    keyOf: async (password) => {
      const key = stretch(Buffer.from(password, 'utf16le'));
      const decipher = cipherOf(key, 0);
      const found = digest(hash, decipher(verifier));
      return decipher(verifierHash).equals(found) ? key : undefined;
    },
  };
};

/** The first kind: MD5 and 40 bits (MS-OFFCRYPTO 2.3.6). */
const readOld = (info: Buffer): Rc4 => {
  const [salt, verifier, verifierHash] = [info.subarray(0, 16), info.subarray(16, 32), info.subarray(32, 48)];
  if (verifierHash.length < 16) throw new Error('The description of its encryption is cut off.');
  const stretch = (password: Buffer) => {
    const short = Buffer.concat([digest('md5', password).subarray(0, 5), salt]);
    return digest('md5', ...Array.from({ length: 16 }, () => short)).subarray(0, 5);
  };
  return rc4('md5', stretch, 16, verifier, verifierHash);
};

/** The second kind, of CryptoAPI: SHA-1 and 40 to 128 bits (MS-OFFCRYPTO 2.3.5). */
const readCryptoApi = (info: Buffer): Rc4 => {
  const header = info.subarray(8);
  const rest = info.subarray(8 + info.readUInt32LE(4));
  // The algorithm's number in Windows; zero leaves it to the provider (MS-OFFCRYPTO 2.3.2).
  if (![0, 0x6801].includes(header.readUInt32LE(8))) {
    throw troubleError('encrypted', 'It is encrypted with a cipher that is not known here.');
  }
  const keyBytes = (header.readUInt32LE(16) || 40) / 8;
  if (!Number.isInteger(keyBytes) || keyBytes < 5 || keyBytes > 16)
    throw new Error('Its key has a length that cannot be.');
  const [salt, verifier, verifierHash] = [rest.subarray(4, 20), rest.subarray(20, 36), rest.subarray(40, 60)];
  if (verifierHash.length < 20) throw new Error('The description of its encryption is cut off.');
  return rc4('sha1', (password) => digest('sha1', salt, password), keyBytes, verifier, verifierHash);
};

/**
 * Reads what a document says of its encryption by RC4, from its version on.
 * @throws a trouble when it is of a kind that is not read here, and an error when it is cut off
 */
export const readRc4 = (info: Buffer): Rc4 => {
  const [major, minor] = [info.readUInt16LE(0), info.readUInt16LE(2)];
  if (major === 1 && minor === 1) return readOld(info.subarray(4));
  if (major >= 2 && major <= 4 && minor === 2) return readCryptoApi(info.subarray(4));
  throw troubleError('encrypted', 'It is encrypted in a way that is not known here.');
};

/** Decrypts what lies at places that only go forward; what is passed over is not encrypted but counts. */
export const createBlocks = ({ cipherOf }: Rc4, key: Buffer, size: number) => {
  let at = 0;
  let cipher = cipherOf(key, 0);
  const advance = (bytes: Uint8Array): Buffer => {
    const out: Buffer[] = [];
    for (let done = 0; done < bytes.length; ) {
      const part = bytes.subarray(done, done + size - (at % size));
      out.push(cipher(part));
      done += part.length;
      at += part.length;
      if (at % size === 0) cipher = cipherOf(key, at / size);
    }
    return Buffer.concat(out);
  };
  return (position: number, bytes: Uint8Array): Buffer => {
    if (Math.floor(position / size) > Math.floor(at / size)) {
      at = position - (position % size);
      cipher = cipherOf(key, at / size);
    }
    advance(new Uint8Array(position - at));
    return advance(bytes);
  };
};
