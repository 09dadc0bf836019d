import { useQuery } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import { readAll, usePages } from './pages';
import { useProgram } from './program';

const LOOK = 5_000;

const byName = <T extends { name: string }>(list: T[]): T[] => list.sort((a, b) => a.name.localeCompare(b.name));

export const useStorages = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['storages'],
    refetchInterval: ({ state }) => (state.data?.some(({ waiting }) => waiting) ? LOOK : false),
    queryFn: async () => byName(await readAll((ask) => parseResponse(client.storage.$get({ query: ask })))),
  });
};

export const useWorkflows = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['workflows'],
    queryFn: async () => byName(await readAll((ask) => parseResponse(client.workflow.$get({ query: ask })))),
  });
};

export const useWorkflow = (id: string) => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['workflow', id],
    queryFn: () => parseResponse(client.workflow[':id'].$get({ param: { id } })),
  });
};

export const useRevisions = (id: string) => {
  const { client } = useProgram();
  return usePages(['workflow', id, 'revisions'], (ask) =>
    parseResponse(client.workflow[':id'].revisions.$get({ param: { id }, query: ask })),
  );
};

/** The finished reports to which a workflow applies now, the newest first; `files` is of all of them. */
export const useJudgedReports = (id: string) => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['workflow', id, 'reports'],
    queryFn: () => parseResponse(client.workflow[':id'].reports.$get({ param: { id }, query: { limit: '1000' } })),
    staleTime: 0,
  });
};

export const useEngines = () => {
  const { client } = useProgram();
  return useQuery({
    queryKey: ['engines'],
    queryFn: () => readAll((ask) => parseResponse(client.engine.$get({ query: ask }))),
    refetchInterval: 30_000,
  });
};

export const useHealth = () => {
  const { client } = useProgram();
  return useQuery({ queryKey: ['health'], queryFn: () => parseResponse(client.health.$get()) });
};
