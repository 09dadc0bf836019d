/** How far a group is, in memory that the thread and the pool share: when a thread is lost, the pool still knows what it was doing. */
export interface Progress {
  readonly shared: SharedArrayBuffer;
  setThread: (id: number) => void;
  thread: () => number;
  begin: (index: number, now: number) => void;
  end: (index: number) => void;
  /** When the file that is being looked into was begun; undefined when it was not, or has been done. */
  begunAt: (index: number) => number | undefined;
}

/** Layout: float64 times by file (0 not begun, negative done), then one for the thread's id. */
export const createProgress = (files: number, shared = new SharedArrayBuffer(8 * (files + 1))): Progress => {
  const times = new Float64Array(shared);
  return {
    shared,
    setThread: (id) => {
      times[files] = id;
    },
    thread: () => times[files] ?? 0,
    begin: (index, now) => {
      times[index] = now;
    },
    end: (index) => {
      times[index] = -1;
    },
    begunAt: (index) => {
      const at = times[index] ?? 0;
      return at > 0 ? at : undefined;
    },
  };
};
