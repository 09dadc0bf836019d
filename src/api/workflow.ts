import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { type Workflow as CoreWorkflow, WorkflowDefinition } from '../core/workflow';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOfAll, pageSchema } from './page';
import { createRouter, errors, IdParam, json } from './router';

const Workflow = z
  .object({
    id: z.string(),
    name: z.string(),
    revision: z.number().int(),
    definition: WorkflowDefinition,
    created: z.string(),
  })
  .openapi('Workflow');

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Workflows'],
  summary: 'List the workflows, each at its newest revision',
  middleware: needs('viewer'),
  request: { query: PageQuery },
  responses: { 200: json(pageSchema(Workflow), 'A page of workflows.'), ...errors },
});

const show = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['Workflows'],
  summary: 'Show a workflow',
  middleware: needs('viewer'),
  request: { params: IdParam },
  responses: { 200: json(Workflow, 'The workflow at its newest revision.'), ...errors },
});

const toJson = ({ createdAt, ...workflow }: CoreWorkflow) => ({ ...workflow, created: toRfc3339(createdAt) });

export const createWorkflowRoutes = ({ store }: ApiDeps) =>
  createRouter()
    .openapi(list, async (c) => {
      const all = (await store.workflows.list()).map(toJson);
      return c.json(pageOfAll(all, c.req.valid('query')), 200);
    })
    .openapi(show, async (c) => {
      const workflow = await store.workflows.find(c.req.valid('param').id);
      return c.json(toJson(found(workflow, 'workflow')), 200);
    });
