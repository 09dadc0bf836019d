import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { Verdict } from '../core/file';
import { newId } from '../core/id';
import type { Log } from '../core/log';
import { isGuarding, type Scan, type ScanState } from '../core/scan';
import type { Workflow } from '../core/workflow';
import type { Host } from '../host/host';
import { detectedName } from '../judge/detected';
import { startRemedy } from '../remedy/remedy';
import { createFindSource } from '../remedy/source';
import type { Spool } from '../remedy/spool';
import type { Vault } from '../remedy/vault';
import type { OpenBackend } from '../storages/storages';
import type { Store } from '../store/store';
import type { Finished } from '../store/work';
import { discover } from './discover';
import { startDispatch } from './dispatch';
import { createNewScans, type StartFiles, type StartScan } from './new-scans';
import { createReach, type Waiting } from './reach';
import type { RetryRule } from './settle';
import type { Spool as FetchSpool } from './spool';

/** What came out for a file. */
export interface FileOutcome {
  fileId: string;
  path: string;
  /** Bytes; undefined when it was not read. */
  size?: number;
  /** What the engine that decided calls what it found. */
  name?: string;
  verdict: Verdict;
}

/** What happened, for progress and events. */
export type ScanEvent =
  | { type: 'scan'; scan: Scan; waiting?: Waiting }
  | { type: 'rescan'; rescanId: string }
  | ({ type: 'file'; scanId: string; rescanId?: string } & FileOutcome);

/** A scan's life: found, given out, recorded, ended. Stops and starts lose nothing. */
export interface Scans {
  /** @throws Fault NOT_FOUND, STORAGE_UNREACHABLE */
  start: (request: StartScan, actor: string) => Promise<Scan>;
  /**
   * Looks into the files at some paths; `fileIds` has one for each of them.
   * @throws Fault NOT_FOUND, BAD_REQUEST for a path outside of the storage, STORAGE_UNREACHABLE
   */
  startFiles: (request: StartFiles, actor: string) => Promise<{ scan: Scan; fileIds: string[] }>;
  /** @throws Fault NOT_FOUND, SCAN_FINISHED, REALTIME_SCAN_ACTIVE */
  pause: (id: string) => Promise<Scan>;
  resume: (id: string) => Promise<Scan>;
  cancel: (id: string, actor: string) => Promise<Scan>;
  /** The workflow that applies now: the one that is named, else the storage's, else the default. */
  workflowFor: (storageWorkflowId: string | undefined, workflowId: string | undefined) => Promise<Workflow>;
  /** Why the files of a storage wait; undefined when they do not. */
  waiting: (storageId: string) => Waiting | undefined;
  /** Tries a storage at once whose files wait, because something of it was changed. */
  retryStorage: (storageId: string) => Promise<void>;
  /** Says that processings were made due, or that a run has nothing left. */
  wake: () => Promise<void>;
  /** Calls the listener for what happens from now on. Returns the way to stop it. */
  listen: (listener: (event: ScanEvent) => void) => () => void;
  /** Settles when a scan or rescan is not running any more. */
  ended: (runId: string) => Promise<void>;
  stop: () => Promise<void>;
}

