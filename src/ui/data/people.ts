import { useQuery } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import { readAll, usePages } from './pages';
import { useProgram } from './program';

export const useUsers = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['users'],
    queryFn: () => readAll((ask) => parseResponse(client.user.$get({ query: ask }))),
  });
};

export const useApiKeys = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['apikeys'],
    queryFn: () => readAll((ask) => parseResponse(client.apikey.$get({ query: ask }))),
  });
};

export const useAudit = () => {
  const { client } = useProgram();
  return usePages(['audit'], (ask) => parseResponse(client.audit.$get({ query: ask })));
};
