import { FFIType, ptr } from 'bun:ffi';
import { openLibc } from '../core/libc';

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;

/**
 * Tells systemd how the service is (sd_notify(3)): "READY=1", "WATCHDOG=1", "STOPPING=1". Nothing happens outside of systemd.
 * The socket's name comes in NOTIFY_SOCKET; a leading @ stands for the abstract namespace's zero byte (unix(7)).
 */
export const createNotify = (env: { [name: string]: string | undefined }): ((state: string) => void) => {
  const name = env.NOTIFY_SOCKET;
  if (name === undefined || name === '') return () => {};
  const libc = openLibc({
    socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
    sendto: {
      args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32, FFIType.ptr, FFIType.u32],
      returns: FFIType.i64,
    },
    close: { args: [FFIType.i32], returns: FFIType.i32 },
  });
  const path = Buffer.from(name);
  if (path[0] === 0x40) path[0] = 0;
  const address = Buffer.concat([
    Buffer.from(new Uint16Array([AF_UNIX]).buffer),
    path,
    Buffer.alloc(path[0] === 0 ? 0 : 1),
  ]);
  return (state) => {
    const message = Buffer.from(state);
    const fd = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
    if (fd < 0) return;
    libc.sendto(fd, ptr(message), message.length, 0, ptr(address), address.length);
    libc.close(fd);
  };
};
