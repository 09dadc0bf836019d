import { createRoute, z } from '@hono/zod-openapi';
import type { EngineState } from '../core/engine';
import { Fault } from '../core/fault';
import { createRecorder } from './audit';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOfAll, pageSchema } from './page';
import { Acknowledgement, createRouter, errors, IdParam, json } from './router';

const Engine = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(['starting', 'ready', 'failing']),
    reason: z.string().optional().openapi({ description: 'Why it is failing.' }),
    finds: z.array(z.string()),
    definitions: z
      .object({
        version: z.string(),
        date: z.string().optional(),
        age: z.number().optional().openapi({ description: 'Milliseconds since the definitions were made.' }),
      })
      .optional(),
  })
  .openapi('Engine');

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Engines'],
  summary: 'List the engines with their definitions',
  middleware: needs('viewer'),
  request: { query: PageQuery },
  responses: { 200: json(pageSchema(Engine), 'The engines.'), ...errors },
});

const reload = createRoute({
  method: 'post',
  path: '/{id}/reload',
  tags: ['Engines'],
  summary: 'Open the engines anew, so that they read their rules again; scans go on meanwhile',
  middleware: needs('admin'),
  request: { params: IdParam },
  responses: { 200: json(Acknowledgement, 'The engines are open anew.'), ...errors },
});

const toJson = ({ finds, definitions, ...engine }: EngineState, now: number) => {
  const madeAt = Date.parse(definitions?.date ?? '');
  const age = Number.isNaN(madeAt) ? undefined : Math.max(0, now - madeAt);
  return { ...engine, finds: [...finds], definitions: definitions && { ...definitions, age } };
};

/** All engines are opened together: besides the one that was named, others may have been lost. */
const nowFailing = (failing: EngineState[]): Fault => {
  const who = failing.map(({ name, reason }) => `${name} is failing: ${reason}`).join('; ');
  return new Fault('ENGINE_UNAVAILABLE', `The engines are open anew, but ${who}.`, {
    hint: 'Mend that, and open them anew: files fail while it does not answer.',
  });
};

export const createEngineRoutes = (deps: ApiDeps) => {
  const { host, clock } = deps;
  const record = createRecorder(deps);

  return createRouter()
    .openapi(list, async (c) => {
      const engines = (await host.engines()).map((engine) => toJson(engine, clock()));
      return c.json(pageOfAll(engines, c.req.valid('query')), 200);
    })
    .openapi(reload, async (c) => {
      const { id } = c.req.valid('param');
      const before = await host.engines();
      const engine = found(
        before.find((one) => one.id === id),
        'engine',
      );
      await host.reload();
      await record(c, 'engine.reload', { id: engine.id });
      const failed = before.filter((one) => one.state === 'failing' && one.id !== id).map((one) => one.id);
      const failing = (await host.engines()).filter((one) => one.state === 'failing' && !failed.includes(one.id));
      if (failing.length > 0) throw nowFailing(failing);
      return c.json({ responseKey: 'ENGINE_RELOADED', responseMessage: `${engine.name} is open anew.` }, 200);
    });
};
