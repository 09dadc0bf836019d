import { mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Private files on the way to somewhere else, each in a folder of its own. */
export interface Spool {
  /** The path of a file that is not there yet. @param name its name, without a folder; @param id names its folder */
  pathOf: (id: string, name: Uint8Array) => Buffer;
  /** Keeps content in a new file. */
  write: (path: Buffer, content: AsyncIterable<Uint8Array>) => Promise<void>;
  read: (path: Buffer) => AsyncIterable<Uint8Array>;
  /** Removes what is in a folder, and the folder. */
  remove: (id: string) => void;
}

const PIECE = 1024 * 1024;

async function* read(path: Buffer): AsyncGenerator<Uint8Array, void> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE), 0, PIECE);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** @param dir made when it is missing; what an earlier start left there is removed */
export const openSpool = (dir: string): Spool => {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return {
    pathOf: (id, name) => {
      mkdirSync(join(dir, id), { recursive: true, mode: 0o700 });
      return Buffer.concat([Buffer.from(`${join(dir, id)}/`), name]);
    },
    write: async (path, content) => {
      const file = await open(path, 'wx', 0o600);
      try {
        for await (const piece of content) await file.writeFile(piece);
      } finally {
        await file.close();
      }
    },
    read,
    remove: (id) => rmSync(join(dir, id), { recursive: true, force: true }),
  };
};
