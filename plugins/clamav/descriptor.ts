import { dlopen, FFIType, ptr, read } from 'bun:ffi';
import { endianness } from 'node:os';

/** Sends `fd` with the FILDES command over the Unix socket `socket`; `busy` means that the kernel takes it later, `bad` that `fd` is not open. */
export type SendDescriptor = (socket: number, fd: number) => 'sent' | 'busy' | 'bad' | 'lost';

const LIBC = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];

const open = (name: string) =>
  dlopen(name, {
    sendmsg: { args: [FFIType.i32, FFIType.ptr, FFIType.i32], returns: FFIType.i64_fast },
    __errno_location: { args: [], returns: FFIType.ptr },
  });

const openLibc = () => {
  for (const name of LIBC) {
    try {
      return open(name);
    } catch {
      // Another C library, then.
    }
  }
  return undefined;
};

const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const EINTR = 4;
const EBADF = 9;
const EAGAIN = 11;
const ENOBUFS = 105;
const ETOOMANYREFS = 109;

/**
 * What passes descriptors, with one set of buffers for all files; undefined where the C library or the layout of `struct msghdr`
 * (64-bit little-endian Linux) is another.
 */
export const openDescriptors = (): SendDescriptor | undefined => {
  if (process.platform !== 'linux' || endianness() !== 'LE' || !['x64', 'arm64'].includes(process.arch))
    return undefined;
  const libc = openLibc();
  if (!libc) return undefined;
  const { sendmsg, __errno_location: errno } = libc.symbols;

  // The byte after the command is the one that clamd wants with the descriptor; sent as one message, no reply can fall between.
  const command = Buffer.from('zFILDES\0\0');
  const control = new DataView(new ArrayBuffer(24));
  control.setBigUint64(0, 20n, true); // cmsg_len
  control.setInt32(8, 1, true); // SOL_SOCKET
  control.setInt32(12, 1, true); // SCM_RIGHTS
  const vector = new BigUint64Array([BigInt(ptr(command)), BigInt(command.length)]);
  const header = new BigUint64Array(7);
  header[2] = BigInt(ptr(vector)); // msg_iov
  header[3] = 1n; // msg_iovlen
  header[4] = BigInt(ptr(control)); // msg_control
  header[5] = 24n; // msg_controllen
  // The kernel reads these by address: the closure keeps them where they are.
  const kept = { command, control, vector, header };

  return (socket, fd) => {
    kept.control.setInt32(16, fd, true);
    const sent = Number(sendmsg(socket, ptr(kept.header), MSG_DONTWAIT | MSG_NOSIGNAL));
    if (sent === kept.command.length) return 'sent';
    const location = errno();
    const code = sent < 0 && location !== null ? read.i32(location, 0) : 0;
    if (code === EBADF) return 'bad';
    return [EINTR, EAGAIN, ENOBUFS, ETOOMANYREFS].includes(code) ? 'busy' : 'lost';
  };
};
