import { useQuery } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import type { Quarantined } from './client';
import { usePages } from './pages';
import { useProgram } from './program';

const LOOK = 5_000;

export type QuarantineState = Quarantined['state'];

/** What is, or was, in quarantine, newest first. */
export const useQuarantine = (state?: QuarantineState) => {
  const { client } = useProgram();
  return usePages(['quarantine', state ?? ''], (ask) =>
    parseResponse(client.quarantine.$get({ query: state === undefined ? ask : { ...ask, state } })),
  );
};

/** How many files are in quarantine, and the newest of them. */
export const useHeld = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['quarantine', 'newest'],
    refetchInterval: LOOK,
    queryFn: async () => {
      const { entries, total } = await parseResponse(client.quarantine.$get({ query: { limit: '1', state: 'held' } }));
      return { total, newest: entries[0] };
    },
  });
};

export const useQuarantined = (id: string) => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['quarantine', 'one', id],
    queryFn: () => parseResponse(client.quarantine[':id'].$get({ param: { id } })),
    refetchInterval: ({ state }) => (state.data?.state === 'restoring' ? LOOK : false),
  });
};
