import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { EngineState } from '../core/engine';
import { type EngineConfig, loadEngines } from '../engines/load';
import type { Outcome } from './host';
import type { HostSetup } from './messages';
import { type PackedJobs, packOutcomes } from './packed';
import { workerPath } from './paths';
import { createProgress, type Progress } from './progress';
import type { Task, ThreadData } from './worker';

/** How long an ended thread may take to be gone before its process is given up: native code cannot be interrupted. Milliseconds. */
const THREAD_END = 5_000;
const WATCH = 250;

export interface Pool {
  /** The outcomes, packed. */
  inspect: (jobs: PackedJobs) => Promise<string>;
  describe: () => Promise<EngineState[]>;
  close: () => Promise<void>;
}

/** Does each engine's shared work once, before the threads start. A failure is kept with its reason: the engine's answers will say it. */
const prepare = async (config: EngineConfig): Promise<ThreadData['prepared']> => {
  const prepared: ThreadData['prepared'] = {};
  for (const { engine, options } of await loadEngines(config)) {
    const log = { debug: () => {}, info: (m: string) => console.error(m), warn: (m: string) => console.error(m) };
    try {
      prepared[engine.id] = { value: await engine.prepare?.(options, { log }) };
    } catch (error) {
      prepared[engine.id] = { reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return prepared;
};

const ended = (thread: Worker): Promise<void> => new Promise((resolve) => thread.once('exit', () => resolve()));

/** The worker threads of an engine host, watched: one that does not come back in time is ended. */
export const createPool = async ({ config, threads, grace }: HostSetup): Promise<Pool> => {
  const workerData: ThreadData = { config, prepared: await prepare(config) };
  const piscina = new Piscina({
    filename: workerPath(),
    workerData,
    minThreads: 0,
    maxThreads: threads,
    concurrentTasksPerWorker: 2,
    idleTimeout: 30_000,
    // Between tasks a thread must not sleep in Atomics: its engines' sockets would stand still.
    atomics: 'disabled',
  });

  /** The first file of a group that is over its time, if any. */
  const overdue = (jobs: PackedJobs['brief'], progress: Progress): number => {
    const now = Date.now();
    return jobs.findIndex((job, index) => {
      const begun = progress.begunAt(index);
      return begun !== undefined && now - begun > job.timeout + grace;
    });
  };

  /** Threads that were ended because of a file: what else they were doing is not to blame. */
  const endedThreads = new Set<number>();

  /** Ends the thread of a group and settles when it is gone, so that no file is given out while an old thread still has it. */
  const endThread = async (progress: Progress): Promise<void> => {
    const thread = piscina.threads.find(({ threadId }) => threadId === progress.thread());
    if (thread === undefined) return;
    endedThreads.add(progress.thread());
    const gone = ended(thread);
    void thread.terminate();
    const result = await Promise.race([gone, Bun.sleep(THREAD_END).then(() => 'stuck')]);
    // Native code that never returns: only the end of the process ends it. The daemon sees that and starts another.
    if (result === 'stuck') process.kill(process.pid, 'SIGKILL');
  };

  /** The pool starts a thread when a task comes, but not when its last thread is lost while others wait. */
  const keepGoing = () => {
    if (piscina.queueSize > 0 && piscina.threads.length === 0) describe().catch(() => {});
  };

  const describe = async () => (await piscina.run({ kind: 'describe' } satisfies Task)) as EngineState[];

  return {
    inspect: async ({ brief, text }) => {
      const progress = createProgress(brief.length);
      let hung = -1;
      let ending: Promise<void> | undefined;
      const watch = setInterval(() => {
        if (ending !== undefined) return;
        hung = overdue(brief, progress);
        if (hung >= 0) ending = endThread(progress);
      }, WATCH);
      try {
        // Without an abort signal: piscina gives a thread no second task beside one that can be aborted.
        const task: Task = { kind: 'inspect', jobs: text, progress: progress.shared };
        return (await piscina.run(task)) as string;
      } catch (error) {
        await ending;
        keepGoing();
        const wasEnded = endedThreads.has(progress.thread());
        const outcomes = brief.map(({ id, timeout }, index): Outcome => {
          if (index === hung)
            return {
              id,
              lost: 'hung',
              reason: `no answer ${timeout + grace} ms after it was begun; its thread was ended`,
            };
          // The thread ended by itself: each file that it had begun may be why.
          if (!wasEnded && progress.begunAt(index) !== undefined) {
            return {
              id,
              lost: 'crashed',
              reason: `its thread ended: ${error instanceof Error ? error.message : error}`,
            };
          }
          return { id, lost: 'notBegun', reason: 'a neighbour ended the thread' };
        });
        return packOutcomes(outcomes);
      } finally {
        clearInterval(watch);
      }
    },
    describe,
    close: () => piscina.destroy(),
  };
};
