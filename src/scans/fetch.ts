import type { FileHandle } from 'node:fs/promises';
import { Fault, isAway } from '../core/fault';
import type { Place } from '../core/file';
import type { Unread } from '../core/findings';
import type { Backend, Opened } from '../storages/contract';
import type { Spool, Spooled } from './spool';

/** A file that was fetched, with what it was then. */
export interface Fetched extends Spooled {
  identity: string;
  hash?: string;
}

/** How often in a row a broken transfer may be taken up again without a byte more. */
const VAIN_TRIES = 3;

const tooBig = (size: number, limit: number, whose: string): Unread => ({
  why: 'tooBig',
  message: `It has ${size} bytes; ${whose} up to ${limit}.`,
});

const UNREAD: { [code: string]: Unread['why'] } = {
  NOT_FOUND: 'gone',
  FILE_CHANGED: 'changed',
  FORBIDDEN: 'denied',
  NOT_POSSIBLE: 'unreadable',
};

export interface FetchOptions {
  backend: Backend;
  place: Place;
  /** Larger files are not fetched. Bytes. */
  maxFileSize?: number;
  spool: Spool;
  signal: AbortSignal;
}

/** Writes a file's content, of exactly one version; a transfer that breaks is taken up where it broke. */
const write = async (
  file: FileHandle,
  { stream, size, identity }: Opened,
  { backend, place, signal }: FetchOptions,
) => {
  let rest = stream;
  let at = 0;
  for (let vain = 0; ; ) {
    const from = at;
    try {
      for await (const piece of rest) {
        // What is longer than it said would fill the disk.
        if (at + piece.length > size) throw new Fault('FILE_CHANGED', 'It holds more than its size says.');
        for (let done = 0; done < piece.length; ) {
          done += (await file.write(piece, done, piece.length - done, at + done)).bytesWritten;
        }
        at += piece.length;
      }
      if (at >= size) return;
      throw new Fault('FILE_CHANGED', 'It holds less than its size says.');
    } catch (error) {
      signal.throwIfAborted();
      vain = at > from ? 0 : vain + 1;
      if (!isAway(error) || vain >= VAIN_TRIES) throw error;
      if (at >= size) return;
      ({ stream: rest } = await backend.open(place, { start: at, identity }, signal));
    }
  }
};

/**
 * Fetches a file into the spool; what is wrong with the file alone is told as it is of one that cannot be opened.
 * @throws Fault STORAGE_UNREACHABLE, DISK_FULL
 */
export const fetchFile = async (options: FetchOptions): Promise<Fetched | Unread> => {
  const { backend, place, maxFileSize, spool, signal } = options;
  const opening = new AbortController();
  const abort = () => opening.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const opened = await backend.open(place, {}, opening.signal);
    const { size, identity, hash } = opened;
    if (maxFileSize !== undefined && size > maxFileSize)
      return tooBig(size, maxFileSize, 'the workflow looks into files of');
    if (size > spool.limit) return tooBig(size, spool.limit, 'the folder for fetched files (scan.spoolSize) takes');
    const spooled = await spool.add(
      size,
      (file) => write(file, opened, { ...options, signal: opening.signal }),
      signal,
    );
    return { ...spooled, identity, hash };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Fault)) throw error;
    const why = UNREAD[error.code];
    if (why === undefined) throw error;
    return { why, message: error.message };
  } finally {
    signal.removeEventListener('abort', abort);
    // Whatever was not read to its end is closed.
    opening.abort();
  }
};
