import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './core/clock';
import { newId } from './core/id';
import type { Log } from './core/log';
import { WorkflowDefinition } from './core/workflow';
import type { EngineConfig } from './engines/load';
import type { Host } from './host/host';
import { type HostOptions, startHost } from './host/supervise';
import { type Quarantine, startQuarantine } from './remedy/quarantine';
import { openSpool } from './remedy/spool';
import { openVault } from './remedy/vault';
import { type Rescans, startRescans } from './rescan/rescan';
import { type Scans, startScans } from './scans/scans';
import type { RetryRule } from './scans/settle';
import { createSpool } from './scans/spool';
import { createOpenBackend, type OpenBackend } from './storages/storages';
import { toFolderFault, toStoreFault } from './store/faults';
import { loadInstanceKey } from './store/instance-key';
import { lockDataDir } from './store/lock';
import { createSeal } from './store/seal';
import { openStore, type Store } from './store/store';
import type { WatchTiming } from './watch/messages';
import { type Realtime, startRealtime } from './watch/realtime';

export interface AppOptions {
  /** Holds everything that outlives the program. Made when it is missing. */
  dataDir: string;
  /** A remote libSQL server, or undefined for a file in the data directory. */
  database?: { url: string; authToken?: string };
  engines: EngineConfig;
  /** Worker threads of the engine host; one a core by default. */
  threads?: number;
  retry: RetryRule;
  /** How much of files that are not on this host is kept on it at once. Bytes. */
  spoolSize: number;
  /** The engine host's resident memory at which it is ended. Bytes. */
  memoryLimit: number;
  /** How long an engine may go on after the time for a file was up. Milliseconds. */
  grace: number;
  /** How long an engine may take to open in a thread, and to say what its definitions are. Milliseconds. */
  patience: number;
  /** Of real-time processing. */
  watch?: WatchTiming;
  /** How long files are held in quarantine. Milliseconds; for ever without. */
  keep?: number;
  /** Makes what opens storages; by their kind without. */
  createOpenBackend?: typeof createOpenBackend;
  clock?: Clock;
  log: Log;
  /** Ends a start that is under way. */
  signal?: AbortSignal;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

/** The rooms, running. */
export interface App {
  store: Store;
  host: Host;
  scans: Scans;
  rescans: Rescans;
  realtime: Realtime;
  quarantine: Quarantine;
  openBackend: OpenBackend;
  stop: () => Promise<void>;
}

const WATCH: WatchTiming = { settle: 500, longest: 30_000, poll: 60_000 };

const addDefaultWorkflow = async (store: Store, clock: Clock): Promise<void> => {
  if ((await store.workflows.findDefault()) !== undefined) return;
  const workflow = {
    id: newId(),
    name: 'Default',
    revision: 1,
    definition: WorkflowDefinition.parse({}),
    createdAt: clock(),
  };
  await store.workflows.insert(workflow, true);
};

/** Removes the private folders of engine hosts that were killed together with their daemon. */
const clearHosts = (hosts: string, dataDir: string): void => {
  try {
    rmSync(hosts, { recursive: true, force: true });
  } catch (error) {
    throw toFolderFault(error, dataDir);
  }
};

/**
 * Makes the rooms in their order, and stops them in reverse.
 * @throws Fault DATA_DIR_IN_USE, DATABASE_DAMAGED, DISK_FULL, CONFIG_INVALID, ENGINE_UNAVAILABLE, NOT_POSSIBLE
 */
export const startApp = async (options: AppOptions): Promise<App> => {
  const { log, clock = Date.now } = options;
  const lock = lockDataDir(options.dataDir);
  const dataDir = lock.path;
  const url = options.database?.url ?? `file:${join(dataDir, 'assay.db')}`;
  const hosts = join(dataDir, 'hosts');
  const failed = (error: unknown) => options.failed(toStoreFault(error, url));
  const stops: (() => Promise<void> | void)[] = [lock.release];
  const stop = async () => {
    let error: unknown;
    for (const end of stops.splice(0).reverse()) {
      try {
        await end();
      } catch (cause) {
        // The others must end all the same: no process may be left behind.
        error ??= cause;
      }
    }
    if (error !== undefined) throw toStoreFault(error, url);
  };
  try {
    clearHosts(hosts, dataDir);
    const store = await openStore(url, createSeal(loadInstanceKey(dataDir)), options.database?.authToken);
    stops.push(store.close);
    await addDefaultWorkflow(store, clock);

    const { engines: config, threads = cpus().length, grace, patience } = options;
    const setup = { config, threads, grace, patience };
    const hostOptions: HostOptions = { setup, dir: hosts, memoryLimit: options.memoryLimit, log };
    const host = await startHost({ ...hostOptions, signal: options.signal });
    stops.push(host.stop);
    const startSuspectHost = () => startHost({ ...hostOptions, setup: { ...setup, threads: 1 } });

    const openBackend = (options.createOpenBackend ?? createOpenBackend)({
      except: [dataDir],
      secretOf: store.storages.secret,
    });
    const vault = openVault(join(dataDir, 'quarantine'));
    const { keep } = options;
    const quarantine = await startQuarantine({ store, openBackend, vault, keep, clock, log, failed });
    stops.push(quarantine.stop);
    const scans = await startScans({
      store,
      host,
      startSuspectHost,
      openBackend,
      vault,
      fetched: createSpool(join(dataDir, 'fetched'), options.spoolSize),
      spool: openSpool(join(dataDir, 'sanitized')),
      retry: options.retry,
      clock,
      log,
      failed,
    });
    stops.push(scans.stop);
    const rescans = await startRescans({ store, scans, host, clock, failed });
    stops.push(rescans.stop);
    const timing = options.watch ?? WATCH;
    const realtime = await startRealtime({ store, scans, openBackend, except: [dataDir], timing, clock, log, failed });
    stops.push(realtime.end);
    return { store, host, scans, rescans, realtime, quarantine, openBackend, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw toStoreFault(error, url);
  }
};
