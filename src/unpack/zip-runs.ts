import type { Window } from './window';
import { LOCAL } from './zip-record';

/** Bytes in which every way of reading sees the same members, one behind the other. */
export interface Run {
  start: number;
  end: number;
}

export interface Runs {
  /** Adds a member that every way of reading sees alike: from its local header to the end of its content. */
  add: (start: number, end: number) => void;
  /** By where they start. */
  sorted: () => Run[];
}

/** More than this many are not kept: the members of those left out are then found a second time. */
const MOST = 200_000;
/** What may lie between two members of a run, such as a data descriptor or padding. Bytes. */
const BETWEEN = 4096;

/** Collects the runs of a zip; one is enough for most. */
export const createRuns = (window: Window): Runs => {
  let runs: Run[] = [];
  let last: Run | undefined;
  let isFull = false;

  const follows = (start: number, end: number): boolean =>
    start === end || (start > end && start - end <= BETWEEN && !window.read(end, start - end).includes(LOCAL));

  const merge = (): Run[] => {
    const merged: Run[] = [];
    for (const run of runs.sort((a, b) => a.start - b.start || a.end - b.end)) {
      const before = merged.at(-1);
      // Of two that start alike the shorter one counts: more is then looked at.
      if (before?.start === run.start) continue;
      if (before !== undefined && follows(run.start, before.end)) before.end = Math.max(before.end, run.end);
      else merged.push({ ...run });
    }
    return merged;
  };

  return {
    add: (start, end) => {
      if (last !== undefined && follows(start, last.end)) {
        last.end = end;
        return;
      }
      last = undefined;
      if (isFull) return;
      if (runs.length === MOST) {
        runs = merge();
        isFull = runs.length > MOST / 2;
      }
      last = { start, end };
      runs.push(last);
    },
    sorted: merge,
  };
};
