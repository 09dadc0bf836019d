/** How long a thread may go on without its timers and sockets. Milliseconds. */
const LONGEST = 10;

/** Lets the thread's timers, sockets and other files go on, when it is time; awaiting what is at hand already does not. */
export const createPause = (): (() => Promise<void> | undefined) => {
  let last = performance.now();
  return () => {
    if (performance.now() - last < LONGEST) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now();
        resolve();
      }),
    );
  };
};
