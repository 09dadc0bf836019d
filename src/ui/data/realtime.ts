import { useQuery } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import { useProgram } from './program';

const LOOK = 5_000;

/** The real-time processing that is active. */
export const useRealtime = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['realtime'],
    refetchInterval: LOOK,
    queryFn: async () => (await parseResponse(client.realtime.$get())).entries,
  });
};
