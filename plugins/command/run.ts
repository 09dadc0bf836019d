/** What to run; never through a shell. */
export interface Run {
  argv: string[];
  env: Record<string, string>;
  /** A descriptor that the child reads as its standard input. */
  stdin?: number;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
}

/** How it ended. Output is the first 64 KiB. */
export type Ended =
  | { how: 'exited'; code: number; stdout: string; stderr: string }
  | { how: 'killed'; signal: string }
  | { how: 'timeout' | 'cancelled' }
  | { how: 'unstarted'; why: string };

const KEPT = 64 * 1024;
/** How long a child may take over its SIGTERM. */
const GRACE = 500;
/** How long the output may stay open once the child has ended: someone it started may hold it. */
const LINGER = 1_000;

/** Reads to the end, so that the child never waits for us, and keeps the beginning. */
const collect = (stream: ReadableStream<Uint8Array>) => {
  const kept: Uint8Array[] = [];
  let room = KEPT;
  const reader = stream.getReader();
  const all = (async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (room <= 0) continue;
      kept.push(piece.value.slice(0, room));
      room -= piece.value.length;
    }
  })().catch(() => {});
  return { all, text: () => Buffer.concat(kept).toString(), cancel: () => reader.cancel().catch(() => {}) };
};

const killGroup = (pid: number, signal: NodeJS.Signals) => {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
};

/** Runs a command as the leader of a process group of its own, and leaves nothing of that group behind. */
export const run = async ({ argv, env, stdin, timeout, signal }: Run): Promise<Ended> => {
  if (signal?.aborted) return { how: 'cancelled' };
  const start = () => Bun.spawn(argv, { stdio: [stdin ?? 'ignore', 'pipe', 'pipe'], env, detached: true, cwd: '/' });
  let child: ReturnType<typeof start>;
  try {
    child = start();
  } catch (error) {
    return { how: 'unstarted', why: error instanceof Error ? error.message : String(error) };
  }

  let ended: 'timeout' | 'cancelled' | undefined;
  let grace: Timer | undefined;
  const end = (why: 'timeout' | 'cancelled') => {
    ended ??= why;
    killGroup(child.pid, 'SIGTERM');
    grace ??= setTimeout(() => killGroup(child.pid, 'SIGKILL'), GRACE);
  };
  const cancel = () => end('cancelled');
  const limit = setTimeout(() => end('timeout'), timeout);
  signal?.addEventListener('abort', cancel, { once: true });

  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  await child.exited;
  clearTimeout(limit);
  clearTimeout(grace);
  signal?.removeEventListener('abort', cancel);
  killGroup(child.pid, 'SIGKILL');

  let linger: Timer | undefined;
  await Promise.race([
    Promise.all([stdout.all, stderr.all]),
    new Promise((resolve) => {
      linger = setTimeout(resolve, LINGER);
    }),
  ]);
  clearTimeout(linger);
  stdout.cancel();
  stderr.cancel();

  if (ended) return { how: ended };
  if (child.signalCode) return { how: 'killed', signal: String(child.signalCode) };
  return { how: 'exited', code: child.exitCode ?? -1, stdout: stdout.text(), stderr: stderr.text() };
};
