import { closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import type { Place } from '../core/file';
import type { Unread } from '../core/findings';
import { identityOf } from '../storages/identity';

/** One open file, by its descriptor; everything that looks at it looks at the same bytes. */
export interface OpenFile {
  fd: number;
  /** Bytes, when it was opened. */
  size: number;
  /** By which its storage can tell later whether it is still this file, unchanged. */
  identity: string;
  /** True when the file is not what it was when it was opened. */
  hasChanged: () => boolean;
  close: () => void;
}

// Without O_NONBLOCK a FIFO nobody writes to would hold the thread for ever, and without O_NOCTTY a terminal could become ours.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

const kindOf = (stat: { isDirectory(): boolean; isFIFO(): boolean; isSocket(): boolean; isBlockDevice(): boolean }) =>
  stat.isDirectory() ? 'a folder' : stat.isFIFO() ? 'a FIFO' : stat.isSocket() ? 'a socket' : 'a device';

const UNREAD: { [code: string]: Unread } = {
  ENOENT: { why: 'gone', message: 'There is no such file, or not any more.' },
  ENOTDIR: { why: 'gone', message: 'There is no such file, or not any more: a folder of its path is no folder.' },
  ELOOP: { why: 'link', message: 'It is a symbolic link; links are not followed.' },
  EMLINK: { why: 'link', message: 'It is a symbolic link; links are not followed.' },
  ENXIO: { why: 'notRegular', message: 'It is a socket or a device, not a regular file.' },
  EACCES: { why: 'denied', message: 'Assay may not read it: permission denied.' },
  ENAMETOOLONG: { why: 'denied', message: 'Its path is longer than this system takes.' },
  EPERM: { why: 'denied', message: 'Assay may not read it: operation not permitted.' },
};

/** Says in words why a file could not be opened or read. */
export const toUnread = (error: unknown): Unread => {
  const code = (error as { code?: string }).code ?? '';
  return UNREAD[code] ?? { why: 'unreadable', message: `It could not be read: ${code || String(error)}.` };
};

const LED_ELSEWHERE: Unread = {
  why: 'link',
  message: 'A folder on the way to it is a symbolic link now, or it was moved; links are not followed.',
};

/** Whether a descriptor is of the file at this very path: O_NOFOLLOW guards a path's last part alone (proc(5), /proc/pid/fd). */
const isAt = (fd: number, path: Buffer): boolean =>
  readlinkSync(`/proc/self/fd/${fd}`, { encoding: 'buffer' }).equals(path);

/**
 * Opens a regular file without following a link; anything else is told apart, and never read from.
 * @param place its path is absolute and without links, as discovery found it
 */
export const openFile = (place: Place): OpenFile | Unread => {
  const path = Buffer.from(place.raw ?? place.path);
  let fd: number;
  try {
    fd = openSync(path, FLAGS);
  } catch (error) {
    return toUnread(error);
  }
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile()) {
      closeSync(fd);
      return { why: 'notRegular', message: `It is ${kindOf(stat)}, not a regular file.` };
    }
    if (!isAt(fd, path)) {
      closeSync(fd);
      return LED_ELSEWHERE;
    }
    return {
      fd,
      size: Number(stat.size),
      identity: identityOf(stat),
      hasChanged: () => identityOf(fstatSync(fd, { bigint: true })) !== identityOf(stat),
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    return toUnread(error);
  }
};
