import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { toRfc3339 } from '../core/clock';
import type { AuditEntry as Entry } from '../store/audit';
import type { ApiDeps } from './deps';
import { needs } from './gate';
import { PageQuery, pageOf, pageSchema } from './page';
import { type ApiEnv, createRouter, errors, json } from './router';

const AuditEntry = z
  .object({
    id: z.string(),
    time: z.string(),
    actor: z.string(),
    action: z.string().openapi({ example: 'storage.create' }),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('AuditEntry');

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Audit'],
  summary: 'Who did what, newest first',
  middleware: needs('admin'),
  request: { query: PageQuery },
  responses: { 200: json(pageSchema(AuditEntry), 'A page of the audit.'), ...errors },
});

/** Writes down what the one who asks has just done, where the verb that did it was not told who asks. Never give it a secret. */
export const createRecorder =
  ({ store, clock }: Pick<ApiDeps, 'store' | 'clock'>) =>
  (c: Context<ApiEnv>, action: string, detail: Entry['detail']): Promise<void> =>
    store.audit.append(c.get('actor').name, action, detail, clock());

const toJson = ({ at, ...entry }: Entry) => ({ ...entry, time: toRfc3339(at) });

export const createAuditRoutes = ({ store }: ApiDeps) =>
  createRouter().openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const rows = await store.audit.list({ before: cursor, limit: limit + 1 });
    return c.json(pageOf(rows.map(toJson), limit, await store.audit.count()), 200);
  });
