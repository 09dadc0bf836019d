import type { EngineFile } from '../../src/engines/contract';
import type { SendDescriptor } from './descriptor';
import type { Question } from './session';

/** One command without a file, such as VERSION. */
export const command =
  (name: string): Question =>
  async (wire) => {
    await wire.write(Buffer.from(`z${name}\0`));
  };

/**
 * The file by its descriptor, so that clamd scans exactly the bytes that were hashed. Never `SCAN path`: another file may be at the
 * path by now, and clamd answers "OK" to a symbolic link such as /proc/PID/fd/N without having looked into it.
 */
export const byDescriptor =
  (send: SendDescriptor, file: EngineFile): Question =>
  (wire) => {
    const once = () => {
      const result = send(wire.fd(), file.fd);
      if (result === 'bad') throw new Error('the descriptor of the file is not open');
      if (result === 'lost') wire.lose('clamd takes no descriptor');
      return result === 'busy';
    };
    if (!once()) return;
    return (async () => {
      do await Bun.sleep(1);
      while (wire.wanted() && once());
    })();
  };

const END = new Uint8Array(4);
const COMMAND = Buffer.from('zINSTREAM\0');
/** Up to this many bytes go out as one piece. */
const SMALL = 64 * 1024;

const lengthOf = (bytes: Uint8Array): Uint8Array => {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return length;
};

/** These bytes, as one chunk. */
export const bytesInStream =
  (bytes: Uint8Array): Question =>
  async (wire) => {
    await wire.write(Buffer.concat(bytes.length > 0 ? [COMMAND, lengthOf(bytes), bytes, END] : [COMMAND, END]));
  };

/** The file's bytes in chunks of up to 1 MiB, as the kernel takes them. */
export const inStream =
  (file: EngineFile): Question =>
  async (wire) => {
    if (file.size <= SMALL) return await bytesInStream(await file.bytes())(wire);
    if (!(await wire.write(COMMAND))) return;
    for await (const chunk of file.stream()) {
      if (!(await wire.write(lengthOf(chunk))) || !(await wire.write(chunk))) return;
    }
    await wire.write(END);
  };
