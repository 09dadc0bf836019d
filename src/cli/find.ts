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
    storages.find(({ options }) => options.path === resolve(word));
  if (found !== undefined) return found;
  throw new Fault('NOT_FOUND', `There is no storage "${word}".`, { hint: 'See them with "assay storage".' });
};

const isBelow = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
};

/** The storage that a path lies in, with the way to it there. */
export const findStorageAround = async (client: Client, path: string) => {
  const around = (await listStorages(client)).filter(({ options }) => isBelow(options.path, path));
  const [closest] = around.toSorted((a, b) => b.options.path.length - a.options.path.length);
  return closest && { storage: closest, path: relative(closest.options.path, path) };
};

/** The id of the workflow of a name or an id; undefined when none is named. @throws Fault NOT_FOUND */
export const getWorkflowId = async (client: Client, word: string | undefined): Promise<string | undefined> => {
  if (word === undefined) return undefined;
  const workflows = await all(entriesOf((query) => parseResponse(client.api.workflow.$get({ query }))));
  const found = workflows.find(({ id, name }) => id === word || name === word);
  if (found !== undefined) return found.id;
  const names = workflows.map(({ name }) => name).join(', ');
  throw new Fault('NOT_FOUND', `There is no workflow "${word}".`, { hint: `Workflows are: ${names}.` });
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a word is an id, rather than a path or a name. */
export const isId = (word: string): boolean => ID.test(word);

/** The id of the file that a word names: an id, or a path. @throws Fault NOT_FOUND */
export const getFileId = async (client: Client, word: string): Promise<string> => {
  if (isId(word)) return word;
  const path = resolve(word);
  try {
    return (await parseResponse(client.api.file.$get({ query: { path } }))).id;
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'NOT_FOUND') throw error;
    throw new Fault('NOT_FOUND', `No scan has met a file ${path}.`, {
      hint: 'Scan it with "assay scan", or list what a scan found with "assay scans files ID".',
      cause: error,
    });
  }
};
