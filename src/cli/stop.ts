const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The wish to stop: a signal, or a reader that went away. */
export interface Stop {
  signal: AbortSignal;
  /** What the program exits with because of it; undefined while nobody wants it to stop. */
  exitCode: () => number | undefined;
  ask: (exitCode: number) => void;
  /** Leaves signals to whoever listens next. */
  release: () => void;
}

/** Listens for the wish to stop. Whoever asks by a second signal does not want to wait. */
export const listenForStop = (): Stop => {
  const abort = new AbortController();
  let exitCode: number | undefined;
  const ask = (code: number) => {
    exitCode ??= code;
    abort.abort();
  };
  const listeners = Object.entries(SIGNALS).map(([name, code]) => {
    const listener = () => (exitCode === undefined ? ask(code) : process.exit(code));
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: abort.signal,
    exitCode: () => exitCode,
    ask,
    release: () => {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
};
