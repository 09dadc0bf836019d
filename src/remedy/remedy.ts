import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import type { Log } from '../core/log';
import type { Location } from '../core/remediation';
import type { Host } from '../host/host';
import type { OpenBackend } from '../storages/storages';
import type { DueAct, Held } from '../store/remediations';
import type { Store } from '../store/store';
import type { Finished } from '../store/work';
import { carryOut, writtenBy } from './act';
import type { Spool } from './spool';
import { createOpenStorage, type Opened } from './storages';
import type { ActDeps, Done, UnderWay } from './under-way';
import type { Vault } from './vault';

export interface RemedyDeps {
  store: Store;
  openBackend: OpenBackend;
  vault: Vault;
  host: Host;
  spool: Spool;
  clock: Clock;
  log: Log;
  /** A storage is away as a whole. */
  lost: (storageId: string, why: Fault) => void;
  /** A file is done with, and kept so. */
  settled: (finished: Finished) => Promise<void>;
  /** Nothing more can be kept; the program must end. */
  failed: (error: unknown) => void;
}

/** Does with files what was recorded with their verdict, and ends what an earlier start of the daemon did not. */
export interface Remedy {
  /** Says that something may be due. */
  wake: () => void;
  /** Tries at once what was put off. */
  hurry: () => Promise<void>;
  /** What is under way is ended first. */
  stop: () => Promise<void>;
}

/** Files that are acted on at the same time. */
const AT_ONCE = 4;
/** The waits before a storage that is away is tried again. Milliseconds. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;
/** How often in a row an act may break off in a storage that is there. */
const VAIN_TRIES = 3;
/** How long a file that somebody has open to write to it is waited for. Milliseconds. */
const WRITER_TIME = 30_000;

const saysOf = ({ message, hint }: Fault): string => (hint === undefined ? message : `${message} ${hint}`);

const toFault = (error: unknown): Fault => {
  if (error instanceof Fault) return error;
  throw error;
};

type Ended = Pick<DueAct, 'state' | 'destination' | 'error' | 'removed'>;

/** Where the acts left the file; undefined where it was. */
const locationAfter = (acts: DueAct[], { source }: Held, now: number): Location | undefined => {
  const last = acts.findLast(({ action }) => action !== 'replace');
  if (last?.state !== 'done') return undefined;
  if (last.action === 'delete') return { is: 'deleted', at: last.endedAt ?? now };
  if (last.action === 'quarantine') return { is: 'quarantined', id: last.id };
  if (last.action !== 'move' || last.destination === undefined) return undefined;
  const { storageId, place } = last.destination;
  const stayed = storageId === source.storageId && place.path === source.place.path;
  return stayed ? undefined : { is: 'moved', storageId, place };
};

