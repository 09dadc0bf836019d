import { threadId, workerData } from 'node:worker_threads';
import { createBuffers } from '../content/buffers';
import { createIdentify } from '../content/identify';
import { createScratch } from '../content/scratch';
import type { EngineState } from '../core/engine';
import { type Asked, definitionsOf } from '../engines/ask';
import type { OpenEngine } from '../engines/contract';
import { type EngineConfig, loadEngines, settingsOf } from '../engines/load';
import { patiently } from '../engines/patience';
import type { Job, Outcome } from './host';
import { inspect } from './inspect';
import type { Ready } from './look';
import { packOutcomes, unpackJobs } from './packed';
import { privateDir } from './paths';
import { createProgress, type Progress } from './progress';
import { sanitizeCopy } from './sanitize-copy';

/** What a thread of the pool is given when it starts. */
export interface ThreadData {
  config: EngineConfig;
  /** How long an engine may take to open, and to say what its definitions are. Milliseconds. */
  patience: number;
  /** What each engine prepared, by id; or why it could not. */
  prepared: { [id: string]: { value: unknown } | { reason: string } };
}

export type Task = { progress: SharedArrayBuffer } & ({ kind: 'inspect'; jobs: string } | { kind: 'describe' });

/** Files that a thread looks into at once: while one waits for an engine's answer, another is hashed. */
const AT_ONCE = 4;
/** Outcomes of many thousand members. Characters. */
const LARGE = 8_000_000;

const { config, patience, prepared } = workerData as ThreadData;
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
      const settings = settingsOf(options);
      if (ready !== undefined && 'reason' in ready) return { engine, settings, open: unavailable(ready.reason) };
      try {
        const context = { log: logOf(engine.id), signal: ending.signal, prepared: ready?.value };
        const open = await patiently(() => engine.open(options, context), patience, 'it did not open')();
        const definitions = patiently(() => open.definitions(), patience, 'it did not say what its definitions are');
        const { scan, close } = { scan: open.scan.bind(open), close: open.close.bind(open) };
        return { engine, settings, open: { definitions, scan, close } };
      } catch (error) {
        return { engine, settings, open: unavailable(error instanceof Error ? error.message : String(error)) };
      }
    }),
  );
};

let engines: Promise<Asked[]> | undefined;

/** Opens them with the first task, so that the pool can tell when one of them ends the thread, or holds it up. */
const opening = async (progress: Progress): Promise<Asked[]> => {
  progress.setThread(threadId);
  progress.prepare(Date.now());
  engines ??= openEngines();
  const opened = await engines;
  progress.opened();
  return opened;
};

const describe = async (progress: Progress): Promise<EngineState[]> => {
  const opened = await opening(progress);
  return Promise.all(
    opened.map(async (asked) => {
      const { definitions, reason } = await definitionsOf(asked);
      const { id, name, finds } = asked.engine;
      const { settings } = asked;
      return { id, name, finds, definitions, settings, reason, state: definitions === undefined ? 'failing' : 'ready' };
    }),
  );
};

const inspectGroup = async (jobs: Job[], progress: Progress): Promise<string> => {
  const opened = await opening(progress);
  const ready: Ready[] = await Promise.all(
    opened.map(async (asked) => ({ ...asked, definitions: (await definitionsOf(asked)).definitions })),
  );
  progress.prepared();
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
  const text = packOutcomes(outcomes.splice(0));
  // What it was made of would lie beside the copies of it that are made on its way.
  if (text.length > LARGE) Bun.gc(true);
  return text;
};

/** The thread's only entry: piscina calls it for each task. */
export default async (task: Task): Promise<string | EngineState[]> => {
  if (task.kind === 'describe') return describe(createProgress(0, task.progress));
  const jobs = unpackJobs(task.jobs);
  return inspectGroup(jobs, createProgress(jobs.length, task.progress));
};
