import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../core/log';
import type { FromThread, ThreadData, ToThread, WatchOrder } from './messages';

/** The thread in which storages are watched: started with the first, ended with the last, and started anew when it fails. */
export interface WatchThread {
  start: (order: WatchOrder) => void;
  list: (id: string) => void;
  stop: (id: string) => void;
  end: () => Promise<void>;
}

/** What hears from the thread. `noticed` settles when the group is kept. */
export interface ThreadListener {
  noticed: (message: Extract<FromThread, { type: 'noticed' }>) => Promise<void>;
  told: (message: Exclude<FromThread, { type: 'noticed' }>) => void;
}

/** The wait before a thread that failed is started anew. Milliseconds. */
const RESTART = 1_000;

/** The source itself under `bun`, and in the binary the entry point that build.ts makes of it. */
const path = (): string =>
  import.meta.path.startsWith('/$bunfs/') ? '/$bunfs/root/src/watch/worker.js' : join(import.meta.dir, 'worker.ts');

/** @param except folders of this host that are never looked into */
export const createWatchThread = (except: string[], listener: ThreadListener, log: Log): WatchThread => {
  const orders = new Map<string, WatchOrder>();
  let worker: Worker | undefined;
  let restart: Timer | undefined;

  const send = (message: ToThread): void => worker?.postMessage(message);

  const hear = async (from: Worker, message: FromThread): Promise<void> => {
    if (from !== worker) return;
    if (message.type !== 'noticed') return listener.told(message);
    await listener.noticed(message);
    if (from === worker) send({ type: 'kept', id: message.id });
  };

  const open = (): void => {
    clearTimeout(restart);
    const workerData: ThreadData = { except };
    const started = new Worker(path(), { workerData });
    worker = started;
    started.on('message', (message: FromThread) => void hear(started, message));
    started.on('error', (error) => log.error({ err: error }, 'the thread that watches storages failed'));
    started.on('exit', () => {
      if (worker !== started) return;
      worker = undefined;
      if (orders.size > 0) restart = setTimeout(open, RESTART);
    });
    for (const order of orders.values()) send({ type: 'start', order });
  };

  const close = async (): Promise<void> => {
    clearTimeout(restart);
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };

  return {
    start: (order) => {
      orders.set(order.id, order);
      if (worker !== undefined) send({ type: 'start', order });
      else if (orders.size === 1) open();
    },
    list: (id) => send({ type: 'list', id }),
    stop: (id) => {
      orders.delete(id);
      send({ type: 'stop', id });
      if (orders.size === 0) void close();
    },
    end: close,
  };
};
