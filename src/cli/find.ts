import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import { type Client, entriesOf } from './daemon';

const all = async <T>(entries: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
};

export const listStorages = (client: Client) =>
  all(entriesOf((query) => parseResponse(client.api.storage.$get({ query }))));

export const listUsers = (client: Client) => all(entriesOf((query) => parseResponse(client.api.user.$get({ query }))));

export const listKeys = (client: Client) => all(entriesOf((query) => parseResponse(client.api.apikey.$get({ query }))));

/** The storage of a name, an id or a path. @throws Fault NOT_FOUND */
export const getStorage = async (client: Client, word: string) => {
  const storages = await listStorages(client);
  const found =
    storages.find(({ id, name }) => id === word || name === word) ??
    storages.find(({ options }) => options.kind === 'local' && options.path === resolve(word));
  if (found !== undefined) return found;
  throw new Fault('NOT_FOUND', `There is no storage "${word}".`, { hint: 'See them with "assay storage".' });
};

const isBelow = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
};

/** The storage that a path lies in, with the way to it there. */
export const findStorageAround = async (client: Client, path: string) => {
  const around = (await listStorages(client)).flatMap((storage) =>
    storage.options.kind === 'local' && isBelow(storage.options.path, path)
      ? { storage, root: storage.options.path }
      : [],
  );
  const [closest] = around.toSorted((a, b) => b.root.length - a.root.length);
  return closest && { storage: closest.storage, path: relative(closest.root, path) };
};

export const listWorkflows = (client: Client) =>
  all(entriesOf((query) => parseResponse(client.api.workflow.$get({ query }))));

/** All revisions of a workflow, newest first, also when it is removed. @throws Fault NOT_FOUND */
export const listRevisions = (client: Client, id: string) =>
  all(entriesOf((query) => parseResponse(client.api.workflow[':id'].revisions.$get({ param: { id }, query }))));

/** The workflow of a name or an id. @throws Fault NOT_FOUND */
export const getWorkflow = async (client: Client, word: string) => {
  const workflows = await listWorkflows(client);
  const found = workflows.find(({ id }) => id === word) ?? workflows.find(({ name }) => name === word);
  if (found !== undefined) return found;
  const names = workflows.map(({ name }) => name).join(', ');
  throw new Fault('NOT_FOUND', `There is no workflow "${word}".`, { hint: `Workflows are: ${names}.` });
};

/** The id of the workflow of a name or an id; undefined when none is named. @throws Fault NOT_FOUND */
export const getWorkflowId = async (client: Client, word: string | undefined): Promise<string | undefined> =>
  word === undefined ? undefined : (await getWorkflow(client, word)).id;

/** The same for a workflow that results are of: by its id also one that was removed. @throws Fault NOT_FOUND */
export const getWorkflowIdOfResults = async (client: Client, word: string | undefined): Promise<string | undefined> => {
  if (word === undefined || !isId(word)) return getWorkflowId(client, word);
  await parseResponse(client.api.workflow[':id'].revisions.$get({ param: { id: word }, query: { limit: '1' } }));
  return word;
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a word is an id, rather than a path or a name. */
export const isId = (word: string): boolean => ID.test(word);

/** The absolute paths that a word may mean: as it is written, and with its links followed. */
export const pathsOf = (word: string): string[] => {
  const path = resolve(word);
  try {
    return [...new Set([path, realpathSync(path)])];
  } catch {
    // A file that is gone has results all the same.
    return [path];
  }
};

const unknownFile = (word: string): Fault =>
  new Fault('NOT_FOUND', `No scan has met a file ${resolve(word)}.`, {
    hint: 'Scan its storage with "assay scans start --storage NAME", or list what a scan found with "assay scans files ID".',
  });

/** The id of the file that a word names: an id, or a path. @throws Fault NOT_FOUND */
export const getFileId = async (client: Client, word: string): Promise<string> => {
  if (isId(word)) return word;
  for (const path of pathsOf(word)) {
    try {
      return (await parseResponse(client.api.file.$get({ query: { path } }))).id;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'NOT_FOUND') throw error;
    }
  }
  throw unknownFile(word);
};
