import { parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import type { DaemonArguments } from './command';
import { type Client, connect } from './daemon';
import { tell } from './output';
import { startProgress } from './progress';
import { waitingWords } from './waiting';

/** Somebody who looks again at files: the daemon, or without one this program on its store. */
export interface Rescanner {
  client: Client;
  /** Nobody goes on when this command ends. */
  here: boolean;
  /** Waits until a rescan is over, with a line on the terminal. */
  ended: (rescanId: string) => Promise<void>;
  close: () => Promise<void>;
}

const POLL = 200;

const isUp = async (client: Client): Promise<boolean> => {
  try {
    await client.api.health.$get();
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'NO_DAEMON') return false;
    throw error;
  }
};

const waitFor =
  (client: Client, signal: AbortSignal, stopped: Promise<never> | undefined) =>
  async (id: string): Promise<void> => {
    let said = 'looking again';
    /** Why files wait, as it was told last. */
    let reason: string | undefined;
    const progress = startProgress(() => said);
    const poll = async () => {
      for (;;) {
        const rescan = await parseResponse(client.api.rescan[':id'].$get({ param: { id } }));
        const { state, progress: far, waiting } = rescan;
        if (state !== 'running' && state !== 'paused') return;
        if (waiting !== undefined && waiting.reason !== reason) {
          progress.clear();
          tell(`assay: its files wait ${waitingWords(waiting)}`);
        }
        reason = waiting?.reason;
        said = `looking again: ${far.done} of ${far.total} files, ${far.percent} %${state === 'paused' ? ', paused' : ''}`;
        signal.throwIfAborted();
        await Bun.sleep(POLL);
      }
    };
    const where = stopped === undefined ? 'in the daemon' : 'when Assay runs again';
    try {
      await Promise.race(stopped === undefined ? [poll()] : [poll(), stopped]);
    } catch (error) {
      progress.stop();
      if (signal.aborted) tell(`assay: the rescan ${id} goes on ${where}; "assay rescans cancel ${id}" ends it`);
      throw error;
    } finally {
      progress.stop();
    }
  };

/**
 * The daemon, or without one its store, which this program then works on itself, and says so.
 * @throws Fault NO_DAEMON when there is neither
 */
export const openRescanner = async (args: DaemonArguments, signal: AbortSignal): Promise<Rescanner> => {
  const { client } = connect(args);
  if (args.socket !== undefined || (await isUp(client))) {
    return { client, here: false, ended: waitFor(client, signal, undefined), close: async () => {} };
  }
  const { openHere } = await import('./here');
  const here = await openHere(args, signal);
  tell(`assay: no daemon runs; working on the store in ${here.dataDir} itself`);
  return { client: here.client, here: true, ended: waitFor(here.client, signal, here.stopped), close: here.close };
};
