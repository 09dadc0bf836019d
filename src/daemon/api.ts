import { createApi } from '../api/api';
import { createAuth } from '../api/auth';
import type { App } from '../app';
import type { Config } from '../config/schema';
import { parseListen } from '../config/values';
import type { Clock } from '../core/clock';
import type { Log } from '../core/log';
import { version } from '../core/version';
import { loadInstanceKey } from '../store/instance-key';
import { createPage } from './page';
import { readPageFiles } from './page-files';

/** The API over the rooms and the web page, for whoever listens. */
export const createAppApi = (app: App, config: Config, log: Log, clock: Clock = Date.now) => {
  const { store, scans, rescans, realtime, quarantine, host, openBackend } = app;
  const { hostname = '127.0.0.1' } = parseListen(config.listen) ?? {};
  const api = createApi({
    store,
    scans,
    rescans,
    realtime,
    quarantine,
    host,
    storages: { test: async (storage) => (await openBackend(storage)).test() },
    auth: createAuth({ users: store.users, instanceKey: loadInstanceKey(config.dataDir), clock }),
    log,
    clock,
    version,
    allowedHosts: [hostname, ...config.allowedHosts],
  });
  api.get('*', createPage(readPageFiles));
  return api;
};
