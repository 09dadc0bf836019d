import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowDefinition } from '../src/core/workflow';
import { printedBy } from '../test/e2e/browser';
import { post, startDaemon } from '../test/e2e/daemon';
import { scratch } from './corpus';
import type { Run } from './figures';
import { childrenOf, cpuSeconds, watchMemory, watchOthers } from './measure';

/** Milliseconds: each look costs the daemon a millisecond or two, so the times are taken from the scan itself. */
const POLL = 250;

export type Measured = Run & { counts: any; id: string };

export interface Serving {
  /** The daemon and its engine host. */
  pids: () => number[];
  /** Seconds until it was ready. */
  started: number;
  /** Scans a storage from the request to its end, through the default workflow unless another is named. */
  scan: (storageId: string, also?: { [process: string]: number }, workflowId?: string) => Promise<Measured>;
  /** Looks again at all files of a scan, from the request to the end. */
  rescan: (scan: Measured, wish?: { force?: boolean }, also?: { [process: string]: number }) => Promise<Measured>;
  addStorage: (path: string) => Promise<string>;
  /** A workflow that differs from the default one by this; its id. */
  addWorkflow: (name: string, definition: Partial<WorkflowDefinition>) => Promise<string>;
  api: (path: string, init?: RequestInit) => Promise<any>;
  /** Where the web page is, and the first user's password. */
  printed: { url: string; password: string };
  socket: string;
  /** Ends it; `look` may look into its data directory before that is gone. */
  stop: (look?: (dataDir: string) => void) => Promise<void>;
}

/** Starts `assay serve` on a data directory of its own, which `fill` may fill before. */
export const serve = async (config: unknown, fill?: (dataDir: string) => Promise<void>): Promise<Serving> => {
  const folder = scratch('serve');
  const file = join(folder.path, 'assay.yaml');
  await fill?.(join(folder.path, 'state'));
  writeFileSync(file, JSON.stringify({ log: { level: 'warn' }, ...(config as object) }));
  const begun = performance.now();
  // The tests' daemon waits for the line that says it is ready.
  const daemon = await startDaemon({ cwd: folder.path, args: ['--config', file], env: { ASSAY_LOG_LEVEL: 'info' } });
  const started = (performance.now() - begun) / 1000;
  const pids = () => [daemon.pid, ...childrenOf(daemon.pid)];

  /** Follows a run to its end: what it took of time, CPU and memory. */
  const measure = async (begin: () => Promise<string>, also: { [process: string]: number }) => {
    const [host = 0] = childrenOf(daemon.pid);
    const measured = { daemon: daemon.pid, host, ...also };
    const cpu = () => Object.entries(measured).map(([name, pid]) => [name, cpuSeconds(pid)] as const);
    const before = Object.fromEntries(cpu());
    const memory = watchMemory(pids);
    const others = watchOthers();
    const path = await begin();
    let run: any;
    do {
      await Bun.sleep(POLL);
      run = await daemon.api(path);
    } while (run.state === 'running');
    const spent = Object.fromEntries(cpu().map(([name, value]) => [name, value - before[name]!]));
    if (run.state !== 'finished' || run.counts?.failed > 0)
      throw new Error(`${path} is ${run.state}: ${JSON.stringify(run)} ${daemon.output()}`);
    return {
      run,
      seconds: (Date.parse(run.finished) - Date.parse(run.created)) / 1000,
      cpu: spent,
      peak: memory.stop(),
      others: others(Object.values(spent).reduce((sum, value) => sum + value, 0)),
    };
  };

  const scan: Serving['scan'] = async (storageId, also = {}, workflowId) => {
    const begin = async () => `/api/scan/${(await daemon.api('/api/scan', post({ storageId, workflowId }))).id}`;
    const { run, ...measured } = await measure(begin, also);
    return { ...measured, files: run.counts.total, bytes: run.counts.bytes, counts: run.counts, id: run.id };
  };

  const rescan: Serving['rescan'] = async ({ id, files, bytes, counts }, wish = {}, also = {}) => {
    const begin = async () => `/api/rescan/${(await daemon.api(`/api/scan/${id}/reprocess`, post(wish))).rescanId}`;
    const { run, ...measured } = await measure(begin, also);
    if (run.progress.done !== files) throw new Error(`the rescan took other files: ${JSON.stringify(run)}`);
    return { ...measured, files, bytes, counts, id: run.id };
  };

  return {
    pids,
    started,
    scan,
    rescan,
    api: daemon.api,
    printed: printedBy(daemon),
    socket: daemon.socket,
    addStorage: async (path) => {
      const storage = await daemon.api('/api/storage', post({ name: path, options: { kind: 'local', path } }));
      if (!storage.id) throw new Error(JSON.stringify(storage));
      return storage.id;
    },
    addWorkflow: async (name, definition) => {
      const workflow = await daemon.api('/api/workflow', post({ name, definition }));
      if (!workflow.id) throw new Error(JSON.stringify(workflow));
      return workflow.id;
    },
    stop: async (look) => {
      await daemon.kill('SIGTERM');
      look?.(join(folder.path, 'state'));
      folder.remove();
    },
  };
};
