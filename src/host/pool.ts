import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { EngineState } from '../core/engine';
import { type EngineConfig, loadEngines, settingsOf } from '../engines/load';
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
  /** What could not be prepared, and why. */
  failing: { engine: string; reason: string }[];
  close: () => Promise<void>;
}

/** How a task was lost with its thread: by which of its files (-1 for none), by its engines before it began any, or by itself. */
interface Loss {
  hung: number;
  heldUp: boolean;
  wasEnded: boolean;
  message: string;
}

/** Does each engine's shared work once, before the threads start. A failure is kept with its reason: the engine's answers will say it. */
const prepare = async (config: EngineConfig): Promise<ThreadData['prepared']> => {
  const prepared: ThreadData['prepared'] = {};
  for (const { engine, options } of await loadEngines(config)) {
    const log = { debug: () => {}, info: (m: string) => console.error(m), warn: (m: string) => console.error(m) };
    try {
      // It must reach the threads: what cannot would keep each of them from starting.
      prepared[engine.id] = { value: structuredClone(await engine.prepare?.(options, { log })) };
    } catch (error) {
      prepared[engine.id] = { reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return prepared;
};

const ended = (thread: Worker): Promise<void> => new Promise((resolve) => thread.once('exit', () => resolve()));

/** The worker threads of an engine host, watched: one that does not come back in time is ended. */
export const createPool = async ({ config, threads, grace, patience }: HostSetup): Promise<Pool> => {
  const workerData: ThreadData = { config, patience, prepared: await prepare(config) };
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

  /** The tasks that are not done, with how many files each has. */
  const running = new Map<Progress, number>();

  /** A file of another task may keep the thread to itself for as long as its own time allows. */
  const isBusy = (progress: Progress): boolean =>
    [...running].some(
      ([other, files]) =>
        other !== progress &&
        other.thread() === progress.thread() &&
        Array.from({ length: files }).some((_, index) => other.begunAt(index) !== undefined),
    );

  /**
   * An engine holds the thread up before it begins a file: it has had its time to open, and to say what it knows.
   * @param free since when no other task has a file in the thread
   */
  const isHeldUp = (progress: Progress, free: number): boolean => {
    const since = progress.preparingSince();
    return since !== undefined && Date.now() - Math.max(since, free) > 2 * patience + grace;
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

  /** Runs a task under watch. */
  const watched = async <T>(
    task: Task,
    progress: Progress,
    brief: PackedJobs['brief'],
  ): Promise<{ done: T } | Loss> => {
    let hung = -1;
    let heldUp = false;
    let free = 0;
    let ending: Promise<void> | undefined;
    running.set(progress, brief.length);
    const watch = setInterval(() => {
      if (ending !== undefined) return;
      if (isBusy(progress)) free = Date.now();
      hung = overdue(brief, progress);
      heldUp = isHeldUp(progress, free);
      if (hung >= 0 || heldUp) ending = endThread(progress);
    }, WATCH);
    try {
      // Without an abort signal: piscina gives a thread no second task beside one that can be aborted.
      return { done: (await piscina.run(task)) as T };
    } catch (error) {
      await ending;
      keepGoing();
      const wasEnded = endedThreads.has(progress.thread());
      return { hung, heldUp, wasEnded, message: error instanceof Error ? error.message : String(error) };
    } finally {
      clearInterval(watch);
      running.delete(progress);
    }
  };

  /** Why a thread was lost before it began: by its engines, and not by a neighbour. */
  const lostAtStart = ({ heldUp, wasEnded, message }: Loss, progress: Progress): string | undefined => {
    if (heldUp) return 'an engine kept its thread from beginning, which was ended';
    if (wasEnded || progress.thread() === 0 || progress.isOpened()) return undefined;
    return `its thread ended while the engines were opened: ${message}`;
  };

  /** The pool starts a thread when a task comes, but not when its last thread is lost while others wait. */
  const keepGoing = () => {
    if (piscina.queueSize > 0 && piscina.threads.length === 0) void describe();
  };

  const describe = async (): Promise<EngineState[]> => {
    const progress = createProgress(0);
    const task: Task = { kind: 'describe', progress: progress.shared };
    const described = await watched<EngineState[]>(task, progress, []);
    if ('done' in described) return described.done;
    // For a neighbour's sake: that says nothing of the engines.
    if (described.wasEnded && !described.heldUp) return describe();
    const reason = lostAtStart(described, progress) ?? `its thread ended: ${described.message}`;
    return (await loadEngines(config)).map(({ engine: { id, name, finds }, options }) => ({
      id,
      name,
      finds,
      settings: settingsOf(options),
      reason,
      state: 'failing',
    }));
  };

  return {
    inspect: async ({ brief, text }) => {
      const progress = createProgress(brief.length);
      const task: Task = { kind: 'inspect', jobs: text, progress: progress.shared };
      const inspected = await watched<string>(task, progress, brief);
      if ('done' in inspected) return inspected.done;
      const { hung, heldUp, wasEnded, message } = inspected;
      const atStart = lostAtStart(inspected, progress);
      const outcomes = brief.map(({ id, timeout }, index): Outcome => {
        // Else every thread would be lost so, and no file would ever be looked into.
        if (atStart !== undefined) return { id, lost: heldUp ? 'hung' : 'crashed', reason: atStart };
        if (index === hung) {
          return {
            id,
            lost: 'hung',
            reason: `no answer ${timeout + grace} ms after it was begun; its thread was ended`,
          };
        }
        // The thread ended by itself: each file that it had begun may be why.
        if (!wasEnded && progress.begunAt(index) !== undefined) {
          return { id, lost: 'crashed', reason: `its thread ended: ${message}` };
        }
        return { id, lost: 'notBegun', reason: 'a neighbour ended the thread' };
      });
      return packOutcomes(outcomes);
    },
    describe,
    failing: Object.entries(workerData.prepared).flatMap(([engine, ready]) =>
      'reason' in ready ? { engine, reason: ready.reason } : [],
    ),
    close: () => piscina.destroy(),
  };
};
