/** How far a group is, in memory that the thread and the pool share: when a thread is lost, the pool still knows what it was doing. */
export interface Progress {
  readonly shared: SharedArrayBuffer;
  setThread: (id: number) => void;
  thread: () => number;
  /** The thread opens its engines, and asks them what they know, before it begins a file. */
  prepare: (now: number) => void;
  opened: () => void;
  prepared: () => void;
  /** When it began to prepare; undefined when it has not, or is done. */
  preparingSince: () => number | undefined;
  isOpened: () => boolean;
  begin: (index: number, now: number) => void;
  end: (index: number) => void;
  /** When the file that is being looked into was begun; undefined when it was not, or has been done. */
  begunAt: (index: number) => number | undefined;
}

/** Layout: float64 times by file (0 not begun, negative done), then the thread's id, one for its preparation, and whether its engines are open. */
export const createProgress = (files: number, shared = new SharedArrayBuffer(8 * (files + 3))): Progress => {
  const times = new Float64Array(shared);
  const [thread, preparation, opened] = [files, files + 1, files + 2];
  const since = (index: number): number | undefined => {
    const at = times[index] ?? 0;
    return at > 0 ? at : undefined;
  };
  return {
    shared,
    setThread: (id) => {
      times[thread] = id;
    },
    thread: () => times[thread] ?? 0,
    prepare: (now) => {
      times[preparation] = now;
    },
    opened: () => {
      times[opened] = 1;
    },
    prepared: () => {
      times[preparation] = -1;
    },
    preparingSince: () => since(preparation),
    isOpened: () => times[opened] === 1,
    begin: (index, now) => {
      times[index] = now;
    },
    end: (index) => {
      times[index] = -1;
    },
    begunAt: since,
  };
};
