import { useQuery } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import type { Change } from '../../core/change';
import { usePages } from './pages';
import { useProgram } from './program';

const LOOK = 1_000;

export const useRescan = (id: string) => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['rescan', id],
    queryFn: () => parseResponse(client.rescan[':id'].$get({ param: { id } })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK : false),
  });
};

/** Every rescan, or those of one report, newest first. */
export const useRescans = (scanId?: string) => {
  const { client } = useProgram();
  return usePages(['rescans', scanId ?? ''], (ask) =>
    parseResponse(client.rescan.$get({ query: scanId === undefined ? ask : { ...ask, scanId } })),
  );
};

/** The files that a rescan changed in one way. */
export const useChangedFiles = (id: string, change: Change) => {
  const { client } = useProgram();
  return usePages(['rescan', id, 'files', change], (ask) =>
    parseResponse(client.rescan[':id'].files.$get({ param: { id }, query: { ...ask, change } })),
  );
};
