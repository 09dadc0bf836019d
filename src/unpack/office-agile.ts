import { createDecipheriv } from 'node:crypto';
import { troubleError } from './contract';
import { blocksOf, type OfficeLock, stretch } from './office-lock';

/** What each part of the key is made with (MS-OFFCRYPTO 2.3.4.13). */
const BLOCK_KEYS = {
  verifier: Buffer.from('fea7d2763b4b9e79', 'hex'),
  verifierHash: Buffer.from('d7aa0f6d3061344e', 'hex'),
  key: Buffer.from('146e0be7abacd0d6', 'hex'),
};
const HASHES: { [name: string]: Bun.SupportedCryptoAlgorithms } = {
  MD5: 'md5',
  SHA1: 'sha1',
  'SHA-1': 'sha1',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
};
const CIPHERS: { [name: string]: string } = {
  AES128: 'aes-128-cbc',
  AES192: 'aes-192-cbc',
  AES256: 'aes-256-cbc',
  '3DES192': 'des-ede3-cbc',
  DES64: 'des-cbc',
};
/** The most that the format allows (MS-OFFCRYPTO 2.3.4.10, ST_SpinCount). */
const MOST_ROUNDS = 10_000_000;
const SEGMENT = 4096;
const SEGMENTS_AT_ONCE = 16;

interface Method {
  hash: Bun.SupportedCryptoAlgorithms;
  cipher: string;
  keyBytes: number;
  blockSize: number;
  salt: Buffer;
}

const unknown = (what: string) =>
  troubleError('encrypted', `It is encrypted in a way that is not known here (${what}).`);

/** The attributes of the first element with a name, whatever its namespace. */
const attributesOf = (xml: string, element: string): Map<string, string> => {
  const tag = new RegExp(`<(?:[\\w.-]{1,32}:)?${element}\\s([^<>]{0,8192})`).exec(xml)?.[1];
  if (tag === undefined) throw unknown(`no ${element}`);
  return new Map(
    [...tag.matchAll(/([\w.-]{1,64})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')/g)].map((m) => [
      m[1] ?? '',
      m[2] ?? m[3] ?? '',
    ]),
  );
};

const methodOf = (attributes: Map<string, string>): Method => {
  const name = attributes.get('hashAlgorithm') ?? '';
  const hash = HASHES[name.toUpperCase()];
  const bits = Number(attributes.get('keyBits'));
  const cipher = CIPHERS[`${attributes.get('cipherAlgorithm')}${bits}`];
  if (hash === undefined) throw unknown('its hash');
  if (cipher === undefined || attributes.get('cipherChaining') !== 'ChainingModeCBC') throw unknown('its cipher');
  return {
    hash,
    cipher,
    keyBytes: bits / 8,
    blockSize: cipher.startsWith('aes') ? 16 : 8,
    salt: Buffer.from(attributes.get('saltValue') ?? '', 'base64'),
  };
};

/** Cuts to a length, or fills up to it as the format says (MS-OFFCRYPTO 2.3.4.11). */
const fit = (bytes: Buffer, length: number): Buffer =>
  bytes.length >= length
    ? bytes.subarray(0, length)
    : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, 0x36)]);

const digestOf = (hash: Bun.SupportedCryptoAlgorithms, ...parts: Uint8Array[]): Buffer => {
  const hasher = new Bun.CryptoHasher(hash);
  for (const part of parts) hasher.update(part);
  return hasher.digest();
};

const decipher = ({ cipher, blockSize }: Method, key: Buffer, iv: Buffer, bytes: Uint8Array): Buffer => {
  const by = createDecipheriv(cipher, key, iv).setAutoPadding(false);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % blockSize));
  return Buffer.concat([by.update(whole), by.final()]);
};

/**
 * The agile encryption of Office documents since 2010 (MS-OFFCRYPTO 2.3.4.10 to 2.3.4.15).
 * @param xml what follows the version in EncryptionInfo
 * @throws a trouble when it is of a kind that is not read here
 */
export const agileLock = (xml: string): OfficeLock => {
  const content = methodOf(attributesOf(xml, 'keyData'));
  const attributes = attributesOf(xml, 'encryptedKey');
  const method = methodOf(attributes);
  const rounds = Number(attributes.get('spinCount'));
  if (!(rounds >= 0 && rounds <= MOST_ROUNDS)) throw unknown('the number of its rounds');
  const value = (name: string) => Buffer.from(attributes.get(name) ?? '', 'base64');
  const iv = fit(method.salt, method.blockSize);

  return {
    keyOf: async (password, turns) => {
      const stretched = await stretch(method.hash, method.salt, password, rounds, turns);
      const open = (blockKey: Buffer, encrypted: Buffer) =>
        decipher(method, fit(digestOf(method.hash, stretched, blockKey), method.keyBytes), iv, encrypted);
      const input = open(BLOCK_KEYS.verifier, value('encryptedVerifierHashInput'));
      const expected = digestOf(method.hash, input.subarray(0, method.salt.length));
      const found = open(BLOCK_KEYS.verifierHash, value('encryptedVerifierHashValue'));
      if (!found.subarray(0, expected.length).equals(expected)) return undefined;
      return fit(open(BLOCK_KEYS.key, value('encryptedKeyValue')), content.keyBytes);
    },
    decrypt: function* (key, parts, size) {
      const number = Buffer.alloc(4);
      let segment = 0;
      let left = size;
      for (const blocks of blocksOf(parts, SEGMENT * SEGMENTS_AT_ONCE)) {
        const plain: Buffer[] = [];
        for (let at = 0; at < blocks.length; at += SEGMENT) {
          number.writeUInt32LE(segment++ >>> 0);
          const segmentIv = fit(digestOf(content.hash, content.salt, number), content.blockSize);
          plain.push(decipher(content, key, segmentIv, blocks.subarray(at, at + SEGMENT)));
        }
        const bytes = Buffer.concat(plain);
        yield bytes.subarray(0, left);
        left -= bytes.length;
        if (left <= 0) return;
      }
      if (left > 0) throw new Error('It ends before its encrypted content does.');
    },
  };
};
