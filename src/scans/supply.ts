import { Fault } from '../core/fault';
import type { Due } from '../core/file';
import type { Findings, Unread } from '../core/findings';
import { isInStorage, whereIs } from '../core/remediation';
import type { WorkflowDefinition } from '../core/workflow';
import type { Backend } from '../storages/contract';
import type { OpenBackend } from '../storages/storages';
import type { Store } from '../store/store';
import { type Fetched, fetchFile } from './fetch';
import type { Reach } from './reach';
import type { Spool } from './spool';

/** A processing whose file the engine host can open: at its own place, or where it was fetched to. */
export interface Taken extends Due {
  file?: Fetched;
}

/** What came of bringing a file to where it can be opened: it is there, or it cannot be had, or it waits for its storage. */
export type Brought = { taken: Taken } | { findings: Findings } | 'waits';

export interface SupplyDeps {
  store: Store;
  openBackend: OpenBackend;
  reach: Reach;
  spool: Spool;
  definitionOf: (due: Due) => Promise<WorkflowDefinition>;
  /** Told what came of a processing that `take` did not give back at once. */
  brought: (due: Due, what: Brought) => Promise<void>;
  /** More may be taken again of a storage of which enough was being fetched. */
  room: () => void;
  failed: (error: unknown) => void;
}

/** Brings the files that are due to where the engine host can open them. */
export interface Supply {
  /** Storages of which nothing more is to be taken now: they are away, or enough of theirs waits to be fetched. */
  closed: () => string[];
  /** Those that the engine host can open as they are; the others are fetched, and told of by `brought`. */
  take: (due: Due[]) => Promise<Taken[]>;
  bring: (due: Due) => Promise<Brought>;
  /** Ends what is under way; gives back what was not brought. */
  stop: () => Promise<Due[]>;
}

/** Files that are fetched at once. */
const LANES = 32;
/** So many that wait to be fetched are enough. */
const ENOUGH = 64;

const REMOVED: Unread = { why: 'gone', message: 'Its storage was removed.' };
const LOCAL_TYPE = 100;

export const createSupply = (deps: SupplyDeps): Supply => {
  const { store, openBackend, reach, spool, definitionOf, brought, room, failed } = deps;
  const queue: Due[] = [];
  const lanes = new Set<Promise<void>>();
  const stopping = new AbortController();
  const { signal } = stopping;

  /** Where files are fetched from; undefined for what the engine host opens itself, or what is in no storage now. */
  const sourceOf = async (due: Due): Promise<Backend | Unread | undefined> => {
    const { location, scanId } = due;
    if (!isInStorage(due)) return undefined;
    const { storageId } = whereIs(due);
    const storage = await store.storages.find(storageId);
    if (storage === undefined) {
      if (location?.is === 'moved') return REMOVED;
      // What is left of a storage that was removed are the paths of its files; keys of objects must not be taken for such.
      return (await store.scans.find(scanId))?.storageType === LOCAL_TYPE ? undefined : REMOVED;
    }
    const backend = await openBackend(storage);
    return backend.isLocal ? undefined : backend;
  };

  const fetch = async (due: Due, source: Backend | Unread): Promise<Brought> => {
    const startedAt = Date.now();
    const { storageId, place } = whereIs(due);
    const unread = (why: Unread): Brought => ({
      findings: { unread: why, answers: [], startedAt, endedAt: Date.now() },
    });
    if ('why' in source) return unread(source);
    try {
      const { maxFileSize } = await definitionOf(due);
      const file = await fetchFile({ backend: source, place, maxFileSize, spool, signal });
      // That Assay may not read one object may be true of all of them, and of them all only in passing.
      if ('why' in file && file.why === 'denied' && !(await reach.check(storageId))) return 'waits';
      reach.reached(storageId);
      return 'why' in file ? unread(file) : { taken: { ...due, file } };
    } catch (error) {
      if (signal.aborted) return 'waits';
      if (!(error instanceof Fault)) throw error;
      // What breaks for one object alone must not hold up the others, nor be waited for without an end.
      if (error.code === 'STORAGE_UNREACHABLE' && (await reach.check(storageId)))
        return unread({ why: 'unreadable', message: error.message });
      reach.lost(storageId, error);
      return 'waits';
    }
  };

  const bring = async (due: Due): Promise<Brought> => {
    const source = await sourceOf(due);
    return source === undefined ? { taken: due } : fetch(due, source);
  };

  const lane = async (): Promise<void> => {
    for (let due = queue.shift(); due !== undefined; due = queue.shift()) {
      if (queue.length === ENOUGH - 1) room();
      const isAway = reach.waiting(whereIs(due).storageId) !== undefined;
      await brought(due, isAway ? 'waits' : await bring(due));
    }
  };

  const startLanes = (): void => {
    for (let wanted = queue.length; wanted > 0 && lanes.size < LANES; wanted -= 1) {
      const running = lane()
        .catch(failed)
        .finally(() => lanes.delete(running));
      lanes.add(running);
    }
  };

  return {
    closed: () => [
      ...reach.away(),
      ...(queue.length >= ENOUGH ? new Set(queue.map(({ storageId }) => storageId)) : []),
    ],

    take: async (due) => {
      const sources = new Map<string, Promise<Backend | Unread | undefined>>();
      const atHand: Taken[] = [];
      for (const one of due) {
        const key = `${whereIs(one).storageId} ${one.scanId} ${one.location?.is}`;
        const known = sources.get(key) ?? sourceOf(one);
        sources.set(key, known);
        if ((await known) === undefined) atHand.push(one);
        else queue.push(one);
      }
      startLanes();
      return atHand;
    },

    bring,

    stop: async () => {
      const left = queue.splice(0);
      stopping.abort();
      await Promise.all(lanes);
      return left;
    },
  };
};
