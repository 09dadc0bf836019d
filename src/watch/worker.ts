import { parentPort, workerData } from 'node:worker_threads';
import type { StorageSecret } from '../core/storage';
import { createOpenBackend } from '../storages/storages';
import type { FromThread, ThreadData, ToThread, WatchOrder } from './messages';
import { startWatcher, type Watcher } from './watcher';

/** Groups of one storage that may be on their way at once. */
const ON_THE_WAY = 4;

const { except } = workerData as ThreadData;
const secrets = new Map<string, StorageSecret | undefined>();
const openBackend = createOpenBackend({ except, secretOf: async (id) => secrets.get(id) });
const running = new Map<string, { watcher: Watcher; kept: () => void }>();

const send = (message: FromThread): void => parentPort?.postMessage(message);

const fail = (error: unknown): void => {
  // An error of the thread: the daemon starts it anew.
  queueMicrotask(() => {
    throw error;
  });
};

const start = ({ id, storage, secret, timing, begun }: WatchOrder): void => {
  secrets.set(storage.id, secret);
  running.get(id)?.watcher.stop();
  let onTheWay = 0;
  const waiting: (() => void)[] = [];
  const watcher = startWatcher({
    open: () => openBackend(storage),
    timing,
    begun,
    notice: async (group, by) => {
      if (onTheWay >= ON_THE_WAY) await new Promise<void>((resolve) => waiting.push(resolve));
      onTheWay += 1;
      send({ type: 'noticed', id, group, by });
    },
    tell: (state) => send({ type: 'state', id, state }),
    listed: () => send({ type: 'listed', id }),
    lost: (reason) => send({ type: 'lost', id, reason }),
    failed: fail,
  });
  const kept = () => {
    onTheWay -= 1;
    waiting.shift()?.();
  };
  running.set(id, { watcher, kept });
};

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'start') return start(message.order);
  const one = running.get(message.id);
  if (message.type === 'kept') one?.kept();
  if (message.type === 'list') one?.watcher.list();
  if (message.type === 'stop') {
    one?.watcher.stop();
    running.delete(message.id);
  }
});
