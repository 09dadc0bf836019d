import { type App, startApp } from '../app';
import type { Loaded } from '../config/load';
import type { Log } from '../core/log';
import type { Storage } from '../core/storage';
import { toStoreFault } from '../store/faults';
import { createAppApi } from './api';
import { addFirstUser } from './first-user';
import { startListeners } from './listen';
import { appOptions } from './options';
import { addConfiguredStorages, storageOfPath } from './storages';

export interface Daemon {
  app: App;
  /** Where the API answers. */
  url: string;
  /** The password of the first user `admin`, at the first start only. */
  firstPassword?: string;
  stop: () => Promise<void>;
}

export interface DaemonOptions {
  loaded: Loaded;
  /** Folders (or files) to scan at once. */
  paths: string[];
  log: Log;
  clock?: () => number;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

/**
 * Watches the paths of the command line and scans them, each unless that is being done already. The watch begins first, so that
 * what changes in the meantime is noticed.
 */
const scanPaths = async ({ store, scans, realtime }: App, paths: string[], now: number): Promise<void> => {
  const running = await store.scans.list({ state: 'running', limit: 1000 });
  const storages: Storage[] = [];
  for (const path of paths) storages.push(await storageOfPath(store, path, now));
  for (const { id: storageId } of storages) {
    const kinds = running.filter((scan) => scan.storageId === storageId).map(({ kind }) => kind);
    if (!kinds.includes('realtime')) await realtime.start({ storageId }, 'assay');
    if (!kinds.includes('scan')) await scans.start({ storageId }, 'assay');
  }
};

/**
 * The whole daemon: the rooms, and the API on its address and its socket.
 * @throws Fault for everything that a wrong configuration or a host in the wrong state can cause
 */
export const startDaemon = async ({ loaded, paths, log, clock = Date.now, failed }: DaemonOptions): Promise<Daemon> => {
  const { config } = loaded;
  const app = await startApp({ ...(await appOptions(loaded, log, failed)), clock });
  const stops: (() => Promise<void>)[] = [app.stop];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const { store } = app;
    await addConfiguredStorages(store, config.storages, clock());
    const api = createAppApi(app, config, log, clock);
    const listeners = await startListeners(config.listen, config.socket, (request, env) => api.fetch(request, env));
    stops.push(listeners.stop);
    await scanPaths(app, paths, clock());
    // Last: a start that fails after it would take the password, which nobody has seen, along.
    const firstPassword = await addFirstUser(store, clock());
    return { app, url: listeners.url, firstPassword, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw toStoreFault(error, config.database.url);
  }
};
