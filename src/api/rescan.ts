import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import type { Rescan as CoreRescan } from '../core/scan';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { progressOf } from './progress';
import { createRouter, errors, IdParam, json } from './router';
import { Progress } from './scan';

const Rescan = z
  .object({
    id: z.string(),
    state: z.enum(['running', 'paused', 'finished', 'canceled']),
    actor: z.string().openapi({ description: 'Who asked.' }),
    created: z.string(),
    finished: z.string().optional(),
    progress: Progress,
  })
  .openapi('Rescan');

const show = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['Rescans'],
  summary: 'Show a rescan with its progress',
  middleware: needs('viewer'),
  request: { params: IdParam },
  responses: { 200: json(Rescan, 'The rescan.'), ...errors },
});

const toJson = ({ id, state, actor, createdAt, finishedAt, ...counts }: CoreRescan) => ({
  id,
  state,
  actor,
  created: toRfc3339(createdAt),
  finished: finishedAt === undefined ? undefined : toRfc3339(finishedAt),
  progress: progressOf(counts, finishedAt !== undefined),
});

export const createRescanRoutes = ({ store }: ApiDeps) =>
  createRouter().openapi(show, async (c) => {
    const rescan = await store.rescans.find(c.req.valid('param').id);
    return c.json(toJson(found(rescan, 'rescan')), 200);
  });
