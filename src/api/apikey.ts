import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { newId } from '../core/id';
import { type ApiKey as CoreApiKey, Role } from '../core/user';
import { createRecorder } from './audit';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOfAll, pageSchema } from './page';
import { Acknowledgement, body, createRouter, errors, IdParam, json } from './router';
import { hashSecret, newSecret } from './tokens';

const ApiKey = z
  .object({ id: z.string(), name: z.string(), role: Role, created: z.string(), lastUsed: z.string().optional() })
  .openapi('ApiKey');

const NewApiKey = ApiKey.extend({ key: z.string().openapi({ description: 'Shown this once.' }) }).openapi('NewApiKey');

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['API keys'],
  summary: 'List the API keys',
  middleware: needs('admin'),
  request: { query: PageQuery },
  responses: { 200: json(pageSchema(ApiKey), 'A page of API keys, without the keys themselves.'), ...errors },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags: ['API keys'],
  summary: 'Create an API key',
  middleware: needs('admin'),
  request: { body: body(z.strictObject({ name: z.string().min(1).max(100), role: Role })) },
  responses: { 201: json(NewApiKey, 'The key; it is shown this once.'), ...errors },
});

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags: ['API keys'],
  summary: 'Remove an API key',
  middleware: needs('admin'),
  request: { params: IdParam },
  responses: { 200: json(Acknowledgement, 'The key is worth nothing now.'), ...errors },
});

const toJson = (key: CoreApiKey) => ({
  id: key.id,
  name: key.name,
  role: key.role,
  created: toRfc3339(key.createdAt),
  lastUsed: key.lastUsedAt === undefined ? undefined : toRfc3339(key.lastUsedAt),
});

export const createApiKeyRoutes = (deps: ApiDeps) => {
  const { users } = deps.store;
  const record = createRecorder(deps);

  return createRouter()
    .openapi(list, async (c) => {
      const all = (await users.listApiKeys()).map(toJson);
      return c.json(pageOfAll(all, c.req.valid('query')), 200);
    })
    .openapi(create, async (c) => {
      const key: CoreApiKey = { ...c.req.valid('json'), id: newId(), createdAt: deps.clock() };
      const secret = `assay_${newSecret()}`;
      await users.insertApiKey(key, hashSecret(secret));
      await record(c, 'apikey.create', { id: key.id, name: key.name, role: key.role });
      return c.json({ ...toJson(key), key: secret }, 201);
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      found((await users.removeApiKey(id)) || undefined, 'API key');
      await record(c, 'apikey.remove', { id });
      return c.json({ responseKey: 'API_KEY_REMOVED', responseMessage: 'The API key is removed.' }, 200);
    });
};
