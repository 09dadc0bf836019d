import { createRoute, z } from '@hono/zod-openapi';
import type { ApiDeps } from './deps';
import { createRouter, json } from './router';

const Health = z
  .object({
    live: z.boolean(),
    ready: z.boolean(),
    version: z.string(),
    responseKey: z.string(),
    responseMessage: z.string(),
  })
  .openapi('Health');

const show = createRoute({
  method: 'get',
  path: '/',
  tags: ['Health'],
  summary: 'Whether Assay is up, and ready to look into files',
  security: [],
  responses: { 200: json(Health, 'Ready.'), 503: json(Health, 'Up, but not ready.') },
});

export const createHealthRoutes = ({ host, version }: ApiDeps) =>
  createRouter().openapi(show, (c) => {
    if (host.pid() !== undefined) {
      const ready = { responseKey: 'READY', responseMessage: 'Assay is ready.' };
      return c.json({ live: true, ready: true, version, ...ready }, 200);
    }
    const starting = { responseKey: 'NOT_READY', responseMessage: 'The engine host is being started.' };
    return c.json({ live: true, ready: false, version, ...starting }, 503);
  });
