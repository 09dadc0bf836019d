import type { Finished } from '../store/work';

/**
 * Results are kept in groups, for a transaction costs as much as a dozen of them: a group is written when it is this large, when
 * nothing more is under way, or this long after its first result came (milliseconds).
 */
const GROUP = 250;
const LONGEST_WAIT = 50;

export interface Recorder {
  add: (finished: Finished) => void;
  /** Settles when all that was added is kept. */
  flush: () => Promise<void>;
}

/** @param write keeps a group in one transaction; when it throws, the group stays and `failed` is told */
export const createRecorder = (
  write: (group: Finished[]) => Promise<void>,
  failed: (error: unknown) => void,
): Recorder => {
  let waiting: Finished[] = [];
  let timer: Timer | undefined;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(async () => {
      const group = waiting;
      waiting = [];
      if (group.length === 0) return;
      try {
        await write(group);
      } catch (error) {
        waiting = [...group, ...waiting];
        failed(error);
      }
    });
    return writing;
  };

  return {
    add: (finished) => {
      waiting.push(finished);
      if (waiting.length >= GROUP) void flush();
      else timer ??= setTimeout(flush, LONGEST_WAIT);
    },
    flush,
  };
};
