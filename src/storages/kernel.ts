import { FFIType, ptr, read } from 'bun:ffi';
import { constants } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { openLibc } from '../core/libc';

/** A name in an open folder: neither a path nor text, but the bytes that the kernel knows it by. */
export type Name = Uint8Array;

/** System calls that name a file by its open folder (openat(2) and its like), which Node and Bun do not have. They throw errors with a `code`. */
export interface Kernel {
  /** Opens what is in a folder; never a link. @param flags as open(2) has them, O_NOFOLLOW and O_CLOEXEC are added */
  open: (folder: number, name: Name, flags: number, mode?: number) => number;
  mkdir: (folder: number, name: Name) => void;
  /** Takes a name away; `folder` takes away an empty folder instead. */
  unlink: (folder: number, name: Name, what: 'file' | 'folder') => void;
  /** Gives a file another name that nothing has. @throws EEXIST when something has it */
  rename: (from: number, name: Name, to: number, newName: Name) => void;
  /** Seconds and nanoseconds are one number of nanoseconds. */
  setTimes: (fd: number, accessed: bigint, modified: bigint) => void;
  /** Undefined where the file has no such attribute, or the file system has none. */
  getAttribute: (fd: number, name: string) => Uint8Array | undefined;
  setAttribute: (fd: number, name: string, value: Uint8Array) => void;
  listAttributes: (fd: number) => string[];
  /** Whether anybody has a file open to write to it; false where the file system does not say. @param fd open to read */
  isWritten: (fd: number) => boolean;
}

const { i32, u32, u64, ptr: pointer, i64_fast } = FFIType;

const FUNCTIONS = {
  openat: { args: [i32, pointer, i32, u32], returns: i32 },
  mkdirat: { args: [i32, pointer, u32], returns: i32 },
  unlinkat: { args: [i32, pointer, i32], returns: i32 },
  renameat2: { args: [i32, pointer, i32, pointer, u32], returns: i32 },
  linkat: { args: [i32, pointer, i32, pointer, i32], returns: i32 },
  futimens: { args: [i32, pointer], returns: i32 },
  fgetxattr: { args: [i32, pointer, pointer, u64], returns: i64_fast },
  fsetxattr: { args: [i32, pointer, pointer, u64, i32], returns: i32 },
  fcntl: { args: [i32, i32, i32], returns: i32 },
  flistxattr: { args: [i32, pointer, u64], returns: i64_fast },
  __errno_location: { args: [], returns: pointer },
} as const;

const O_CLOEXEC = 0o2000000;
const AT_REMOVEDIR = 0x200;
const RENAME_NOREPLACE = 1;
// Leases (fcntl(2)): that for reading is refused while a file is open for writing.
const F_SETSIG = 10;
const F_SETLEASE = 1024;
const F_RDLCK = 0;
const F_UNLCK = 2;
const SECOND = 1_000_000_000n;
/** The most that extended attributes may hold (xattr(7)). Bytes. */
const XATTR_MOST = 65_536;

const zeroed = (name: Name): Buffer => {
  if (name.length === 0 || name.includes(0)) throw new Error('a name is neither empty nor holds a NUL');
  return Buffer.concat([name, Buffer.of(0)]);
};

const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes(String((error as { code?: unknown }).code));

/** Opens the C library once, for all storages. */
export const openKernel = (): Kernel => {
  const libc = openLibc(FUNCTIONS);

  const failure = (call: string): Error => {
    const location = libc.__errno_location();
    const code = getSystemErrorName(-(location === null ? 0 : read.i32(location, 0)));
    return Object.assign(new Error(`${call}: ${code}`), { code });
  };
  const check = (result: number | bigint, call: string): number => {
    if (result < 0) throw failure(call);
    return Number(result);
  };

  /** What file systems without RENAME_NOREPLACE (NFS) do as well: a second name, which is refused where something has it, then the first one away. */
  const linkOver = (from: number, name: Buffer, to: number, newName: Buffer): void => {
    check(libc.linkat(from, ptr(name), to, ptr(newName), 0), 'linkat');
    check(libc.unlinkat(from, ptr(name), 0), 'unlinkat');
  };

  return {
    open: (folder, name, flags, mode = 0) =>
      check(libc.openat(folder, ptr(zeroed(name)), flags | constants.O_NOFOLLOW | O_CLOEXEC, mode), 'openat'),

    mkdir: (folder, name) => {
      check(libc.mkdirat(folder, ptr(zeroed(name)), 0o777), 'mkdirat');
    },

    unlink: (folder, name, what) => {
      check(libc.unlinkat(folder, ptr(zeroed(name)), what === 'folder' ? AT_REMOVEDIR : 0), 'unlinkat');
    },

    rename: (from, name, to, newName) => {
      const names = [zeroed(name), zeroed(newName)] as const;
      try {
        check(libc.renameat2(from, ptr(names[0]), to, ptr(names[1]), RENAME_NOREPLACE), 'renameat2');
      } catch (error) {
        if (!isCode(error, 'EINVAL', 'ENOSYS')) throw error;
        linkOver(from, names[0], to, names[1]);
      }
    },

    setTimes: (fd, accessed, modified) => {
      const times = BigInt64Array.of(accessed / SECOND, accessed % SECOND, modified / SECOND, modified % SECOND);
      check(libc.futimens(fd, ptr(times)), 'futimens');
    },

    getAttribute: (fd, name) => {
      const value = new Uint8Array(XATTR_MOST);
      try {
        const attribute = Buffer.from(`${name}\0`);
        return value.slice(0, check(libc.fgetxattr(fd, ptr(attribute), ptr(value), value.length), 'fgetxattr'));
      } catch (error) {
        if (isCode(error, 'ENODATA', 'ENOTSUP', 'EOPNOTSUPP')) return undefined;
        throw error;
      }
    },

    setAttribute: (fd, name, value) => {
      const attribute = Buffer.from(`${name}\0`);
      const bytes = Buffer.concat([value, Buffer.of(0)]);
      check(libc.fsetxattr(fd, ptr(attribute), ptr(bytes), value.length, 0), 'fsetxattr');
    },

    isWritten: (fd) => {
      try {
        // Whoever opens it in this moment has the kernel tell us by a signal: one that is ignored, and not SIGIO, which ends a process.
        check(libc.fcntl(fd, F_SETSIG, osConstants.signals.SIGURG), 'fcntl');
        check(libc.fcntl(fd, F_SETLEASE, F_RDLCK), 'fcntl');
      } catch (error) {
        return isCode(error, 'EAGAIN');
      }
      libc.fcntl(fd, F_SETLEASE, F_UNLCK);
      return false;
    },

    listAttributes: (fd) => {
      const names = Buffer.alloc(XATTR_MOST);
      try {
        const length = check(libc.flistxattr(fd, ptr(names), names.length), 'flistxattr');
        return names.subarray(0, length).toString().split('\0').filter(Boolean);
      } catch (error) {
        if (isCode(error, 'ENOTSUP', 'EOPNOTSUPP')) return [];
        throw error;
      }
    },
  };
};
