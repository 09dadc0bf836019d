import { ptr } from 'bun:ffi';
import { closeSync, writeSync } from 'node:fs';
import { openLibc } from '../core/libc';
import { createLookahead, type Lookahead } from './lookahead';

/** One run of 7-Zip over one container. */
export interface Run {
  /** What it writes; with `joined`, its messages between the members' bytes. */
  output: Lookahead;
  /** The exit code: 0 all went well, 1 with warnings, 2 with errors, 8 out of memory, 255 interrupted; above 128 killed. */
  exited: Promise<number>;
  /** Ends it, waits until it is gone, and frees what it holds. May be called twice. */
  end: () => Promise<void>;
}

export interface RunOptions {
  /** After the command and its switches the container is named. */
  args: string[];
  /** The container: the child gets this descriptor, and opens it anew by /proc/self/fd/3. */
  fd: number;
  /** Read as /proc/self/fd/4. */
  listFile?: number;
  /** Its standard input: a line with the password, when it asks for one. At most `INPUT` bytes. */
  input: string;
  /** Its messages come in its output, exactly between what was written before and after them; else nobody sees them. */
  joined: boolean;
  signal: AbortSignal;
}

export type StartRun = (options: RunOptions) => Run;

const O_CLOEXEC = 0o2000000;
const F_SETFL = 4;
const F_SETOWN = 8;
const F_SETSIG = 10;
const O_ASYNC = 0o20000;
const SIGKILL = 9;
const RLIMIT_FSIZE = 1;
const RLIMIT_CORE = 4;
const RLIMIT_AS = 9;

/** What one run may have of memory; a dictionary that is larger is not unpacked. Bytes. */
export const MEMORY = 1024 ** 3;

/** A pipe holds this much without a reader (pipe(7)). Bytes. */
export const INPUT = 64 * 1024;

/**
 * Makes what starts 7-Zip. Containers are hostile: it has an empty environment, may write no file, and goes when this process goes.
 * @param program the executable
 * @param cwd the folder it runs in
 */
export const createStartRun = (program: string, cwd: string): StartRun => {
  const libc = openLibc({
    pipe2: { args: ['ptr', 'i32'], returns: 'i32' },
    fcntl: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    prlimit: { args: ['i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
  });

  const openPipe = (): { read: number; write: number } => {
    const ends = new Int32Array(2);
    if (libc.pipe2(ptr(ends), O_CLOEXEC) !== 0) throw new Error('There is no pipe for 7-Zip to be had.');
    const [read = -1, write = -1] = ends;
    return { read, write };
  };

  const limit = (pid: number, resource: number, to: number) => {
    const both = BigUint64Array.of(BigInt(to), BigInt(to));
    libc.prlimit(pid, resource, ptr(both), null);
  };

  // The kernel tells the owner of an asynchronous descriptor by a signal when the other end is closed (fcntl(2), F_SETOWN and F_SETSIG):
  // the child holds one end of a pipe into which nobody writes, and is killed when we, who hold the other, are gone.
  const tie = (end: number, pid: number) => {
    libc.fcntl(end, F_SETSIG, SIGKILL);
    libc.fcntl(end, F_SETOWN, pid);
    libc.fcntl(end, F_SETFL, O_ASYNC);
  };

  return ({ args, fd, listFile, input, joined, signal }) => {
    signal.throwIfAborted();
    const [stdin, output, life] = [openPipe(), openPipe(), openPipe()];
    const start = () =>
      Bun.spawn([program, ...args, '--', '/proc/self/fd/3'], {
        cwd,
        env: {},
        stdio: [stdin.read, output.write, joined ? output.write : 'ignore', fd, listFile ?? 'ignore', life.read],
      });
    let child: ReturnType<typeof start>;
    try {
      writeSync(stdin.write, input);
      child = start();
      tie(life.read, child.pid);
      limit(child.pid, RLIMIT_AS, MEMORY);
      limit(child.pid, RLIMIT_FSIZE, 0);
      limit(child.pid, RLIMIT_CORE, 0);
    } catch (error) {
      for (const end of [output.read, life.write]) closeSync(end);
      throw error;
    } finally {
      for (const end of [stdin.read, stdin.write, output.write, life.read]) closeSync(end);
    }

    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    const lookahead = createLookahead(Bun.file(output.read).stream());
    let ended: Promise<void> | undefined;
    const free = async () => {
      kill();
      await child.exited;
      signal.removeEventListener('abort', kill);
      await lookahead.cancel();
      for (const end of [output.read, life.write]) closeSync(end);
    };
    return {
      output: lookahead,
      exited: child.exited,
      end: () => {
        ended ??= free();
        return ended;
      },
    };
  };
};
