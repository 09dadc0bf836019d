import {
  type InfiniteData,
  type QueryClient,
  type QueryKey,
  usePrefetchInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import type { Filter } from '../report/filter';
import type { Client, ScanFile } from './client';
import { type Page, type PageAsk, type PagesOptions, pagesOf, usePages } from './pages';
import { useProgram } from './program';

const LOOK = 2_000;

type List = [key: QueryKey, read: (ask: PageAsk) => Promise<Page<ScanFile>>, options: PagesOptions];

const filesOf = (client: Client, scanId: string, filter: Filter): List => [
  ['files', scanId, filter],
  (ask) => parseResponse(client.scan[':id'].files.$get({ param: { id: scanId }, query: { ...ask, ...filter } })),
  { limit: 200 },
];

/** The files of a report that a filter takes, in the order in which they were found. */
export const useFiles = (scanId: string, filter: Filter) => usePages(...filesOf(useProgram().client, scanId, filter));

/** Asks for them already, while something else is still being read. */
export const usePrefetchFiles = (scanId: string, filter: Filter) =>
  usePrefetchInfiniteQuery(pagesOf(...filesOf(useProgram().client, scanId, filter)));

export const useFile = (id: string) => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['file', id],
    queryFn: () => parseResponse(client.file[':id'].$get({ param: { id } })),
    refetchInterval: ({ state }) => (state.data?.state === 'InProgress' ? LOOK : false),
  });
};

/** Every processing of a file, newest first; `state` is the file's own, for with it the list changes. */
export const useHistory = (id: string, state: string) => {
  const { client } = useProgram();
  return usePages(
    ['file', id, 'history', state],
    (ask) => parseResponse(client.file[':id'].history.$get({ param: { id }, query: ask })),
    { keeps: true },
  );
};

/** What lay in a file at its latest processing, those first that matter most. */
export const useMembers = (id: string, processingId: string) => {
  const { client } = useProgram();
  return usePages(
    ['file', id, 'members', processingId],
    (ask) => parseResponse(client.file[':id'].members.$get({ param: { id }, query: { ...ask, processingId } })),
    { limit: 1000 },
  );
};

type Files = InfiniteData<Page<ScanFile>>;

/** Changes files where they stand in the lists of a report, so that no row moves. Returns those that stood in one. */
export const patchFiles = (queries: QueryClient, scanId: string, patches: Map<string, Partial<ScanFile>>) => {
  const met = new Set<string>();
  queries.setQueriesData<Files>({ queryKey: ['files', scanId] }, (data) => {
    if (data === undefined) return undefined;
    const patch = (file: ScanFile): ScanFile => {
      const changed = patches.get(file.id);
      if (changed === undefined) return file;
      met.add(file.id);
      return { ...file, ...changed };
    };
    return { ...data, pages: data.pages.map((page) => ({ ...page, entries: page.entries.map(patch) })) };
  });
  return met;
};
