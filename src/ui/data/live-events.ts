import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Scan, ScanFile } from './client';
import { patchFiles } from './files';
import type { News } from './news';

/** What `GET /api/events` sends, with the name of the event. */
export type LiveEvent =
  | ({ type: 'scan' } & Scan)
  | { type: 'rescan'; rescanId: string }
  | ({ type: 'file'; scanId: string; rescanId?: string; fileId: string } & Pick<
      ScanFile,
      'state' | 'status' | 'scanAllResultI' | 'scanAllResultA' | 'detections'
    >)
  | { type: 'lost' };

interface ScanPage {
  entries: Scan[];
}

/** Changes a scan where it stands in a list, so that no row moves; `undefined` when it is not in there. */
const replaceIn = (data: InfiniteData<ScanPage>, scan: Scan): InfiniteData<ScanPage> | undefined => {
  if (!data.pages.some(({ entries }) => entries.some(({ id }) => id === scan.id))) return undefined;
  const replace = (entry: Scan) => (entry.id === scan.id ? scan : entry);
  return { ...data, pages: data.pages.map((page) => ({ ...page, entries: page.entries.map(replace) })) };
};

const applyScan = (scan: Scan, queries: QueryClient, news: News) => {
  for (const [key, data] of queries.getQueriesData<InfiniteData<ScanPage>>({ queryKey: ['scans'] })) {
    const replaced = data && replaceIn(data, scan);
    if (replaced) queries.setQueryData(key, replaced);
    else if (data) news.add('scans');
  }
  void queries.invalidateQueries({ queryKey: ['scan', scan.id] });
  void queries.invalidateQueries({ queryKey: ['active'] });
  void queries.invalidateQueries({ queryKey: ['overview'] });
};

type FileEvent = Extract<LiveEvent, { type: 'file' }>;

const applyFiles = (events: FileEvent[], queries: QueryClient, news: News) => {
  for (const [scanId, group] of Map.groupBy(events, ({ scanId }) => scanId)) {
    const outcomes = group.map(({ fileId, state, status, scanAllResultI, scanAllResultA, detections }) => {
      return [fileId, { state, status, scanAllResultI, scanAllResultA, detections }] as const;
    });
    const shown = patchFiles(queries, scanId, new Map(outcomes));
    for (const { fileId } of group) if (!shown.has(fileId)) news.add(`files ${scanId}`);
    void queries.invalidateQueries({ queryKey: ['scan', scanId] });
  }
  const ids = new Set(events.map(({ fileId }) => fileId));
  void queries.invalidateQueries({ predicate: ({ queryKey: [kind, id] }) => kind === 'file' && ids.has(String(id)) });
};

/** Brings a group of events into what the page shows; lists that are being read are told of as news. */
export const applyEvents = (events: LiveEvent[], { queries, news }: { queries: QueryClient; news: News }): void => {
  const rescans = new Set<string>();
  const files: FileEvent[] = [];
  for (const event of events) {
    if (event.type === 'scan') {
      const { type: _, ...scan } = event;
      applyScan(scan, queries, news);
    }
    if (event.type === 'rescan') {
      rescans.add(event.rescanId);
      for (const kind of ['rescans', 'active']) void queries.invalidateQueries({ queryKey: [kind] });
    }
    if (event.type === 'file') {
      files.push(event);
      if (event.rescanId) rescans.add(event.rescanId);
    }
    if (event.type === 'lost') void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'files' });
  }
  if (files.length > 0) applyFiles(files, queries, news);
  for (const id of rescans) void queries.invalidateQueries({ queryKey: ['rescan', id] });
};
