import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { PathText } from '../core/path-text';
import { type Entry as CoreEntry, ENTRY_STATES } from '../core/quarantine';
import { RESULTS } from '../core/result';
import type { Workflow } from '../core/workflow';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOf, pageSchema } from './page';
import { Acknowledgement, body, createRouter, errors, IdParam, json } from './router';

const State = z.enum(ENTRY_STATES).exclude(['coming']);

const Entry = z
  .object({
    id: z.string(),
    fileId: z.string(),
    state: State,
    storageId: z.string(),
    storageName: z.string(),
    path: z.string().openapi({ description: 'Where it was.' }),
    size: z.number().int(),
    sha256: z.string(),
    scanAllResultI: z.number().int(),
    scanAllResultA: z.string(),
    reason: z.string(),
    created: z.string(),
    ended: z.string().optional().openapi({ description: 'When it was restored, or removed for good.' }),
  })
  .openapi('Quarantined');

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Quarantine'],
  summary: 'List what is, and was, in quarantine, newest first',
  middleware: needs('viewer'),
  request: { query: PageQuery.extend({ state: State.optional() }) },
  responses: { 200: json(pageSchema(Entry), 'A page of files.'), ...errors },
});

const show = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['Quarantine'],
  summary: 'Show a file in quarantine, why it is there and where it is from',
  middleware: needs('viewer'),
  request: { params: IdParam },
  responses: { 200: json(Entry, 'The file.'), ...errors },
});

const restore = createRoute({
  method: 'post',
  path: '/{id}/restore',
  tags: ['Quarantine'],
  summary: 'Put a file back with its owner, mode and times; nothing is overwritten',
  middleware: needs('admin'),
  request: {
    params: IdParam,
    body: body(
      z
        .strictObject({
          to: z.strictObject({ storageId: z.string().optional(), folder: PathText }).optional().openapi({
            description:
              'Another folder, where it gets a numbered name if need be; without, the very place where it was.',
          }),
          allow: z.boolean().default(false).openapi({
            description: 'Also puts its SHA-256 on the allow list of a workflow, as a new revision of it.',
          }),
          workflowId: z
            .string()
            .optional()
            .openapi({ description: 'Of `allow`; without, the workflow that applies where the file is restored to.' }),
        })
        .refine(({ allow, workflowId }) => allow || workflowId === undefined, {
          path: ['workflowId'],
          message: 'belongs to "allow"',
        }),
    ),
  },
  responses: {
    200: json(
      Acknowledgement.extend({
        storageId: z.string(),
        path: z.string(),
        allowedBy: z
          .object({ id: z.string(), name: z.string(), revision: z.number().int() })
          .optional()
          .openapi({ description: 'The workflow that allows its content now.' }),
      }),
      'Where it is now.',
    ),
    ...errors,
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags: ['Quarantine'],
  summary: 'Remove a file for good',
  middleware: needs('admin'),
  request: { params: IdParam },
  responses: { 200: json(Acknowledgement, 'It is gone.'), ...errors },
});

const purge = createRoute({
  method: 'post',
  path: '/purge',
  tags: ['Quarantine'],
  summary: 'Remove for good what came before a time',
  middleware: needs('admin'),
  request: { body: body(z.strictObject({ before: z.iso.datetime({ offset: true }) })) },
  responses: { 200: json(Acknowledgement.extend({ count: z.number().int() }), 'It is gone.'), ...errors },
});

const named = (workflow: Workflow | undefined) =>
  workflow && { id: workflow.id, name: workflow.name, revision: workflow.revision };

const toJson = ({ place, resultCode, attributes: _, createdAt, endedAt, state, ...entry }: CoreEntry) => ({
  ...entry,
  state: State.parse(state),
  path: place.path,
  scanAllResultI: resultCode,
  scanAllResultA: RESULTS[resultCode],
  created: toRfc3339(createdAt),
  ended: endedAt === undefined ? undefined : toRfc3339(endedAt),
});

export const createQuarantineRoutes = ({ store, quarantine }: ApiDeps) =>
  createRouter()
    .openapi(list, async (c) => {
      const { limit, cursor, state } = c.req.valid('query');
      const rows = await store.quarantine.list({ state, before: cursor, limit: limit + 1 });
      return c.json(pageOf(rows.map(toJson), limit, await store.quarantine.count(state)), 200);
    })
    .openapi(purge, async (c) => {
      const before = Date.parse(c.req.valid('json').before);
      const count = await quarantine.purgeOlder(before, c.get('actor').name);
      return c.json({ count, responseKey: 'QUARANTINE_PURGED', responseMessage: `Gone for good: ${count}.` }, 200);
    })
    .openapi(show, async (c) => {
      const entry = await store.quarantine.find(c.req.valid('param').id);
      return c.json(toJson(found(entry?.state === 'coming' ? undefined : entry, 'file in quarantine')), 200);
    })
    .openapi(restore, async (c) => {
      const { to, allow, workflowId } = c.req.valid('json');
      const wish = { to, allow: allow ? { workflowId } : undefined };
      const restored = await quarantine.restore(c.req.valid('param').id, wish, c.get('actor').name);
      const { storageId, place, allowedBy } = restored;
      const said =
        allowedBy && ` The workflow ${allowedBy.name} allows its content from revision ${allowedBy.revision} on.`;
      const responseMessage = `The file is at ${place.path} again.${said ?? ''}`;
      return c.json(
        {
          storageId,
          path: place.path,
          allowedBy: named(allowedBy),
          responseKey: 'QUARANTINE_RESTORED',
          responseMessage,
        },
        200,
      );
    })
    .openapi(remove, async (c) => {
      await quarantine.purge(c.req.valid('param').id, c.get('actor').name);
      return c.json({ responseKey: 'QUARANTINE_PURGED', responseMessage: 'The file is gone for good.' }, 200);
    });
