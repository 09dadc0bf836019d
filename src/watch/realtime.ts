import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { Found } from '../core/file';
import { newId } from '../core/id';
import type { Log } from '../core/log';
import type { Scan } from '../core/scan';
import { type Storage, storageTypeOf } from '../core/storage';
import type { Scans } from '../scans/scans';
import type { Backend } from '../storages/contract';
import { keepRoot } from '../storages/keep-root';
import type { OpenBackend } from '../storages/storages';
import type { ActiveRealtime } from '../store/realtime';
import type { Store } from '../store/store';
import { createEntering, type Entering } from './entering';
import type { FromThread, Noticed, WatchState, WatchTiming } from './messages';
import { createWatchThread } from './thread';

/** Real-time processing as people see it. */
export interface RealtimeState extends WatchState {
  scan: Scan;
  /** How often events were lost, so that all was listed again. */
  lost: number;
  /** When the storage was last gone through from its beginning to its end. */
  listedAt?: number;
}

export interface StartRealtime {
  storageId: string;
  /** Without one, files go through the workflow that applies to the storage when they change. */
  workflowId?: string;
  name?: string;
  /** Looks into what is there already, too, and not only into what changes from now on. */
  existing?: boolean;
}

/** Real-time processing: what changes in a storage is looked into by itself, in a scan that is active until it is stopped. */
export interface Realtime {
  /** @throws Fault NOT_FOUND, STORAGE_UNREACHABLE, REALTIME_SCAN_ACTIVE when the storage has one already */
  start: (request: StartRealtime, actor: string) => Promise<Scan>;
  /** What is due is still looked into; then the scan is over. @throws Fault NOT_FOUND, SCAN_FINISHED */
  stop: (scanId: string, actor: string) => Promise<Scan>;
  list: () => Promise<RealtimeState[]>;
  /**
   * Somebody else says that files changed. Returns how many of the paths were noticed.
   * @throws Fault NOT_FOUND when no real-time processing of the storage is active, BAD_REQUEST for a path outside of it
   */
  notice: (storageId: string, paths: string[]) => Promise<number>;
  /** A storage is reached in another way from now on. */
  renew: (storageId: string) => Promise<void>;
  end: () => Promise<void>;
}

