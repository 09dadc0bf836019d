import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { EngineFile } from '../../src/engines/contract';

const PIECE = 1024 * 1024;

const read = (fd: number, start: number, end: number): Uint8Array => {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
};

const accessTo = (fd: number, size: number): Pick<EngineFile, 'bytes' | 'stream' | 'text'> => ({
  bytes: async (start = 0, end = size) => read(fd, start, Math.min(end, size)),
  stream: async function* () {
    for (let at = 0; at < size; at += PIECE) yield read(fd, at, Math.min(at + PIECE, size));
  },
  text: async function* () {
    for (let at = 0; at < size; at += PIECE)
      yield Buffer.from(read(fd, at, Math.min(at + PIECE, size))).toString('latin1');
  },
});

const hash = (fd: number, size: number) => {
  const hashers = [new Bun.CryptoHasher('sha256'), new Bun.CryptoHasher('sha1'), new Bun.CryptoHasher('md5')];
  for (let at = 0; at < size; at += PIECE) {
    const piece = read(fd, at, Math.min(at + PIECE, size));
    for (const hasher of hashers) hasher.update(piece);
  }
  const [sha256 = '', sha1 = '', md5 = ''] = hashers.map((hasher) => hasher.digest('hex'));
  return { sha256, sha1, md5 };
};

/** Opens a file as the engine host does, but hashes it only when an engine asks; disposing closes its descriptor. */
export const openFile = (path: string): EngineFile & Disposable => {
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  let hashes: ReturnType<typeof hash> | undefined;
  const hashed = () => {
    hashes ??= hash(fd, size);
    return hashes;
  };
  return {
    path,
    fd,
    inMemory: false,
    size,
    type: 'application/octet-stream',
    ...accessTo(fd, size),
    get sha256() {
      return hashed().sha256;
    },
    get sha1() {
      return hashed().sha1;
    },
    get md5() {
      return hashed().md5;
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
};

/** A file that was hashed but whose descriptor no longer works: every read of it fails with EBADF. */
export const unreadable = (file: EngineFile, size = file.size): EngineFile => {
  const fd = 1_048_575; // above any limit of open files here, so that no other file takes its number
  return { ...file, fd, size, ...accessTo(fd, size) };
};
