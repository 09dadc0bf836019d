import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { newId } from '../core/id';
import { Passwords } from '../core/passwords';
import { type Workflow as CoreWorkflow, DefinitionChange, WorkflowDefinition } from '../core/workflow';
import { createRecorder } from './audit';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOf, pageOfAll, pageSchema } from './page';
import { Acknowledgement, body, createRouter, errors, IdParam, json } from './router';
import { checkNames } from './workflow-names';

const Revision = z
  .object({
    revision: z.number().int(),
    name: z.string(),
    definition: WorkflowDefinition,
    passwordCount: z.number().int().openapi({ description: 'Passwords go in and never come out.' }),
    created: z.string().openapi({ description: 'When this revision was made.' }),
  })
  .openapi('WorkflowRevision');

const Workflow = Revision.extend({
  id: z.string(),
  default: z.boolean().openapi({ description: 'Applies to every storage that names no workflow.' }),
}).openapi('Workflow');

const Name = z.string().trim().min(1).max(200);

const OwnPasswords = Passwords.optional().meta({
  description: 'Tried in this order on what is encrypted, after the passwords of a rescan.',
});

const NewWorkflow = z.strictObject({
  name: Name,
  definition: WorkflowDefinition.prefault({}),
  passwords: OwnPasswords,
});

const Change = z.strictObject({
  name: Name.optional(),
  definition: DefinitionChange.optional().openapi({
    description: 'A key that is left out stays as it is; null takes it back to its default.',
  }),
  passwords: Passwords.optional().meta({ description: 'All of them: those that it had are gone.' }),
  default: z.literal(true).optional().openapi({ description: 'Makes it the default instead of the one that is.' }),
});

/** Revisions are numbered, so a page of them ends with a number. */
const RevisionQuery = PageQuery.refine(({ cursor }) => cursor === undefined || /^\d{1,9}$/.test(cursor), {
  path: ['cursor'],
  message: 'not a cursor that a list of revisions gave out',
});

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Workflows'],
  summary: 'List the workflows, each at its newest revision',
  middleware: needs('viewer'),
  request: { query: PageQuery },
  responses: { 200: json(pageSchema(Workflow), 'A page of workflows.'), ...errors },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags: ['Workflows'],
  summary: 'Create a workflow',
  middleware: needs('admin'),
  request: { body: body(NewWorkflow) },
  responses: { 201: json(Workflow, 'The workflow at its first revision.'), ...errors },
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

const change = createRoute({
  method: 'patch',
  path: '/{id}',
  tags: ['Workflows'],
  summary: 'Change a workflow: a new revision, unless nothing is different; or make it the default',
  middleware: needs('admin'),
  request: { params: IdParam, body: body(Change) },
  responses: { 200: json(Workflow, 'The workflow as it is now.'), ...errors },
});

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags: ['Workflows'],
  summary: 'Remove a workflow that is not in use; its revisions can still be listed',
  middleware: needs('admin'),
  request: { params: IdParam },
  responses: { 200: json(Acknowledgement, 'The workflow is gone.'), ...errors },
});

const revisions = createRoute({
  method: 'get',
  path: '/{id}/revisions',
  tags: ['Workflows'],
  summary: 'List the revisions of a workflow, newest first, also of one that was removed',
  middleware: needs('viewer'),
  request: { params: IdParam, query: RevisionQuery },
  responses: { 200: json(pageSchema(Revision), 'A page of revisions.'), ...errors },
});

const JudgedReport = z
  .object({
    id: z.string(),
    name: z.string(),
    storageId: z.string(),
    storageName: z.string(),
    created: z.string(),
    files: z.number().int().openapi({ description: 'Of its files, those that have a result.' }),
  })
  .openapi('JudgedReport');

const reports = createRoute({
  method: 'get',
  path: '/{id}/reports',
  tags: ['Workflows'],
  summary: 'List the finished reports to which a workflow applies now: a change of it makes their results outdated',
  middleware: needs('viewer'),
  request: { params: IdParam, query: PageQuery },
  responses: {
    200: json(
      pageSchema(JudgedReport).extend({
        files: z.number().int().openapi({ description: 'Of all reports together.' }),
      }),
      'A page of reports, newest first.',
    ),
    ...errors,
  },
});

const toRevision = ({ revision, name, definition, passwordCount, createdAt }: CoreWorkflow) => ({
  revision,
  name,
  definition,
  passwordCount,
  created: toRfc3339(createdAt),
});

const toJson = (workflow: CoreWorkflow) => ({
  id: workflow.id,
  ...toRevision(workflow),
  default: workflow.isDefault,
});

export const createWorkflowRoutes = (deps: ApiDeps) => {
  const { store, clock } = deps;
  const { workflows } = store;
  const record = createRecorder(deps);
  const get = async (id: string): Promise<CoreWorkflow> => found(await workflows.find(id), 'workflow');

  return createRouter()
    .openapi(list, async (c) => {
      const all = (await workflows.list()).map(toJson);
      return c.json(pageOfAll(all, c.req.valid('query')), 200);
    })
    .openapi(create, async (c) => {
      const wish = c.req.valid('json');
      await checkNames(deps, wish.definition);
      const id = newId();
      await workflows.insert({ ...wish, id, revision: 1, createdAt: clock() }, false);
      const workflow = await get(id);
      const { name, passwordCount } = workflow;
      await record(c, 'workflow.create', { id, name, definition: workflow.definition, passwordCount });
      return c.json(toJson(workflow), 201);
    })
    .openapi(show, async (c) => c.json(toJson(await get(c.req.valid('param').id)), 200))
    .openapi(change, async (c) => {
      const { id } = c.req.valid('param');
      const { default: makeDefault, ...wish } = c.req.valid('json');
      await checkNames(deps, wish.definition);
      const { workflow, changed } = found(await workflows.change(id, wish, clock()), 'workflow');
      const { name, revision, passwordCount } = workflow;
      if (changed.length > 0) await record(c, 'workflow.change', { id, name, revision, changed, passwordCount });
      if (makeDefault && !workflow.isDefault) {
        found((await workflows.setDefault(id)) || undefined, 'workflow');
        await record(c, 'workflow.default', { id, name });
      }
      return c.json(toJson({ ...workflow, isDefault: workflow.isDefault || makeDefault === true }), 200);
    })
    .openapi(remove, async (c) => {
      const { id, name } = await get(c.req.valid('param').id);
      found((await workflows.remove(id, clock())) || undefined, 'workflow');
      await record(c, 'workflow.remove', { id, name });
      return c.json({ responseKey: 'WORKFLOW_REMOVED', responseMessage: 'The workflow is removed.' }, 200);
    })
    .openapi(revisions, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { id } = c.req.valid('param');
      const before = cursor === undefined ? undefined : Number(cursor);
      const newest = found((await workflows.listRevisions(id, { limit: 1 }))[0], 'workflow');
      const rows = await workflows.listRevisions(id, { before, limit: limit + 1 });
      const keyed = rows.map((row) => ({ id: String(row.revision), row }));
      const { entries, ...page } = pageOf(keyed, limit, newest.revision);
      return c.json({ ...page, entries: entries.map(({ row }) => toRevision(row)) }, 200);
    })
    .openapi(reports, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { id } = await get(c.req.valid('param').id);
      const rows = await workflows.judgedReports.list(id, { before: cursor, limit: limit + 1 });
      const { reports: total, files } = await workflows.judgedReports.count(id);
      const entries = rows.map(({ createdAt, ...report }) => ({ ...report, created: toRfc3339(createdAt) }));
      return c.json({ ...pageOf(entries, limit, total), files }, 200);
    });
};