export const startRemedy = (deps: RemedyDeps): Remedy => {
  const { store, clock, log } = deps;
  const ended = new AbortController();
  const open = createOpenStorage(store, deps.openBackend);
  const actDeps: ActDeps = { ...deps, open, signal: ended.signal };
  const working = new Map<string, Promise<void>>();
  const waits = new Map<string, number>();
  const vain = new Map<string, number>();
  const writtenSince = new Map<string, number>();
  let pumping: Promise<void> | undefined;
  let again = false;
  let alarm: Timer | undefined;

  /** Whether a storage does not answer as a whole. */
  const isAway = async (id: string): Promise<boolean> => {
    const storage = await store.storages.find(id);
    if (storage === undefined) return false;
    const backend = await deps.openBackend(storage);
    const why = await backend.away();
    if (why !== undefined) deps.lost(id, why);
    // A folder that is not there at all may not come back by itself, but it is waited for.
    return (
      why !== undefined ||
      backend.test().then(
        () => false,
        () => true,
      )
    );
  };

  const isAnyAway = async ({ act: { wanted }, held }: UnderWay): Promise<boolean> => {
    const to = 'to' in wanted ? wanted.to?.storageId : undefined;
    return (await isAway(held.source.storageId)) || (to !== undefined && (await isAway(to)));
  };

  /** Whether an act is to be tried again later: a storage does not answer as a whole, or something broke in passing. */
  const canWait = async ({ code }: Fault, underWay: UnderWay): Promise<boolean> => {
    if (code !== 'STORAGE_UNREACHABLE') return false;
    if (await isAnyAway(underWay)) return true;
    const { fileId } = underWay.held.finished;
    const tries = (vain.get(fileId) ?? 0) + 1;
    vain.set(fileId, tries);
    return tries < VAIN_TRIES;
  };

  /** How an act ended, or why it is to be tried again later. */
  const attempt = async (underWay: UnderWay): Promise<Ended | { waits: string }> => {
    try {
      const { destination, removed, needless }: Done = await carryOut(actDeps, underWay);
      return needless === undefined ? { state: 'done', destination, removed } : { state: 'skipped', error: needless };
    } catch (error) {
      if (!(error instanceof Fault) || ended.signal.aborted) throw error;
      return (await canWait(error, underWay)) ? { waits: saysOf(error) } : { state: 'failed', error: saysOf(error) };
    }
  };

  const keep = async (underWay: UnderWay, end: Ended): Promise<DueAct> => {
    const { act, held } = underWay;
    const { fileId, place } = held.finished;
    const to = end.destination?.place.path;
    const detail = { fileId, path: place.path, from: held.source.place.path, to, error: end.error };
    const audit = { action: end.state === 'done' ? `file.${act.action}` : 'file.failedRemediation', detail };
    const written = await writtenBy(actDeps, underWay);
    const now = clock();
    await store.remediations.end(act.id, end, { audit, written }, now);
    log.info({ file: fileId, path: place.path, act: act.action, to, error: end.error }, `remediation ${end.state}`);
    return { ...act, ...end, endedAt: now };
  };

  /**
   * Whether a file waits for whoever is writing to it, so that no half of it is taken away from its writer. A threat does not wait; and one
   * that is not changed for long does not either, for to hold a file open must not keep it.
   */
  const waitsForWriter = async (from: Opened, identity: string, { finished, source }: Held): Promise<boolean> => {
    const { fileId, verdict } = finished;
    if (verdict.detections.some((detection) => detection === 'Threat' || detection === 'Suspicious')) return false;
    const since = writtenSince.get(fileId) ?? clock();
    if (clock() - since >= WRITER_TIME) return false;
    const isWritten = await from.backend.isWritten(source.place, identity).catch(toFault);
    // What is wrong with it is told by the act.
    if (isWritten !== true) return false;
    writtenSince.set(fileId, since);
    return true;
  };

  const putOff = async ({ finished: { fileId } }: Held, { id }: DueAct, why: string): Promise<void> => {
    const wait = Math.min((waits.get(fileId) ?? FIRST_RETRY / 2) * 2, LAST_RETRY);
    waits.set(fileId, wait);
    await store.remediations.delay(fileId, clock() + wait, { id, why });
  };

  const finish = async (held: Held, acts: DueAct[]): Promise<void> => {
    const { finished } = held;
    const hasFailed = acts.some(({ state }) => state === 'failed');
    const state = hasFailed ? ('FailedRemediation' as const) : finished.verdict.state;
    const isSanitized = acts.some(({ action, state }) => action === 'sanitize' && state === 'done');
    const detections = isSanitized
      ? [...new Set([...finished.verdict.detections, 'Sanitized' as const])]
      : finished.verdict.detections;
    const whole = {
      ...finished,
      verdict: { ...finished.verdict, state, detections },
      location: locationAfter(acts, held, clock()),
    };
    await store.work.record([whole], clock());
    waits.delete(finished.fileId);
    vain.delete(finished.fileId);
    writtenSince.delete(finished.fileId);
    await deps.settled(whole);
  };

  const work = async (held: Held): Promise<void> => {
    const acts: DueAct[] = [];
    for (const act of held.acts) {
      if (act.state !== 'due' && act.state !== 'begun') {
        acts.push(act);
        continue;
      }
      if (acts.some(({ state }) => state === 'failed')) {
        await store.remediations.end(act.id, { state: 'skipped' }, { written: [] }, clock());
        acts.push({ ...act, state: 'skipped' });
        continue;
      }
      const { identity } = held.finished.findings;
      if (identity === undefined) throw new Error(`${held.finished.fileId} is to be acted on and has no identity`);
      const from = await open(held.source.storageId).catch(toFault);
      if (from instanceof Fault) {
        if (from.code === 'STORAGE_UNREACHABLE') {
          await isAway(held.source.storageId);
          return putOff(held, act, saysOf(from));
        }
        const end = { state: 'failed' as const, error: 'Its storage was removed from Assay.' };
        await store.remediations.end(act.id, end, { written: [] }, clock());
        acts.push({ ...act, ...end });
        continue;
      }
      if (act.state === 'due' && (await waitsForWriter(from, identity, held)))
        return putOff(held, act, 'Somebody has it open and may still be writing to it.');
      await store.remediations.begin(act.id);
      const claimed = act.destination === undefined ? [] : [act.destination];
      const underWay = { act, held: { ...held, acts: [...acts, act] }, identity, from, claimed };
      const end = await attempt(underWay);
      if ('waits' in end) return putOff(held, act, end.waits);
      acts.push(await keep(underWay, end));
    }
    await finish(held, acts);
  };

  const pump = async (): Promise<void> => {
    do {
      again = false;
      const free = AT_ONCE - working.size;
      const due = free === 0 ? [] : await store.remediations.listHeld(free, clock(), [...working.keys()]);
      for (const held of due) {
        const { fileId } = held.finished;
        const done = work(held)
          .catch((error) => (ended.signal.aborted ? undefined : deps.failed(error)))
          .finally(() => {
            working.delete(fileId);
            wake();
          });
        working.set(fileId, done);
      }
    } while (again && !ended.signal.aborted);
    const at = await store.remediations.nextDue(clock());
    clearTimeout(alarm);
    if (at !== undefined && !ended.signal.aborted) alarm = setTimeout(wake, Math.max(10, at - clock()));
  };

  const wake = (): void => {
    if (ended.signal.aborted) return;
    if (pumping !== undefined) {
      again = true;
      return;
    }
    pumping = pump()
      .catch(deps.failed)
      .finally(() => {
        pumping = undefined;
        if (again) wake();
      });
  };

  wake();
  return {
    wake,
    hurry: async () => {
      await store.remediations.hurry();
      wake();
    },
    stop: async () => {
      ended.abort();
      clearTimeout(alarm);
      await pumping;
      await Promise.all(working.values());
    },
  };
};
