import { setImmediate as breathe } from 'node:timers/promises';
import type { Scan } from '../core/scan';
import type { FileFilter, OutcomeCount } from '../store/files';
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
  /** The files that the filter takes, in the order in which they were found, group by group; each as it is when it is read. */
  entries: () => AsyncGenerator<Entry[], void>;
  /** How the files that the filter takes came out. */
  counts: () => Promise<OutcomeCount[]>;
  /** How many results of the scan's files were recorded since the report was opened. */
  recordedSince: () => Promise<number>;
}

export type ReportFilter = Omit<FileFilter, 'scanId'>;

/** Ends of stretches of the scan's files. Lets go of the thread between them, because the store never does. */
async function* stretchesOf({ files }: Store, scanId: string, last: string, size: number) {
  for (let after = ''; after < last; ) {
    const end = await files.endOfStretch(scanId, after, last, size);
    yield { after, last: end };
    after = end;
    await breathe();
  }
}

const addUp = (sums: Map<string, OutcomeCount>, outcome: OutcomeCount): void => {
  const { state, status, detections, count } = outcome;
  const key = JSON.stringify([state, status, detections]);
  sums.set(key, { ...outcome, count: count + (sums.get(key)?.count ?? 0) });
};

/** Opens the report of a scan: fixes which files it speaks of. */
export const openReport = async (store: Store, scan: Scan, wanted: ReportFilter, openedAt: number): Promise<Report> => {
  const { files } = store;
  const filter = { ...wanted, scanId: scan.id };
  const opened = await files.mark();
  const last = (await files.lastId(scan.id)) ?? '';
  return {
    scan,
    filter,
    openedAt,
    entries: async function* () {
      const toEntries = createEntries(store);
      for await (const stretch of stretchesOf(store, scan.id, last, READ)) {
        const entries = await toEntries(await files.listStretch({ ...filter, ...stretch }));
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
