/** Gives the thread's other files their turn while one works for long without waiting. */
export interface Turns {
  /** Waits a moment when this file had the thread for long. @throws when the file's time is up */
  next: () => Promise<void>;
}

/** How long one file has the thread. Milliseconds. */
const TURN = 10;

export const createTurns = (signal: AbortSignal): Turns => {
  let since = performance.now();
  return {
    next: async () => {
      if (performance.now() - since < TURN) return;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      since = performance.now();
    },
  };
};
