import { Fault } from '../core/fault';
import type { Found, Place } from '../core/file';
import type { Backend, Changes, WatchEvent } from '../storages/contract';
import type { Noticed, WatchState, WatchTiming } from './messages';
import { createSettling, type Settling } from './settling';

/** How often what waits to come to rest is looked at, and the root is looked at. Milliseconds. */
const TICK = 100;
const ROOT_TICK = 2_000;
/** The waits before a storage that is away is tried again. Milliseconds. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;
const GROUP = 500;

export interface WatcherDeps {
  open: () => Promise<Backend>;
  timing: WatchTiming;
  /** False when the first listing only notes what is there: what is not at rest then is told of by events. */
  begun: boolean;
  /** Settles when the group is kept. */
  notice: (group: Found[], by: Noticed) => Promise<void>;
  tell: (state: WatchState) => void;
  listed: () => void;
  lost: (reason: string) => void;
  /** A bug. */
  failed: (error: unknown) => void;
}

export interface Watcher {
  /** Lists all of it, now. */
  list: () => void;
  stop: () => void;
}

type Events = Extract<Changes, { by: 'events' }>;

/** What the loop waits for: something to do, or a time. */
const createBell = (signal: AbortSignal) => {
  let ring = () => {};
  return {
    ring: () => ring(),
    wait: (ms: number) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        const timer = setTimeout(resolve, ms);
        ring = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
};

// A path that is shown is that of the root and what lies below it; folders whose names are no UTF-8 cannot be listed by themselves.
const outermost = (folders: Place[]): string[] | 'all' => {
  if (folders.some(({ raw }) => raw !== undefined)) return 'all';
  const paths = folders.map(({ path }) => path).sort();
  return paths.filter((path, at) => !paths.slice(0, at).some((outer) => path.startsWith(`${outer}/`)));
};

/** Notices what changes in one storage, from now until it is stopped: by events, else by listing it again and again. */
export const startWatcher = ({ open, timing, begun, ...deps }: WatcherDeps): Watcher => {
  const ended = new AbortController();
  const { signal } = ended;
  const bell = createBell(signal);
  let retry = FIRST_RETRY;
  let isBegun = begun;
  /** All is to be listed; or the folders that came in as a whole. */
  let wantsAll = true;
  let wanted: Place[] = [];
  /** The watch is to be begun anew. */
  let isOver = false;
  let partly: string | undefined;
  /** Folders of which neither events nor listings tell. */
  const closed = new Set<string>();
  let isAtRest = false;

  const restState = (): WatchState => {
    if (partly !== undefined) return { state: 'polling', reason: partly };
    const [first, ...others] = closed;
    if (first === undefined) return { state: 'watching' };
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return { state: 'watching', reason: `what changes in ${first}${more} is not noticed: Assay may not read it` };
  };

  const noticeGroups = async (found: Found[], by: Noticed): Promise<void> => {
    for (let at = 0; at < found.length && !signal.aborted; at += GROUP)
      await deps.notice(found.slice(at, at + GROUP), by);
  };

  /** @param young is given what may not have come to rest; without, all is taken as it is */
  const list = async (folder: string, by: Noticed, young?: (place: Place) => void): Promise<void> => {
    const backend = await open();
    for await (const { files: group } of backend.list(folder, signal)) {
      const since = Date.now() - timing.settle;
      const isYoung = ({ modifiedAt }: Found) => young !== undefined && modifiedAt > since;
      for (const { path, raw } of group.filter(isYoung)) young?.(raw === undefined ? { path } : { path, raw });
      const rest = group.filter((found) => !isYoung(found));
      await noticeGroups(rest, by);
    }
  };

  const listAll = async (by: Noticed, young?: (place: Place) => void): Promise<void> => {
    wantsAll = false;
    isAtRest = false;
    wanted = [];
    deps.tell({ state: 'listing', reason: partly });
    await list('', by, isBegun ? young : undefined);
    isBegun = true;
    deps.listed();
    retry = FIRST_RETRY;
  };

  const listFolders = async (settling: Settling): Promise<void> => {
    const folders = outermost(wanted.splice(0));
    if (folders === 'all') {
      wantsAll = true;
      return;
    }
    for (const folder of folders) {
      try {
        await list(folder, 'event', settling.touch);
      } catch (error) {
        // It is gone again, or was never more than a name.
        if (!(error instanceof Fault)) throw error;
      }
    }
  };

  const hear = (event: WatchEvent, settling: Settling): void => {
    if (event.type === 'touched') {
      settling.touch(event.place);
      return;
    }
    if (event.type === 'closed') {
      closed.add(event.path);
      if (isAtRest) deps.tell(restState());
      return;
    }
    if (event.type === 'lost') deps.lost(event.reason);
    if (event.type === 'partly') partly = event.reason;
    if (event.type === 'ended') isOver = true;
    wantsAll = true;
    bell.ring();
  };

  /** Settles when the watch is to be begun anew. */
  const watchEvents = async (events: Events): Promise<void> => {
    const settling = createSettling(events.look, timing, Date.now);
    const unwatch = events.watch((event) => hear(event, settling));
    let looking = false;
    const look = async () => {
      if (looking || settling.size() === 0) return;
      looking = true;
      const { files, folders } = settling.rested();
      if (folders.length > 0) {
        wanted.push(...folders);
        bell.ring();
      }
      await noticeGroups(files, 'event').catch(deps.failed);
      looking = false;
    };
    const ticks = [
      setInterval(look, TICK),
      setInterval(() => {
        if (events.isSame()) return;
        isOver = true;
        bell.ring();
      }, ROOT_TICK),
    ];
    try {
      while (!signal.aborted && !isOver) {
        if (wantsAll) {
          await listAll('listing', settling.touch);
          isAtRest = true;
          deps.tell(restState());
        }
        await listFolders(settling);
        if (!wantsAll && wanted.length === 0 && !isOver) await bell.wait(partly === undefined ? 2 ** 30 : timing.poll);
        if (partly !== undefined && wanted.length === 0) wantsAll = true;
      }
    } finally {
      unwatch();
      for (const tick of ticks) clearInterval(tick);
    }
  };

  /** @param young told of what may not have come to rest; such a file is left for the next time */
  const poll = async (reason: string, young?: (place: Place) => void): Promise<void> => {
    while (!signal.aborted) {
      await listAll('polling', young);
      deps.tell({ state: 'polling', reason });
      await bell.wait(timing.poll);
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      isOver = false;
      wantsAll = true;
      partly = undefined;
      closed.clear();
      try {
        const changes = (await open()).changes?.();
        // Objects are there as a whole or not at all.
        if (changes === undefined) await poll('this kind of storage tells of no changes');
        else if (changes.by === 'listing') await poll(changes.reason, () => {});
        else await watchEvents(changes);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Fault)) throw error;
        deps.tell({ state: 'away', reason: error.message });
        await bell.wait(retry);
        retry = Math.min(retry * 2, LAST_RETRY);
      }
    }
  };

  run().catch(deps.failed);
  return {
    list: () => {
      wantsAll = true;
      bell.ring();
    },
    stop: () => {
      ended.abort();
      bell.ring();
    },
  };
};
