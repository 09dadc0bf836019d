import { useQuery } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import type { Rescan, Scan } from './client';
import { readAll, usePages } from './pages';
import { useProgram } from './program';

/** How often what runs is looked at; events tell of its ends only. Milliseconds. */
const LOOK = 1_000;

export const isOver = ({ state }: { state: string }): boolean => state !== 'running' && state !== 'paused';

export const useScan = (id: string) => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['scan', id],
    queryFn: () => parseResponse(client.scan[':id'].$get({ param: { id } })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK : false),
  });
};

/** Every report, newest first. */
export const useScans = (storageId?: string) => {
  const { client } = useProgram();
  return usePages(['scans', storageId ?? ''], (ask) =>
    parseResponse(client.scan.$get({ query: storageId === undefined ? ask : { ...ask, storageId } })),
  );
};

/** The scans and rescans that are not over. */
export const useActive = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['active'],
    refetchInterval: LOOK,
    queryFn: async () => {
      const scans: Scan[] = [];
      const rescans: Rescan[] = [];
      for (const state of ['running', 'paused'] as const) {
        scans.push(...(await readAll((ask) => parseResponse(client.scan.$get({ query: { ...ask, state } })))));
        rescans.push(...(await readAll((ask) => parseResponse(client.rescan.$get({ query: { ...ask, state } })))));
      }
      return { scans, rescans };
    },
  });
};

/** The newest reports, for an overview. */
export const useNewestScans = (limit: number) => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['overview', 'scans', limit],
    queryFn: async () => (await parseResponse(client.scan.$get({ query: { limit: String(limit) } }))).entries,
  });
};