export interface ScansDeps {
  store: Store;
  host: Host;
  startSuspectHost: () => Promise<Host>;
  openBackend: OpenBackend;
  vault: Vault;
  /** Where files that are not on this host are fetched to. */
  fetched: FetchSpool;
  spool: Spool;
  retry: RetryRule;
  clock: Clock;
  log: Log;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

/** Takes up what an earlier start of the daemon left, and runs scans until it is stopped. */
export const startScans = async (deps: ScansDeps): Promise<Scans> => {
  const { store, clock, log } = deps;
  const newScans = createNewScans(deps);
  const listeners = new Set<(event: ScanEvent) => void>();
  const discovering = new Map<string, { abort: AbortController; done: Promise<void> }>();
  const tell = (event: ScanEvent) => {
    for (const listener of listeners) listener(event);
  };

  const get = async (id: string): Promise<Scan> => {
    const scan = await store.scans.find(id);
    if (scan === undefined)
      throw new Fault('NOT_FOUND', `There is no scan ${id}.`, { hint: 'List the scans to see their ids.' });
    return scan;
  };

  const tellState = async (id: string): Promise<Scan> => {
    const scan = await get(id);
    tell({ type: 'scan', scan });
    return scan;
  };

  /** Whether the files of a storage wait is told with its scans. */
  const tellOfStorage = async (storageId: string): Promise<void> => {
    const waiting = reach.waiting(storageId);
    const running = await store.scans.list({ state: 'running', storageId, limit: 100 });
    for (const scan of running) tell({ type: 'scan', scan, waiting });
  };

  const finish = async (): Promise<void> => {
    const scansOver = await store.scans.finishDone(clock());
    const rescansOver = await store.rescans.finishDone(clock());
    for (const id of scansOver) {
      const scan = await tellState(id);
      log.info({ scan: id, name: scan.name, counts: scan.counts }, `scan ${scan.state}`);
    }
    for (const rescanId of rescansOver) tell({ type: 'rescan', rescanId });
    // So that it forgets what it kept for them.
    if (scansOver.length + rescansOver.length > 0) dispatch.wake();
  };

  const recorded = async (group: Finished[]): Promise<void> => {
    // What is to be acted on has its result when that is over.
    const over = group.filter(({ acts }) => acts === undefined);
    if (over.length < group.length) remedy.wake();
    for (const { scanId, rescanId, fileId, place, verdict, findings } of over) {
      const name = detectedName(verdict, findings);
      const size = findings.content?.size;
      tell({ type: 'file', scanId, rescanId, fileId, path: place.path, size, name, verdict });
    }
    await finish();
  };

  const reach = createReach({
    ...deps,
    changed: (storageId) => {
      dispatch.wake();
      if (reach.waiting(storageId) === undefined) remedy.hurry().catch(deps.failed);
      tellOfStorage(storageId).catch(deps.failed);
    },
  });
  const findSource = createFindSource(store, deps.vault);
  const dispatch = startDispatch({ ...deps, reach, spool: deps.fetched, lease: newId(), findSource, recorded });
  const remedy = startRemedy({ ...deps, lost: reach.lost, settled: (finished) => recorded([finished]) });

  const find = (scan: Scan): void => {
    const abort = new AbortController();
    const found = () => dispatch.wake();
    const done = discover(scan, { ...deps, reach, found }, abort.signal)
      .then(() => (abort.signal.aborted ? undefined : finish()))
      .catch(deps.failed)
      .finally(() => discovering.delete(scan.id));
    discovering.set(scan.id, { abort, done });
  };

  const stopFinding = async (id: string): Promise<void> => {
    const running = discovering.get(id);
    running?.abort.abort();
    await running?.done;
  };

  const writeOff = async (id: string): Promise<void> => {
    while (await store.scans.cancelPending(id, clock())) await new Promise((resolve) => setImmediate(resolve));
  };

  const move = async (id: string, from: ScanState[], to: ScanState, at?: number): Promise<void> => {
    const scan = await get(id);
    const { state } = scan;
    if (isGuarding(scan)) {
      throw new Fault('REALTIME_SCAN_ACTIVE', 'Real-time processing is active until it is stopped.', {
        hint: 'Stop it with "assay realtime stop", or DELETE /api/realtime/{scanId}.',
      });
    }
    if (await store.scans.move(id, from, to, at)) return;
    throw new Fault('SCAN_FINISHED', `The scan is ${state}, so it cannot be ${to === 'running' ? 'resumed' : to}.`, {
      hint: 'Show the scan to see its state.',
    });
  };

  const freed = await store.work.freeLeases();
  if (freed > 0) log.warn({ files: freed }, 'taking up files that an earlier start did not finish');
  for (const id of await store.scans.listHalfCanceled()) await writeOff(id);
  for (const scan of await store.scans.listUndiscovered()) find(scan);
  await finish();
  dispatch.wake();

  return {
    start: async (request, actor) => {
      const scan = await tellState(await newScans.ofFolder(request, actor));
      find(scan);
      return scan;
    },

    startFiles: async (request, actor) => {
      const { id, fileIds } = await newScans.ofFiles(request, actor);
      const scan = await tellState(id);
      dispatch.wake();
      return { scan, fileIds };
    },

    pause: async (id) => {
      await move(id, ['running'], 'paused');
      await stopFinding(id);
      return tellState(id);
    },

    resume: async (id) => {
      await move(id, ['paused'], 'running');
      const scan = await tellState(id);
      if (!scan.discovered) find(scan);
      else await finish();
      dispatch.wake();
      return scan;
    },

    cancel: async (id, actor) => {
      await move(id, ['running', 'paused'], 'canceled', clock());
      await store.audit.append(actor, 'scan.cancel', { scanId: id }, clock());
      await stopFinding(id);
      await writeOff(id);
      dispatch.wake();
      return tellState(id);
    },

    workflowFor: newScans.workflowFor,

    waiting: reach.waiting,

    retryStorage: async (storageId) => {
      await reach.renew(storageId);
      await remedy.hurry();
    },

    wake: async () => {
      dispatch.wake();
      await finish();
    },

    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    ended: (runId) =>
      new Promise((resolve, reject) => {
        const settle = () => {
          listeners.delete(listener);
          resolve();
        };
        const listener = (event: ScanEvent) => {
          if (event.type === 'rescan' && event.rescanId === runId) settle();
          if (event.type === 'scan' && event.scan.id === runId && event.scan.state !== 'running') settle();
        };
        listeners.add(listener);
        Promise.all([store.scans.find(runId), store.rescans.find(runId)]).then(([scan, rescan]) => {
          if ((scan ?? rescan)?.state !== 'running') settle();
        }, reject);
      }),

    stop: async () => {
      reach.stop();
      for (const { abort } of discovering.values()) abort.abort();
      await Promise.all([...discovering.values()].map(({ done }) => done));
      await dispatch.stop();
      await remedy.stop();
    },
  };
};
