import { resolve } from 'node:path';
import { parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import type { Client } from './daemon';
import { findStorageAround, listStorages } from './find';
import { tell } from './output';

/** @throws Fault BAD_REQUEST for no word at all, which as a path would be the current folder */
const findNamed = async (client: Client, word: string) => {
  if (word === '') {
    throw new Fault('BAD_REQUEST', 'No storage is named.', {
      hint: 'Write its name, its id or a path; "." is the current folder.',
    });
  }
  return (await listStorages(client)).find(({ id, name }) => id === word || name === word);
};

/** Makes a folder a storage, unless it cannot be reached: that is a path that was mistyped, or a share that is not mounted. */
const addFolder = async (client: Client, path: string): Promise<string> => {
  const { id } = await parseResponse(
    client.api.storage.$post({ json: { name: path, options: { kind: 'local', path } } }),
  );
  try {
    await parseResponse(client.api.storage[':id'].test.$post({ param: { id } }));
  } catch (error) {
    await parseResponse(client.api.storage[':id'].$delete({ param: { id } }));
    throw error;
  }
  tell(`assay: ${path} is a new storage`);
  return id;
};

/** The storage of a name, an id or a path, and the folder in it that a path names; a path that lies in no storage becomes one, if it is there. */
export const placeAt = async (client: Client, word: string): Promise<{ storageId: string; path?: string }> => {
  const named = await findNamed(client, word);
  if (named !== undefined) return { storageId: named.id };
  const path = resolve(word);
  const around = await findStorageAround(client, path);
  if (around !== undefined) return { storageId: around.storage.id, path: around.path };
  return { storageId: await addFolder(client, path) };
};

/** The id of the storage of a name, an id or a path; a path that is no storage's own becomes one, if it is there. */
export const storageAt = async (client: Client, word: string): Promise<string> => {
  const named = await findNamed(client, word);
  if (named !== undefined) return named.id;
  const path = resolve(word);
  const around = await findStorageAround(client, path);
  return around?.path === '' ? around.storage.id : addFolder(client, path);
};
