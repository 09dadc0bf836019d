import { setImmediate as breathe } from 'node:timers/promises';
import type { FileOrder } from '../core/file-order';
import type { Scan } from '../core/scan';
import type { FileFilter } from '../store/file-filter';
import type { OutcomeCount } from '../store/files';
import type { Store } from '../store/store';
import { createEntries, type Entry } from './entry';

/** How many files are read, counted and marked at once: what other requests wait for. */
const READ = 500;
const COUNT = 5_000;

/** A scan's report, ready to be written once. The files that it speaks of are those that the scan had found when it was opened. */
export interface Report {
  scan: Scan;
  filter: FileFilter;
  openedAt: number;
  order?: FileOrder;
  /** The files that the filter takes, in that order or else as they were found, group by group; each as it is when it is read. */
  entries: () => AsyncGenerator<Entry[], void>;
  /** How the files that the filter takes came out. */
  counts: () => Promise<OutcomeCount[]>;
  /** How many results of the scan's files were recorded since the report was opened. */
  recordedSince: () => Promise<number>;
}

export type ReportFilter = Omit<FileFilter, 'scanId'> & {
  /** As the files were found without. */
  order?: FileOrder;
};

/** Ends of stretches of the scan's files. Lets go of the thread between them, because the store never does. */
async function* stretchesOf({ files }: Store, scanId: string, last: string, size: number) {
  for (let after = ''; after < last; ) {
    const end = await files.endOfStretch(scanId, after, last, size);
    yield { after, last: end };
    after = end;
    await breathe();
  }
}

/** A scan's files in an order, group by group. */
async function* inOrder({ files }: Store, filter: FileFilter, order: FileOrder, last: string) {
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const step = await files.listStep({ ...filter, order, after, limit: READ }, last);
    yield step.files;
    after = step.after;
    await breathe();
  }
}

/** A scan's files as they were found, group by group. */
async function* asFound(store: Store, filter: FileFilter, last: string) {
  for await (const stretch of stretchesOf(store, filter.scanId, last, READ)) {
    yield await store.files.listStretch({ ...filter, ...stretch });
  }
}

const addUp = (sums: Map<string, OutcomeCount>, outcome: OutcomeCount): void => {
  const { state, status, detections, count } = outcome;
  const key = JSON.stringify([state, status, detections]);
  sums.set(key, { ...outcome, count: count + (sums.get(key)?.count ?? 0) });
};

/** Opens the report of a scan: fixes which files it speaks of. */
export const openReport = async (
  store: Store,
  scan: Scan,
  { order, ...wanted }: ReportFilter,
  openedAt: number,
): Promise<Report> => {
  const { files } = store;
  const filter = { ...wanted, scanId: scan.id };
  const opened = await files.mark();
  const last = (await files.lastId(scan.id)) ?? '';
  return {
    scan,
    filter,
    order,
    openedAt,
    entries: async function* () {
      const toEntries = createEntries(store);
      for await (const group of order ? inOrder(store, filter, order, last) : asFound(store, filter, last)) {
        const entries = await toEntries(group);
        if (entries.length > 0) yield entries;
      }
    },
    counts: async () => {
      const sums = new Map<string, OutcomeCount>();
      for await (const stretch of stretchesOf(store, scan.id, last, COUNT)) {
        for (const outcome of await files.countStretch({ ...filter, ...stretch })) addUp(sums, outcome);
      }
      return [...sums.values()];
    },
    recordedSince: async () => {
      const now = await files.mark();
      let sum = 0;
      for (let mark = opened; mark < now; mark += COUNT) {
        sum += await files.countRecorded(scan.id, last, mark, Math.min(now, mark + COUNT));
        await breathe();
      }
      return sum;
    },
  };
};
