import type { Clock } from '../core/clock';
import type { Due } from '../core/file';
import type { Log } from '../core/log';
import type { Host } from '../host/host';

export interface SuspectDeps {
  /** The next processing that ended a host before, taken. */
  takeOne: () => Promise<Due | undefined>;
  startHost: () => Promise<Host>;
  attempt: (host: Host, due: Due) => Promise<void>;
  giveBack: (due: Due) => Promise<void>;
  clock: Clock;
  log: Log;
  failed: (error: unknown) => void;
}

export interface Suspects {
  /** Says that there may be one. */
  look: () => void;
  stop: () => Promise<void>;
}

/** How long the second host is kept for the next suspect. Milliseconds. */
const IDLE = 10_000;
/** The wait after a second host that did not start, which the kernel may have ended for want of memory. Milliseconds. */
const START_AGAIN = 1_000;

/** Looks into what ended an engine host, one file at a time and behind a wall of its own, while the others go on. */
export const createSuspects = ({
  takeOne,
  startHost,
  attempt,
  giveBack,
  clock,
  log,
  failed,
}: SuspectDeps): Suspects => {
  let host: Host | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const openHost = (): Promise<Host | undefined> =>
    startHost().catch((error: unknown) => {
      log.error({ err: error }, 'the engine host for files that ended one does not start');
      return undefined;
    });

  const run = async (): Promise<void> => {
    for (let idleSince = clock(); !stopped && clock() - idleSince < IDLE; ) {
      const due = await takeOne();
      if (due === undefined) {
        if (host === undefined) return;
        await Bun.sleep(100);
        continue;
      }
      host ??= await openHost();
      if (host === undefined || stopped) {
        await giveBack(due);
        if (!stopped) await Bun.sleep(START_AGAIN);
        idleSince = clock();
        continue;
      }
      await attempt(host, due);
      idleSince = clock();
    }
  };

  const look = (): void => {
    again = true;
    if (running !== undefined || stopped) return;
    again = false;
    running = run()
      .catch(failed)
      .then(() => host?.stop())
      .finally(() => {
        host = undefined;
        running = undefined;
        if (again) look();
      });
  };

  return {
    look,
    stop: async () => {
      stopped = true;
      await host?.stop();
      await running;
    },
  };
};