export interface RealtimeDeps {
  store: Store;
  scans: Scans;
  openBackend: OpenBackend;
  /** Folders of this host that are never looked into. */
  except: string[];
  timing: WatchTiming;
  clock: Clock;
  log: Log;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

interface One {
  active: ActiveRealtime;
  /** Called once the watch has begun, or the storage is away. */
  begins: () => void;
  entering: Entering;
  watch: WatchState;
  lost: number;
  listedAt?: number;
}

/** Whether a file is there that a listing would meet, and neither a folder nor what a link leads to; that something is gone makes nothing due. */
const isFile = async (backend: Backend, found: Found): Promise<boolean> => {
  // What is not there has no stamp; objects are files as they are.
  if (found.stamp === undefined || !backend.isLocal) return found.stamp !== undefined;
  try {
    return (await backend.stat(found)) !== undefined;
  } catch (error) {
    if (error instanceof Fault && error.code !== 'STORAGE_UNREACHABLE') return false;
    throw error;
  }
};

const notActive = (what: string) =>
  new Fault('NOT_FOUND', `There is no active real-time processing ${what}.`, {
    hint: 'List the real-time processing to see what is active.',
  });

/** Takes up what was active when the daemon ended, and runs until it is ended. */
export const startRealtime = async (deps: RealtimeDeps): Promise<Realtime> => {
  const { store, scans, clock, log } = deps;
  const running = new Map<string, One>();

  const keep = (one: One, group: Found[], by: Noticed): Promise<void> => {
    if (by === 'event') return one.entering.notice(group, by);
    if (one.active.begun) return one.entering.notice(group, 'listing');
    return one.entering.notice(group, by === 'polling' ? 'beginningElsewhere' : 'beginning');
  };

  const told = (message: Exclude<FromThread, { type: 'noticed' }>): void => {
    const one = running.get(message.id);
    if (one === undefined) return;
    switch (message.type) {
      case 'state':
        if (message.state.state === 'away')
          log.warn({ scan: message.id, reason: message.state.reason }, 'a storage under real-time processing is away');
        one.watch = message.state;
        one.begins();
        return;
      case 'lost':
        one.lost += 1;
        log.warn({ scan: message.id, reason: message.reason }, 'events were lost: the storage is listed again');
        return;
      case 'listed':
        one.entering.after(async () => {
          one.listedAt = clock();
          if (one.active.begun) return;
          await store.realtime.markBegun(message.id);
          one.active.begun = true;
        });
    }
  };

  const thread = createWatchThread(
    deps.except,
    {
      noticed: async ({ id, group, by }) => {
        const one = running.get(id);
        if (one !== undefined) await keep(one, group, by);
      },
      told,
    },
    log,
  );

  const getStorage = async (id: string): Promise<Storage> => {
    const storage = await store.storages.find(id);
    if (storage !== undefined) return storage;
    throw new Fault('NOT_FOUND', `There is no storage ${id}.`, { hint: 'List the storages to see their ids.' });
  };

  const getScan = async (id: string): Promise<Scan> => {
    const scan = await store.scans.find(id);
    if (scan === undefined) throw notActive(id);
    return scan;
  };

  const order = async ({ scanId: id, begun }: ActiveRealtime, storage: Storage): Promise<void> => {
    const secret = await store.storages.secret(storage.id);
    thread.start({ id, storage, secret, timing: deps.timing, begun });
  };

  /** Settles once everything that happens from then on is noticed. */
  const watch = async (active: ActiveRealtime, storage: Storage): Promise<void> => {
    const entering = createEntering({ ...deps, active });
    const { promise, resolve: begins } = Promise.withResolvers<void>();
    running.set(active.scanId, { active, entering, begins, watch: { state: 'starting' }, lost: 0 });
    await order(active, storage);
    await promise;
  };

  const unlisten = scans.listen((event) => {
    if (event.type === 'file') running.get(event.scanId)?.entering.freed();
  });

  for (const active of await store.realtime.list()) {
    // The storage cannot be removed while a scan of it is active.
    void watch(active, await getStorage(active.storageId));
  }

  return {
    start: async ({ storageId, workflowId, name, existing = false }, actor) => {
      const storage = await getStorage(storageId);
      const workflow = await scans.workflowFor(storage.workflowId, workflowId);
      await (await deps.openBackend(storage)).test();
      const held = await keepRoot(store, storage);
      const scan = {
        id: newId(),
        name: name ?? `${storage.name} (real-time)`,
        kind: 'realtime' as const,
        state: 'running' as const,
        storageId,
        storageName: storage.name,
        storageType: storageTypeOf(storage.options),
        path: '',
        workflowId: workflow.id,
        workflowRevision: workflow.revision,
        createdAt: clock(),
      };
      const active = { scanId: scan.id, storageId, workflowId, begun: existing };
      if (!(await store.realtime.insert(scan, active))) {
        throw new Fault('REALTIME_SCAN_ACTIVE', `${storage.name} is under real-time processing already.`, {
          hint: 'Stop it first, to start it with another workflow.',
        });
      }
      await store.audit.append(actor, 'realtime.start', { scanId: scan.id, storage: storage.name, existing }, clock());
      await watch(active, held);
      return getScan(scan.id);
    },

    stop: async (scanId, actor) => {
      const one = running.get(scanId);
      if (one === undefined) throw notActive(scanId);
      running.delete(scanId);
      one.begins();
      thread.stop(scanId);
      await one.entering.end();
      await store.realtime.stop(scanId);
      await store.audit.append(actor, 'realtime.stop', { scanId }, clock());
      await scans.wake();
      return getScan(scanId);
    },

    list: async () =>
      Promise.all(
        [...running.values()].map(async ({ active, watch: state, lost, listedAt }) => ({
          ...state,
          scan: await getScan(active.scanId),
          lost,
          listedAt,
        })),
      ),

    notice: async (storageId, paths) => {
      const one = [...running.values()].find(({ active }) => active.storageId === storageId);
      if (one === undefined) throw notActive('of this storage');
      const backend = await deps.openBackend(await getStorage(storageId));
      const there: Found[] = [];
      for (const found of await backend.find(paths)) if (await isFile(backend, found)) there.push(found);
      await keep(one, there, 'event');
      return there.length;
    },

    renew: async (storageId) => {
      const one = [...running.values()].find(({ active }) => active.storageId === storageId);
      if (one !== undefined) await order(one.active, await keepRoot(store, await getStorage(storageId)));
    },

    end: async () => {
      unlisten();
      for (const { begins } of running.values()) begins();
      await thread.end();
      await Promise.all([...running.values()].map(({ entering }) => entering.end()));
    },
  };
};
