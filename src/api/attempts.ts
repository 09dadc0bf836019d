import type { Clock } from '../core/clock';

const MAX_KEYS = 10_000;

/**
 * Counts attempts by key within a sliding window, in memory. An attempt is counted before it is known how it ends, so that many
 * at once cannot slip through.
 */
export const createAttempts = (options: { limit: number; window: number; clock: Clock }) => {
  const { limit, window, clock } = options;
  const times = new Map<string, number[]>();

  const recent = (key: string): number[] => (times.get(key) ?? []).filter((at) => at > clock() - window);

  const forgetOld = (): void => {
    for (const key of times.keys()) if (recent(key).length === 0) times.delete(key);
    for (const key of times.keys()) if (times.size > MAX_KEYS) times.delete(key);
  };

  return {
    /** Milliseconds until another attempt may be made; 0 when it may now. */
    wait: (key: string): number => {
      const within = recent(key);
      const oldest = within.at(-limit);
      return oldest === undefined ? 0 : oldest + window - clock();
    },
    count: (key: string): void => {
      times.set(key, [...recent(key), clock()]);
      if (times.size > MAX_KEYS) forgetOld();
    },
    /** Takes back the newest attempt, because it was no guess. */
    forgive: (key: string): void => {
      times.set(key, recent(key).slice(0, -1));
    },
  };
};
