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

const accessTo = (fd: number, size: number): Pick<EngineFile, 'bytes' | 'stream'> => ({
  bytes: async (start = 0, end = size) => read(fd, start, Math.min(end, size)),
  stream: async function* () {
    for (let at = 0; at < size; at += PIECE) yield read(fd, at, Math.min(at + PIECE, size));
  },
});

/** Opens and hashes a file as the engine host does; disposing closes its descriptor. With `hash: false` the hashes are zeros, for huge files. */
export const openFile = (path: string, { hash = true } = {}): EngineFile & Disposable => {
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  const hashers = [new Bun.CryptoHasher('sha256'), new Bun.CryptoHasher('sha1'), new Bun.CryptoHasher('md5')];
  for (let at = 0; hash && at < size; at += PIECE) {
    const piece = read(fd, at, Math.min(at + PIECE, size));
    for (const hasher of hashers) hasher.update(piece);
  }
  const [sha256 = '', sha1 = '', md5 = ''] = hashers.map((hasher) => {
    const digest = hasher.digest('hex');
    return hash ? digest : '0'.repeat(digest.length);
  });
  const close = () => closeSync(fd);
  return {
    path,
    fd,
    size,
    sha256,
    sha1,
    md5,
    type: 'application/octet-stream',
    ...accessTo(fd, size),
    [Symbol.dispose]: close,
  };
};

/** A file that was hashed but whose descriptor no longer works: every read of it fails with EBADF. */
export const unreadable = (file: EngineFile, size = file.size): EngineFile => {
  const fd = 1_048_575; // above any limit of open files here, so that no other file takes its number
  return { ...file, fd, size, ...accessTo(fd, size) };
};
