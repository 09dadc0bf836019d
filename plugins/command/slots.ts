/** Lets `size` work at once, the others in order. */
export const createSlots = (size: number) => {
  const waiting: (() => void)[] = [];
  const emptied: (() => void)[] = [];
  let taken = 0;

  const release = () => {
    const next = waiting.shift();
    if (next) return next();
    taken--;
    if (taken === 0) for (const resolve of emptied.splice(0)) resolve();
  };

  return {
    /** Waits for a turn; answers what gives it back, or undefined once the signal aborted. */
    take: (signal: AbortSignal): Promise<(() => void) | undefined> =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(undefined);
        if (taken < size) {
          taken++;
          return resolve(release);
        }
        const give = () => {
          signal.removeEventListener('abort', leave);
          resolve(release);
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(give), 1);
          resolve(undefined);
        };
        waiting.push(give);
        signal.addEventListener('abort', leave, { once: true });
      }),
    /** Settles once nobody works. */
    empty: (): Promise<void> => (taken === 0 ? Promise.resolve() : new Promise((resolve) => emptied.push(resolve))),
  };
};
