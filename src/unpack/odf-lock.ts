import { argon2, createDecipheriv, createHash, type DecipherGCM, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { Piece } from '../content/piece';
import { troubleError } from './contract';
import type { Row } from './odf-manifest';

/** How one file of a package is encrypted; the algorithms by all names that programs read or write (OpenDocument 1.3 part 2, 4.8). */
export interface OdfLock {
  /** Of the content, unpacked. Bytes. */
  size: number;
  keyOf: (password: Uint8Array) => Promise<Buffer>;
  /** Whether a key is the right one; of a sealed file all is read for that. */
  fits: (key: Buffer, locked: Piece) => Promise<boolean>;
  /** The content, still packed by Deflate; bytes that fill up the last block may follow. */
  decrypt: (key: Buffer, locked: Piece) => AsyncGenerator<Uint8Array>;
}

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns:manifest:';
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#';
const XMLENC_11 = 'http://www.w3.org/2009/xmlenc11#';
const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';

interface Cipher {
  name: string;
  keySize: number;
  /** Sealed: the vector comes first and the seal last (XML Encryption 1.1, 5.2.4). */
  sealed?: boolean;
}
const BLOWFISH: Cipher = { name: 'bf-cfb', keySize: 16 };
const CIPHERS: { [name: string]: Cipher } = {
  'Blowfish CFB': BLOWFISH,
  [`${OASIS}1.0#blowfish`]: BLOWFISH,
  ...Object.fromEntries(
    [128, 192, 256].flatMap((bits) => [
      [`${XMLENC}aes${bits}-cbc`, { name: `aes-${bits}-cbc`, keySize: bits / 8 }],
      [`${XMLENC_11}aes${bits}-gcm`, { name: `aes-${bits}-gcm`, keySize: bits / 8, sealed: true }],
    ]),
  ),
};
const START_KEYS: { [name: string]: string } = {
  '': 'sha1',
  SHA1: 'sha1',
  [`${XMLDSIG}sha1`]: 'sha1',
  [`${XMLDSIG}sha256`]: 'sha256',
  [`${XMLENC}sha256`]: 'sha256',
};
/** Checksums over the first bytes of the packed content. */
const CHECKSUMS: { [name: string]: string } = {
  'SHA1/1K': 'sha1',
  [`${OASIS}1.0#sha1-1k`]: 'sha1',
  [`${OASIS}1.0#sha256-1k`]: 'sha256',
};
const CHECKED = 1024;
const PBKDF2 = new Set(['PBKDF2', `${OASIS}1.0#pbkdf2`]);
const ARGON2ID = new Set([
  `${OASIS}1.5#argon2id`,
  'urn:org:documentfoundation:names:experimental:office:manifest:argon2id',
]);

/** What may be spent on one password; programs write 100,000 rounds, or 3 rounds over 64 MiB. */
const MOST_ROUNDS = 10_000_000;
const MOST_PASSES = 16;
const MOST_MEMORY = 256 * 1024;
const MOST_LANES = 16;

const VECTOR = 12;
const SEAL = 16;
const SLICE = 256 * 1024;

const unknown = (what: string) =>
  troubleError('encrypted', `It is encrypted in a way that is not known here (${what}).`);

const derive = (row: Row, keySize: number): ((start: Buffer) => Promise<Buffer>) => {
  const { derivation, salt, iterations, memory, lanes } = row;
  if (derivation === 'PGP') throw troubleError('encrypted', 'It is encrypted for the holders of OpenPGP keys.');
  if (PBKDF2.has(derivation)) {
    if (!(iterations >= 1 && iterations <= MOST_ROUNDS)) throw unknown('the number of its rounds');
    return (start) => promisify(pbkdf2)(start, salt, iterations, keySize, 'sha1');
  }
  if (!ARGON2ID.has(derivation)) throw unknown('how its key is made');
  const isModest = iterations <= MOST_PASSES && memory <= MOST_MEMORY && lanes <= MOST_LANES;
  if (!isModest || iterations < 1 || lanes < 1 || memory < 8 * lanes || salt.length < 8)
    throw unknown('the work that its key takes');
  const work = { nonce: salt, parallelism: lanes, tagLength: keySize, memory, passes: iterations };
  return (start) => promisify(argon2)('argon2id', { message: start, ...work });
};

/** @throws TroubleError where it is of a kind that is not read here */
export const odfLock = (row: Row): OdfLock => {
  const cipher = CIPHERS[row.algorithm];
  const startKey = START_KEYS[row.startKey];
  const checksum = CHECKSUMS[row.checksumType];
  if (cipher === undefined) throw unknown('its cipher');
  if (startKey === undefined) throw unknown('its hash');
  if (checksum === undefined && cipher.sealed !== true) throw unknown('its checksum');
  const { name, sealed = false } = cipher;
  const isWhole = sealed || row.iv.length === (cipher === BLOWFISH ? 8 : 16);
  if (!isWhole) throw unknown('how it begins');
  const keyOfStart = derive(row, cipher === BLOWFISH ? row.keySize || cipher.keySize : cipher.keySize);

  const start = (key: Buffer, locked: Piece) => {
    const iv = sealed ? locked.bytes(0, VECTOR) : row.iv;
    return createDecipheriv(name, key, iv).setAutoPadding(false) as DecipherGCM;
  };
  async function* decrypt(key: Buffer, locked: Piece): AsyncGenerator<Buffer> {
    const by = start(key, locked);
    const end = locked.size - (sealed ? SEAL : 0);
    for (let at = sealed ? VECTOR : 0; at < end; at += SLICE) {
      yield by.update(locked.bytes(at, Math.min(end, at + SLICE)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (sealed) by.setAuthTag(locked.bytes(end, locked.size)).final();
  }

  return {
    size: row.size,
    keyOf: (password) => keyOfStart(createHash(startKey).update(password).digest()),
    decrypt,
    fits: async (key, locked) => {
      if (sealed) {
        if (locked.size < VECTOR + SEAL) return false;
        return Array.fromAsync(decrypt(key, locked), () => undefined).then(
          () => true,
          () => false,
        );
      }
      const packed = start(key, locked).update(locked.bytes(0, CHECKED + SEAL));
      // The last byte says how many fill up the last block (XML Encryption 1.1, 5.2).
      const filling = locked.size > packed.length || cipher === BLOWFISH ? 0 : (packed.at(-1) ?? 0);
      const checked = packed.subarray(0, Math.min(CHECKED, packed.length - filling));
      return createHash(checksum ?? 'sha1')
        .update(checked)
        .digest()
        .equals(row.checksum);
    },
  };
};
