import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseResponse } from 'hono/client';
import { type App, startApp } from '../app';
import { Fault } from '../core/fault';
import { createLog } from '../core/log';
import { RESULTS } from '../core/result';
import { appOptions } from '../daemon/options';
import type { DaemonArguments } from './command';
import { type Client, daemonConfig } from './daemon';
import { getFileId, getWorkflowId, isId } from './find';

/** A file after it was looked into again. */
export interface Rescanned {
  fileId: string;
  path: string;
  state: string;
  status?: string;
  scanAllResultI: number;
  scanAllResultA: string;
  detections: string[];
  explanation: string;
}

/** The way to look again at files: through the daemon, or on the store itself. */
export interface Rescanner {
  /** Takes ids or paths, and the name of a workflow. Returns the ids of the files that it took. */
  start: (words: string[], workflow: string | undefined) => Promise<{ rescanId: string; fileIds: string[] }>;
  ended: (rescanId: string) => Promise<void>;
  result: (fileId: string) => Promise<Rescanned>;
  close: () => Promise<void>;
}

const POLL = 200;

export const overSocket = (client: Client, signal: AbortSignal): Rescanner => ({
  start: async (words, workflow) => {
    const fileIds: string[] = [];
    for (const word of words) fileIds.push(await getFileId(client, word));
    const json = { fileIds, workflowId: await getWorkflowId(client, workflow) };
    const { rescanId, fileIds: taken = fileIds } = await parseResponse(client.api.file.ondemandscan.$post({ json }));
    return { rescanId, fileIds: taken };
  },
  ended: async (id) => {
    while ((await parseResponse(client.api.rescan[':id'].$get({ param: { id } }))).state === 'running') {
      signal.throwIfAborted();
      await Bun.sleep(POLL);
    }
  },
  result: async (id) => {
    const { path } = await parseResponse(client.api.file[':id'].$get({ param: { id } }));
    const history = client.api.file[':id'].history.$get({ param: { id }, query: { limit: '1' } });
    const [latest] = (await parseResponse(history)).entries;
    if (latest === undefined) throw new Error(`file ${id} has no processing`);
    const { state, status, scanAllResultI, scanAllResultA, detections, explanation } = latest;
    return { fileId: id, path, state, status, scanAllResultI, scanAllResultA, detections, explanation };
  },
  close: async () => {},
});

const startOnStore = async (
  { store, scans }: App,
  words: string[],
  workflow: string | undefined,
): Promise<{ rescanId: string; fileIds: string[] }> => {
  const fileIds: string[] = [];
  for (const word of words) {
    const id = isId(word) ? word : (await store.files.findByPath(resolve(word)))?.id;
    if (id === undefined) throw new Fault('NOT_FOUND', `No scan has met a file ${resolve(word)}.`);
    fileIds.push(id);
  }
  const chosen = (await store.workflows.list()).find(({ id, name }) => id === workflow || name === workflow);
  if (workflow !== undefined && chosen === undefined) {
    throw new Fault('NOT_FOUND', `There is no workflow "${workflow}".`);
  }
  const { rescanId, files } = await scans.rescan({ fileIds, workflowId: chosen?.id }, 'local');
  return { rescanId, fileIds: files.map(({ id }) => id) };
};

const resultInStore = async ({ store }: App, fileId: string): Promise<Rescanned> => {
  const file = await store.files.find(fileId);
  const processing = file?.processingId === undefined ? undefined : await store.files.findProcessing(file.processingId);
  if (file === undefined || processing === undefined) throw new Error(`file ${fileId} has no processing`);
  const { state, status, resultCode, detections, explanation } = processing.verdict;
  const result = { scanAllResultI: resultCode, scanAllResultA: RESULTS[resultCode] };
  return { fileId, path: file.path, state, status, ...result, detections, explanation };
};

/**
 * Opens the store of the daemon that does not run.
 * @throws Fault NO_DAEMON when there is no store either, DATA_DIR_IN_USE
 */
export const onStore = async (args: DaemonArguments, signal: AbortSignal): Promise<Rescanner & { dataDir: string }> => {
  const loaded = daemonConfig(args);
  const { dataDir, database } = loaded.config;
  if (database.url.startsWith('file:') && !existsSync(join(dataDir, 'assay.db'))) {
    throw new Fault('NO_DAEMON', `No Assay runs, and there is no store in ${dataDir}.`, {
      hint: 'Start one with "assay serve PATH…", or name the folder of its store with --data-dir.',
    });
  }
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  signal.addEventListener('abort', () => stopped.reject(signal.reason), { once: true });
  const log = createLog(process.env.ASSAY_DEBUG ? 'debug' : 'silent');
  const app = await startApp({ ...(await appOptions(loaded, log, stopped.reject)), signal });
  return {
    dataDir,
    start: (words, workflow) => startOnStore(app, words, workflow),
    ended: (rescanId) => Promise.race([app.scans.ended(rescanId), stopped.promise]),
    result: (fileId) => resultInStore(app, fileId),
    close: app.stop,
  };
};
