import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { EngineState } from '../core/engine';
import { Fault } from '../core/fault';
import type { Log } from '../core/log';
import type { Job, Outcome } from './host';
import type { HostSetup, Reply, Request } from './messages';
import { packJobs, unpackOutcomes } from './packed';
import { selfCommand } from './paths';

/** One engine host process, from its start to its end. */
export interface HostProcess {
  pid: number;
  inspect: (jobs: Job[]) => Promise<Outcome[]>;
  describe: () => Promise<EngineState[]>;
  /** Groups that it is looking into. */
  busy: () => number;
  /** Settles when the process is gone, with why. */
  ended: Promise<string>;
  stop: () => Promise<void>;
}

export interface ProcessOptions {
  setup: HostSetup;
  /** Its private folder: made new, and removed when it ends. */
  dir: string;
  /** The resident memory at which it is ended. Bytes. */
  memoryLimit: number;
  log: Log;
  /** Ends it while it is being started. */
  signal?: AbortSignal;
}

type Lost = Omit<Extract<Outcome, { lost: string }>, 'id'>;

const WATCH_MEMORY = 500;
/** So often it is told that a process is not ready yet. Milliseconds. */
const TELL_SLOW = 30_000;
const PAGE = 4096;

/** Resident memory of a process in bytes: the second field of /proc/PID/statm, in pages (proc(5)). */
export const residentBytes = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE;
  } catch {
    return 0;
  }
};

/** The process ended before it could be asked, and did not say why: it was killed, or crashed. */
export class HostEnded extends Fault {}

/**
 * Starts an engine host and waits until it can be asked.
 * @throws HostEnded (ENGINE_UNAVAILABLE) when it ends before
 * @throws Fault ENGINE_UNAVAILABLE when it cannot use its configuration
 */
export const startProcess = async ({ setup, dir, memoryLimit, log, signal }: ProcessOptions): Promise<HostProcess> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const waiting = new Map<number, { jobs?: Job[]; settle: (answer: Outcome[] | EngineState[]) => void }>();
  let nextId = 1;
  let killedFor: 'memory' | 'stopped' | undefined;
  let gone: string | undefined;
  const ready = Promise.withResolvers<void>();

  const lost = (jobs: Job[] | undefined, how: Lost): Outcome[] => (jobs ?? []).map(({ id }) => ({ id, ...how }));

  const onReply = (reply: Reply) => {
    if (reply.type === 'ready') {
      for (const engine of reply.failing)
        log.warn(engine, 'an engine cannot be used, and files that it is asked about fail');
      ready.resolve();
    } else if (reply.type === 'unusable') ready.reject(new Fault('ENGINE_UNAVAILABLE', reply.reason));
    else {
      waiting.get(reply.id)?.settle(reply.type === 'inspected' ? unpackOutcomes(reply.outcomes) : reply.engines);
      waiting.delete(reply.id);
    }
  };

  const child = Bun.spawn(selfCommand('engine-host'), {
    cwd: dir,
    env: {
      PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      TMPDIR: dir,
      BUN_TMPDIR: dir,
      ASSAY_NATIVE_DIR: dir,
    },
    // What a plugin prints must not get into what a command prints.
    stdio: ['ignore', 2, 2],
    serialization: 'advanced',
    ipc: onReply,
  });

  const memory = setInterval(() => {
    if (residentBytes(child.pid) < memoryLimit || killedFor !== undefined) return;
    killedFor = 'memory';
    child.kill('SIGKILL');
  }, WATCH_MEMORY);

  const ended = child.exited.then(() => {
    clearInterval(memory);
    const how = child.signalCode === null ? `exit code ${child.exitCode}` : `signal ${child.signalCode}`;
    const why = killedFor ?? 'crashed';
    gone = {
      memory: `the engine host needed more than ${memoryLimit} bytes of memory`,
      stopped: 'Assay was stopped',
      crashed: `the engine host ended with ${how}`,
    }[why];
    const reason = gone;
    ready.reject(new HostEnded('ENGINE_UNAVAILABLE', `The engine host did not start: ${how}.`));
    for (const { jobs, settle } of waiting.values()) settle(lost(jobs, { lost: why, reason }));
    waiting.clear();
    rmSync(dir, { recursive: true, force: true });
    return reason;
  });

  const request = <Answer extends Outcome[] | EngineState[]>(
    message: Request & { id: number },
    jobs?: Job[],
  ): Promise<Answer> =>
    new Promise((resolve) => {
      const settle = resolve as (answer: Outcome[] | EngineState[]) => void;
      if (gone !== undefined) return settle(lost(jobs, { lost: 'notBegun', reason: gone }));
      waiting.set(message.id, { jobs, settle });
      try {
        child.send(message);
      } catch {
        // It has just ended: `ended` settles what waits.
      }
    });

  const end = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  const slow = setInterval(
    () =>
      log.warn(
        { pid: child.pid },
        'the engine host is not ready yet: an engine still prepares, as large rule sets may',
      ),
    TELL_SLOW,
  );
  child.send({ type: 'setup', setup } satisfies Request);
  await ready.promise
    .catch(async (error) => {
      killedFor = 'stopped';
      end();
      await ended;
      throw error;
    })
    .finally(() => clearInterval(slow));
  signal?.removeEventListener('abort', end);
  log.debug({ pid: child.pid }, 'engine host is ready');

  return {
    pid: child.pid,
    inspect: (jobs) => request({ type: 'inspect', id: nextId++, jobs: packJobs(jobs) }, jobs),
    describe: () => request({ type: 'describe', id: nextId++ }),
    busy: () => waiting.size,
    ended,
    stop: async () => {
      killedFor ??= 'stopped';
      end();
      await ended;
    },
  };
};
