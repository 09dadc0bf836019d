import { createCipheriv, createDecipheriv } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/fault';

/** The content of what is in quarantine: files that only the daemon can read, each enciphered under a key of its own, so that no other scanner trips over it. */
export interface Vault {
  /** Keeps content; it is durable and was read back when this settles. @returns the SHA-256 of the content */
  write: (id: string, key: Uint8Array, content: AsyncIterable<Uint8Array>) => Promise<string>;
  /** @throws Fault NOT_POSSIBLE when it is not there, and at its end when it is not the content with that SHA-256 */
  read: (id: string, key: Uint8Array, sha256: string) => AsyncIterable<Uint8Array>;
  /** Puts the content in clear into a private file, to be looked into. @param name that the file has */
  spool: (id: string, key: Uint8Array, sha256: string, name: Uint8Array) => Promise<Spooled>;
  remove: (id: string) => void;
  /** What is there, by id. */
  list: () => string[];
}

export interface Spooled {
  path: Buffer;
  remove: () => void;
}

export const KEY_LENGTH = 32;

const PIECE = 1024 * 1024;
const ALGORITHM = 'aes-256-ctr';
/** Each key is used for one content, so that the counter may begin at naught (NIST SP 800-38A, B.2). */
const COUNTER = Buffer.alloc(16);
const SPOOL = 'spool';

const lost = (what: string, cause?: unknown): Fault =>
  new Fault('NOT_POSSIBLE', what, {
    hint: 'Check the disk of the data directory; a backup of it may hold the content.',
    cause,
  });
const damaged = (id: string): Fault => lost(`The content of ${id} in quarantine is not what was put there.`);

/** Opens what is kept. @throws Fault NOT_POSSIBLE when it is not there */
const openKept = async (path: string, id: string): Promise<FileHandle> => {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
    throw lost(`The content of ${id} is not in the quarantine's folder any more.`, error);
  }
};

async function* piecesOf(file: FileHandle): AsyncGenerator<Uint8Array, void> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE), 0, PIECE, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

async function* deciphered(file: FileHandle, key: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const decipher = createDecipheriv(ALGORITHM, key, COUNTER);
  for await (const piece of piecesOf(file)) yield decipher.update(piece);
}

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** @param dir made when it is missing; what an earlier start left in clear is removed */
export const openVault = (dir: string): Vault => {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const spools = join(dir, SPOOL);
  rmSync(spools, { recursive: true, force: true });
  const pathOf = (id: string) => join(dir, id);
  const remove = (id: string) => rmSync(pathOf(id), { force: true });

  async function* read(id: string, key: Uint8Array, sha256: string): AsyncGenerator<Uint8Array, void> {
    const file = await openKept(pathOf(id), id);
    try {
      const hash = new Bun.CryptoHasher('sha256');
      for await (const piece of deciphered(file, key)) {
        hash.update(piece);
        yield piece;
      }
      if (hash.digest('hex') !== sha256) throw damaged(id);
    } finally {
      await file.close();
    }
  }

  return {
    write: async (id, key, content) => {
      const file = await open(pathOf(id), 'w+', 0o600);
      try {
        const hash = new Bun.CryptoHasher('sha256');
        const cipher = createCipheriv(ALGORITHM, key, COUNTER);
        for await (const piece of content) {
          hash.update(piece);
          await file.writeFile(cipher.update(piece));
        }
        await file.sync();
        await syncFolder(dir);
        const back = new Bun.CryptoHasher('sha256');
        for await (const piece of deciphered(file, key)) back.update(piece);
        const sha256 = hash.digest('hex');
        if (back.digest('hex') !== sha256) throw damaged(id);
        return sha256;
      } catch (error) {
        remove(id);
        throw error;
      } finally {
        await file.close();
      }
    },

    read,

    spool: async (id, key, sha256, name) => {
      const folder = join(spools, id);
      const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const removeSpool = () => rmSync(folder, { recursive: true, force: true });
      try {
        const file = await open(path, 'w', 0o600);
        try {
          for await (const piece of read(id, key, sha256)) await file.writeFile(piece);
        } finally {
          await file.close();
        }
        return { path, remove: removeSpool };
      } catch (error) {
        removeSpool();
        throw error;
      }
    },

    remove,
    list: () => readdirSync(dir).filter((name) => name !== SPOOL),
  };
};
