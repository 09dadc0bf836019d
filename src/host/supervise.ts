import { join } from 'node:path';
import type { EngineState } from '../core/engine';
import { newId } from '../core/id';
import type { Log } from '../core/log';
import type { Host } from './host';
import type { HostSetup } from './messages';
import { HostEnded, type HostProcess, startProcess } from './process';

export interface HostOptions {
  setup: HostSetup;
  /** A folder in which each process gets a private one. Other hosts may have theirs there, too. */
  dir: string;
  /** Bytes. */
  memoryLimit: number;
  log: Log;
  /** Ends the first process while it is being started. */
  signal?: AbortSignal;
}

/** So often the first process may end before it is ready: one that is killed must not end the daemon, one that cannot start must. */
const FIRST_TRIES = 3;
/** Starts of an engine host that end at once are tried again ever later, up to this. Milliseconds. */
const LONGEST_WAIT = 10_000;

/**
 * Starts the engine host and keeps one running: when its process ends, the files in flight come back as lost and another process is started.
 * @throws Fault ENGINE_UNAVAILABLE when the first one does not start, tried three times unless it says why
 */
export const startHost = async ({ setup, dir, memoryLimit, log, signal }: HostOptions): Promise<Host> => {
  let restarts = 0;
  let stopping = false;
  const stopped = new AbortController();
  const leaving = new Set<HostProcess>();

  const begin = (until?: AbortSignal) =>
    startProcess({ setup, dir: join(dir, `host-${newId()}`), memoryLimit, log, signal: until });

  let current: Promise<HostProcess>;
  let running: HostProcess | undefined;

  const keep = (child: HostProcess) => {
    running = child;
    child.ended.then(async (reason) => {
      if (running !== child) return;
      running = undefined;
      if (stopping) return;
      restarts += 1;
      log.warn({ pid: child.pid, reason }, 'the engine host ended; starting another');
      current = restart();
      current.catch(() => {});
    });
    return child;
  };

  const restart = async (): Promise<HostProcess> => {
    for (let wait = 50; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        return keep(await begin(stopped.signal));
      } catch (error) {
        if (stopping) throw error;
        log.error({ err: error }, 'the engine host does not start');
        await Bun.sleep(wait);
        stopped.signal.throwIfAborted();
      }
    }
  };

  const first = async (): Promise<HostProcess> => {
    for (let tries = 1; ; tries++) {
      try {
        return keep(await begin(signal));
      } catch (error) {
        if (!(error instanceof HostEnded) || tries === FIRST_TRIES || signal?.aborted) throw error;
        log.warn({ err: error }, 'the engine host ended before it was ready; starting it again');
      }
    }
  };

  current = first();
  await current;

  let described: { at: number; engines: Promise<EngineState[]> } | undefined;

  return {
    threads: setup.threads,
    inspect: async (jobs) => (await current).inspect(jobs),
    engines: async () => {
      // Asking opens every engine in a thread that may have been idle; once in a while is enough.
      if (described === undefined || Date.now() - described.at > 5_000) {
        described = { at: Date.now(), engines: current.then((child) => child.describe()) };
      }
      return described.engines;
    },
    reload: async () => {
      const next = await begin();
      const old = running;
      current = Promise.resolve(keep(next));
      described = undefined;
      if (old === undefined) return;
      leaving.add(old);
      const poll = setInterval(() => {
        if (old.busy() > 0) return;
        clearInterval(poll);
        leaving.delete(old);
        void old.stop();
      }, 100);
      void old.ended.then(() => clearInterval(poll));
    },
    restarts: () => restarts,
    pid: () => running?.pid,
    stop: async () => {
      stopping = true;
      stopped.abort();
      await Promise.all([running, ...leaving].map((child) => child?.stop()));
      // One that was being started when we stopped may be up by now.
      await current.then((child) => child.stop()).catch(() => {});
    },
  };
};
