import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startApp } from '../app';
import { Fault } from '../core/fault';
import { createLog } from '../core/log';
import { createAppApi } from '../daemon/api';
import { appOptions } from '../daemon/options';
import type { DaemonArguments } from './command';
import { type Client, createClient, daemonConfig } from './daemon';

/** The program itself in the place of the daemon that does not run, asked in the same way. */
export interface Here {
  client: Client;
  dataDir: string;
  /** Rejects when the program was told to stop, or when nothing more can be kept. */
  stopped: Promise<never>;
  close: () => Promise<void>;
}

/**
 * Opens the store of the daemon that does not run.
 * @throws Fault NO_DAEMON when there is no store either, DATA_DIR_IN_USE
 */
export const openHere = async (args: DaemonArguments, signal: AbortSignal): Promise<Here> => {
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
  const api = createAppApi(app, loaded.config, log);
  const client = createClient(async (input, init) => {
    const request = input instanceof Request ? new Request(input, init) : new Request(String(input), init);
    return api.fetch(request, { socket: true });
  });
  return { client, dataDir, stopped: stopped.promise, close: app.stop };
};
