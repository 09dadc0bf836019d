import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { Fault } from '../core/fault';
import { newId } from '../core/id';
import {
  type Storage as CoreStorage,
  GivenOptions,
  StorageOptions,
  type StorageSecret,
  splitSecret,
  storageTypeOf,
} from '../core/storage';
import { keepRoot } from '../storages/keep-root';
import { createRecorder } from './audit';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOfAll, pageSchema } from './page';
import { Acknowledgement, body, createRouter, errors, IdParam, json } from './router';
import { toWaitingJson, Waiting } from './waiting';

const Storage = z
  .object({
    id: z.string(),
    name: z.string(),
    storageType: z.number().int().openapi({ description: '0 Amazon S3, 6 S3-compatible, 100 a local folder.' }),
    options: StorageOptions,
    workflowId: z.string().optional(),
    created: z.string(),
    waiting: Waiting.optional(),
  })
  .openapi('Storage');

const NewStorage = z.strictObject({
  name: z.string().trim().min(1).max(200),
  options: GivenOptions,
  workflowId: z.string().optional(),
});

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Storages'],
  summary: 'List the storages',
  middleware: needs('viewer'),
  request: { query: PageQuery },
  responses: { 200: json(pageSchema(Storage), 'A page of storages.'), ...errors },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags: ['Storages'],
  summary: 'Create a storage',
  middleware: needs('admin'),
  request: { body: body(NewStorage) },
  responses: { 201: json(Storage, 'The storage.'), ...errors },
});

const show = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['Storages'],
  summary: 'Show a storage',
  middleware: needs('viewer'),
  request: { params: IdParam },
  responses: { 200: json(Storage, 'The storage.'), ...errors },
});

const change = createRoute({
  method: 'patch',
  path: '/{id}',
  tags: ['Storages'],
  summary: 'Change a storage; a workflowId of null leaves it to the default workflow',
  middleware: needs('admin'),
  request: {
    params: IdParam,
    body: body(NewStorage.extend({ workflowId: z.string().nullable() }).partial()),
  },
  responses: { 200: json(Storage, 'The storage.'), ...errors },
});

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags: ['Storages'],
  summary: 'Remove a storage; the reports of its scans stay',
  middleware: needs('admin'),
  request: { params: IdParam },
  responses: { 200: json(Acknowledgement, 'The storage is gone.'), ...errors },
});

const test = createRoute({
  method: 'post',
  path: '/{id}/test',
  tags: ['Storages'],
  summary: 'Try whether a storage can be reached',
  middleware: needs('operator'),
  request: { params: IdParam },
  responses: { 200: json(Acknowledgement, 'It can be reached.'), ...errors },
});

/** An object storage needs a secret: one that is given, or the one that it has. @throws Fault BAD_REQUEST */
const checkSecret = (
  { options, secretMark }: Pick<CoreStorage, 'options' | 'secretMark'>,
  secret?: StorageSecret,
): void => {
  if (options.kind === 'local' || secret !== undefined || secretMark !== undefined) return;
  throw new Fault('BAD_REQUEST', '"options.secretAccessKey" is not valid: it is missing.', {
    hint: 'Send the secret key that belongs to the access key.',
  });
};

export const createStorageRoutes = (deps: ApiDeps) => {
  const { storages } = deps.store;
  const record = createRecorder(deps);
  const toJson = (storage: CoreStorage) => ({
    id: storage.id,
    name: storage.name,
    storageType: storageTypeOf(storage.options),
    options: storage.options,
    workflowId: storage.workflowId,
    created: toRfc3339(storage.createdAt),
    waiting: toWaitingJson(deps.scans.waiting(storage.id)),
  });

  return createRouter()
    .openapi(list, async (c) => {
      const all = (await storages.list()).map(toJson);
      return c.json(pageOfAll(all, c.req.valid('query')), 200);
    })
    .openapi(create, async (c) => {
      const { name, workflowId, options: given } = c.req.valid('json');
      const { options, secret } = splitSecret(given);
      checkSecret({ options }, secret);
      const storage: CoreStorage = { id: newId(), name, options, workflowId, createdAt: deps.clock() };
      await storages.put(storage, secret);
      await keepRoot(deps.store, storage);
      await record(c, 'storage.create', { id: storage.id, name: storage.name });
      return c.json(toJson(storage), 201);
    })
    .openapi(show, async (c) => {
      const storage = await storages.find(c.req.valid('param').id);
      return c.json(toJson(found(storage, 'storage')), 200);
    })
    .openapi(change, async (c) => {
      const { workflowId, name, options: given } = c.req.valid('json');
      const old = found(await storages.find(c.req.valid('param').id), 'storage');
      const { options, secret } = given === undefined ? { options: old.options } : splitSecret(given);
      const storage = {
        ...old,
        name: name ?? old.name,
        options,
        workflowId: workflowId === undefined ? old.workflowId : (workflowId ?? undefined),
      };
      checkSecret(options.kind === old.options.kind ? storage : { options }, secret);
      await storages.put(storage, secret);
      if (given !== undefined) {
        // What the store had kept of the old place went with it.
        await keepRoot(deps.store, { ...storage, root: undefined });
        await deps.realtime.renew(old.id);
      }
      await deps.scans.retryStorage(old.id);
      await record(c, 'storage.change', { id: old.id, name: storage.name, changed: Object.keys(c.req.valid('json')) });
      return c.json(toJson(storage), 200);
    })
    .openapi(remove, async (c) => {
      const { id, name } = found(await storages.find(c.req.valid('param').id), 'storage');
      if (!(await storages.remove(id))) {
        throw new Fault('STORAGE_IN_USE', `The storage "${name}" is being scanned.`, {
          hint: 'Stop its real-time processing, and wait for its scans and rescans to end, or cancel them.',
        });
      }
      await record(c, 'storage.remove', { id, name });
      return c.json({ responseKey: 'STORAGE_REMOVED', responseMessage: 'The storage is removed.' }, 200);
    })
    .openapi(test, async (c) => {
      const storage = found(await storages.find(c.req.valid('param').id), 'storage');
      await deps.storages.test(storage);
      await keepRoot(deps.store, storage);
      await deps.scans.retryStorage(storage.id);
      return c.json({ responseKey: 'STORAGE_REACHABLE', responseMessage: 'The storage can be reached.' }, 200);
    });
};
