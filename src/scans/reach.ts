import type { Clock } from '../core/clock';
import type { Fault } from '../core/fault';
import type { Log } from '../core/log';
import type { OpenBackend } from '../storages/storages';
import type { Store } from '../store/store';

/** Why the files of a storage wait. Times in milliseconds. */
export interface Waiting {
  reason: string;
  hint?: string;
  since: number;
  /** When it is tried again. */
  nextTry: number;
}

export interface ReachDeps {
  store: Store;
  openBackend: OpenBackend;
  clock: Clock;
  log: Log;
  /** A storage is away, or there again, or away for another reason. */
  changed: (storageId: string) => void;
  /** Storages cannot be looked after any more; the program must end. */
  failed: (error: unknown) => void;
}

/** Knows which storages are away, and tries them again and again. */
export interface Reach {
  /** Undefined when nothing waits. */
  waiting: (storageId: string) => Waiting | undefined;
  /** The storages that are away. */
  away: () => string[];
  /** Says that a storage did not answer as a whole, with why: nothing more is wanted of it until it is there again. */
  lost: (storageId: string, why: Fault) => void;
  /** Says that it gave what was wanted: the next time, it is tried again sooner. */
  reached: (storageId: string) => void;
  /** Tries it, unless it was tried right before. Whether it is there. */
  check: (storageId: string) => Promise<boolean>;
  /** It is reached in another way now: what was found out before does not hold. */
  renew: (storageId: string) => Promise<void>;
  /** Settles when it is there, or the signal aborts. */
  back: (storageId: string, signal: AbortSignal) => Promise<void>;
  stop: () => void;
}

const FIRST_WAIT = 1_000;
/** However long it has been away. Milliseconds. */
const LONGEST_WAIT = 60_000;
/** What a check found out holds for so long. Milliseconds. */
const CHECK_HOLDS = 1_000;

interface State {
  /** Waits so far; each is twice as long as the one before. */
  tries: number;
  waiting?: Waiting;
  timer?: Timer;
  checked?: { at: number; isThere: Promise<boolean> };
}

export const createReach = ({ store, openBackend, clock, log, changed, failed }: ReachDeps): Reach => {
  const states = new Map<string, State>();
  const settlers = new Set<() => void>();
  let stopped = false;

  const stateOf = (storageId: string): State => {
    const state = states.get(storageId) ?? { tries: 0 };
    states.set(storageId, state);
    return state;
  };

  const isBack = (storageId: string, state: State): void => {
    clearTimeout(state.timer);
    state.waiting = undefined;
    log.info({ storage: storageId }, 'the storage is there again');
    changed(storageId);
    for (const settle of settlers) settle();
  };

  const wait = (storageId: string, state: State, why: Fault): void => {
    if (stopped) return;
    const delay = Math.min(FIRST_WAIT * 2 ** state.tries, LONGEST_WAIT);
    const before = state.waiting;
    const { message: reason, hint } = why;
    state.tries += 1;
    state.waiting = { reason, hint, since: before?.since ?? clock(), nextTry: clock() + delay };
    clearTimeout(state.timer);
    state.timer = setTimeout(() => void again(storageId, state).catch(failed), delay);
    if (before?.reason === reason) return;
    log.warn({ storage: storageId, reason }, 'the files of a storage wait');
    changed(storageId);
  };

  /** Why a storage is away; undefined when it is not, or when there is none any more. */
  const tryOnce = async (storageId: string): Promise<Fault | undefined> => {
    const storage = await store.storages.find(storageId);
    if (storage === undefined) return undefined;
    return (await openBackend(storage)).away();
  };

  const again = async (storageId: string, state: State): Promise<void> => {
    const why = await tryOnce(storageId);
    if (stopped || state.waiting === undefined) return;
    if (why === undefined) isBack(storageId, state);
    else wait(storageId, state, why);
  };

  const check = async (storageId: string, state: State): Promise<boolean> => {
    const why = await tryOnce(storageId);
    if (why !== undefined && state.waiting === undefined) wait(storageId, state, why);
    if (why === undefined && state.waiting !== undefined) isBack(storageId, state);
    return why === undefined;
  };

  return {
    waiting: (storageId) => states.get(storageId)?.waiting,
    away: () => [...states].flatMap(([id, { waiting }]) => (waiting === undefined ? [] : id)),

    lost: (storageId, why) => {
      const state = stateOf(storageId);
      // Others that were under way say the same of it.
      if (state.waiting === undefined) wait(storageId, state, why);
    },

    reached: (storageId) => {
      const state = states.get(storageId);
      if (state !== undefined && state.waiting === undefined) state.tries = 0;
    },

    check: (storageId) => {
      const state = stateOf(storageId);
      if (state.checked === undefined || clock() - state.checked.at > CHECK_HOLDS) {
        state.checked = { at: clock(), isThere: check(storageId, state) };
      }
      return state.checked.isThere;
    },

    renew: async (storageId) => {
      const state = stateOf(storageId);
      state.tries = 0;
      state.checked = undefined;
      if (state.waiting !== undefined) await check(storageId, state);
    },

    back: (storageId, signal) =>
      new Promise((resolve) => {
        const settle = () => {
          if (states.get(storageId)?.waiting !== undefined && !signal.aborted && !stopped) return;
          settlers.delete(settle);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        settlers.add(settle);
        signal.addEventListener('abort', settle);
        settle();
      }),

    stop: () => {
      stopped = true;
      for (const { timer } of states.values()) clearTimeout(timer);
      for (const settle of settlers) settle();
    },
  };
};
