import type { Clock } from '../core/clock';
import type { Due } from '../core/file';
import type { Host } from '../host/host';

export interface SuspectDeps {
  /** The next processing that ended a host before, taken. */
  takeOne: () => Promise<Due | undefined>;
  startHost: () => Promise<Host>;
  attempt: (host: Host, due: Due) => Promise<void>;
  giveBack: (due: Due) => Promise<void>;
  clock: Clock;
  failed: (error: unknown) => void;
}

export interface Suspects {
  /** Says that there may be one. */
  look: () => void;
  stop: () => Promise<void>;
}

/** How long the second host is kept for the next suspect. Milliseconds. */
const IDLE = 10_000;

/** Looks into what ended an engine host, one file at a time and behind a wall of its own, while the others go on. */
export const createSuspects = ({ takeOne, startHost, attempt, giveBack, clock, failed }: SuspectDeps): Suspects => {
  let host: Host | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    for (let idleSince = clock(); !stopped && clock() - idleSince < IDLE; ) {
      const due = await takeOne();
      if (due === undefined) {
        if (host === undefined) return;
        await Bun.sleep(100);
        continue;
      }
      host ??= await startHost();
      if (stopped) return giveBack(due);
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
