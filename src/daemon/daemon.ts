import { createApi } from '../api/api';
import { createAuth } from '../api/auth';
import { type App, startApp } from '../app';
import type { Loaded } from '../config/load';
import { parseListen } from '../config/values';
import type { Log } from '../core/log';
import type { Storage } from '../core/storage';
import { version } from '../core/version';
import { loadInstanceKey } from '../store/instance-key';
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

/** Scans the paths of the command line, each unless a scan of it runs already. */
const scanPaths = async ({ store, scans }: App, paths: string[], now: number): Promise<void> => {
  const running = await store.scans.list({ state: 'running', limit: 1000 });
  const storages: Storage[] = [];
  for (const path of paths) storages.push(await storageOfPath(store, path, now));
  for (const storage of storages) {
    if (running.some(({ storageId }) => storageId === storage.id)) continue;
    await scans.start({ storageId: storage.id }, 'assay');
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
    const { store, scans, rescans, host } = app;
    const auth = createAuth({ users: store.users, instanceKey: loadInstanceKey(config.dataDir), clock });
    await addConfiguredStorages(store, config.storages, clock());

    const { hostname = '127.0.0.1' } = parseListen(config.listen) ?? {};
    const api = createApi({
      store,
      scans,
      rescans,
      host,
      storages: { test: (options) => app.openBackend(options).test() },
      auth,
      log,
      clock,
      version,
      allowedHosts: [hostname, ...config.allowedHosts],
    });
    const listeners = await startListeners(config.listen, config.socket, (request, env) => api.fetch(request, env));
    stops.push(listeners.stop);
    await scanPaths(app, paths, clock());
    // Last: a start that fails after it would take the password, which nobody has seen, along.
    const firstPassword = await addFirstUser(store, clock());
    return { app, url: listeners.url, firstPassword, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
};
