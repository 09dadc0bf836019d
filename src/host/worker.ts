import { threadId, workerData } from 'node:worker_threads';
import { createBuffers } from '../content/buffers';
import { createIdentify } from '../content/identify';
import { createScratch } from '../content/scratch';
import type { EngineState } from '../core/engine';
import { type Asked, definitionsOf } from '../engines/ask';
import type { OpenEngine } from '../engines/contract';
import { type EngineConfig, loadEngines } from '../engines/load';
import type { Job, Outcome } from './host';
import { inspect } from './inspect';
import type { Ready } from './look';
import { packOutcomes, unpackJobs } from './packed';
import { privateDir } from './paths';
import { createProgress } from './progress';
import { sanitizeCopy } from './sanitize-copy';

/** What a thread of the pool is given when it starts. */
export interface ThreadData {
  config: EngineConfig;
  /** What each engine prepared, by id; or why it could not. */
  prepared: { [id: string]: { value: unknown } | { reason: string } };
}

export type Task = { kind: 'inspect'; jobs: string; progress: SharedArrayBuffer } | { kind: 'describe' };

/** Files that a thread looks into at once: while one waits for an engine's answer, another is hashed. */
const AT_ONCE = 4;

const { config, prepared } = workerData as ThreadData;
const identify = createIdentify();
const scratch = createScratch(privateDir());
const buffers = createBuffers();
const ending = new AbortController();

/** An engine that could not be prepared or opened still answers: that it failed, and why. */
const unavailable = (reason: string): OpenEngine => ({
  definitions: async () => {
    throw new Error(reason);
  },
  scan: async () => ({ status: 'failed', reason, retry: true }),
  close: async () => {},
});

const logOf = (id: string) => {
  const write = (level: string) => (message: string) =>
    process.stderr.write(`${JSON.stringify({ level, engine: id, msg: message })}\n`);
  return { debug: () => {}, info: write('info'), warn: write('warn') };
};

const openEngines = async (): Promise<Asked[]> => {
  const configured = await loadEngines(config);
  return Promise.all(
    configured.map(async ({ engine, options }) => {
      const ready = prepared[engine.id];
      const settings = Bun.hash(JSON.stringify(options)).toString(36);
      if (ready !== undefined && 'reason' in ready) return { engine, settings, open: unavailable(ready.reason) };
      try {
        const open = await engine.open(options, {
          log: logOf(engine.id),
          signal: ending.signal,
          prepared: ready?.value,
        });
        return { engine, settings, open };
      } catch (error) {
        return { engine, settings, open: unavailable(error instanceof Error ? error.message : String(error)) };
      }
    }),
  );
};

const engines = openEngines();

const describe = async (): Promise<EngineState[]> =>
  Promise.all(
    (await engines).map(async (asked) => {
      const { definitions, reason } = await definitionsOf(asked);
      const { id, name, finds } = asked.engine;
      const { settings } = asked;
      return { id, name, finds, definitions, settings, reason, state: definitions === undefined ? 'failing' : 'ready' };
    }),
  );

const inspectGroup = async (text: string, shared: SharedArrayBuffer): Promise<string> => {
  const jobs = unpackJobs(text);
  const progress = createProgress(jobs.length, shared);
  progress.setThread(threadId);
  const ready: Ready[] = await Promise.all(
    (await engines).map(async (asked) => ({ ...asked, definitions: (await definitionsOf(asked)).definitions })),
  );
  const outcomes: Outcome[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index] as Job;
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), job.timeout);
      progress.begin(index, Date.now());
      const { signal } = limit;
      const inspection =
        job.sanitize === undefined
          ? await inspect(job, { engines: ready, identify, scratch, buffers, signal })
          : await sanitizeCopy(job.place, job.sanitize, identify, signal);
      outcomes.push({ id: job.id, ...inspection });
      progress.end(index);
      clearTimeout(timer);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, jobs.length) }, lane));
  return packOutcomes(outcomes);
};

/** The thread's only entry: piscina calls it for each task. */
export default async (task: Task): Promise<string | EngineState[]> =>
  task.kind === 'describe' ? describe() : inspectGroup(task.jobs, task.progress);
