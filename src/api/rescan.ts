import { createRoute, z } from '@hono/zod-openapi';
import { CHANGES } from '../core/change';
import { toRfc3339 } from '../core/clock';
import { ACTIONS } from '../core/remediation';
import { Detection, StatusFilter } from '../core/result';
import type { Rescan as CoreRescan } from '../core/scan';
import type { WorkflowRevision } from '../core/workflow';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { WorkflowRef } from './file-shape';
import { needs } from './gate';
import { PageQuery, pageOf, pageSchema } from './page';
import { progressOf } from './progress';
import { createRouter, errors, IdParam, json } from './router';
import { Progress } from './scan';
import { toWaitingJson, Waiting } from './waiting';

const Change = z.enum(CHANGES);

const State = z.enum(['running', 'paused', 'finished', 'canceled']);

const Rescan = z
  .object({
    id: z.string(),
    state: State,
    scanId: z.string().optional().openapi({ description: 'The report that it is of; absent for single files.' }),
    scanName: z.string().optional(),
    filter: z
      .object({ status: z.array(StatusFilter), detection: z.array(Detection), outdated: z.boolean() })
      .optional(),
    workflows: z.array(WorkflowRef).openapi({
      description: 'What its files go through: one for a report, and for single files those of their storages.',
    }),
    force: z.boolean(),
    actor: z.string().openapi({ description: 'Who asked.' }),
    created: z.string(),
    finished: z.string().optional(),
    progress: Progress,
    skipped: z.number().int().openapi({ description: 'Files that another processing held already.' }),
    canceled: z.number().int(),
    waiting: Waiting.optional(),
  })
  .openapi('Rescan');

const ChangedFile = z.object({ id: z.string(), path: z.string() }).openapi('ChangedFile');

const RescanWithChanges = Rescan.extend({
  changes: z.record(Change, z.object({ count: z.number().int(), files: z.array(ChangedFile) })).openapi({
    description: 'What it changed, with the first files of each; all of them by /files?change=…',
  }),
  remediation: z.record(z.enum([...ACTIONS, 'failed']), z.number().int()).openapi({
    description: 'How many acts of each kind its results led to, and how many failed.',
  }),
}).openapi('RescanWithChanges');

/** How many files of each change are shown with the rescan itself. */
const SHOWN = 20;

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Rescans'],
  summary: 'List the rescans, newest first',
  middleware: needs('viewer'),
  request: { query: PageQuery.extend({ scanId: z.string().optional(), state: State.optional() }) },
  responses: { 200: json(pageSchema(Rescan), 'A page of rescans.'), ...errors },
});

const show = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['Rescans'],
  summary: 'Show a rescan with its progress and what it changed so far',
  middleware: needs('viewer'),
  request: { params: IdParam },
  responses: { 200: json(RescanWithChanges, 'The rescan.'), ...errors },
});

const files = createRoute({
  method: 'get',
  path: '/{id}/files',
  tags: ['Rescans'],
  summary: 'List the files that a rescan has looked into, or those that it changed in one way',
  middleware: needs('viewer'),
  request: { params: IdParam, query: PageQuery.extend({ change: Change.optional() }) },
  responses: { 200: json(pageSchema(ChangedFile), 'A page of files.'), ...errors },
});

const pause = createRoute({
  method: 'post',
  path: '/{id}/pause',
  tags: ['Rescans'],
  summary: 'Pause a rescan',
  middleware: needs('operator'),
  request: { params: IdParam },
  responses: { 200: json(Rescan, 'The rescan.'), ...errors },
});

const resume = createRoute({ ...pause, path: '/{id}/resume', summary: 'Go on with a rescan that was paused' });

const cancel = createRoute({
  ...pause,
  path: '/{id}/cancel',
  summary: 'End a rescan: files that it did not come to keep their results',
});

export const createRescanRoutes = ({ store, scans, rescans }: ApiDeps) => {
  /** Why its files wait: a storage of theirs is away. */
  const waitingOf = async ({ id, finishedAt }: CoreRescan, storageId: string | undefined) => {
    if (finishedAt !== undefined) return undefined;
    const storages = storageId === undefined ? await store.rescans.storagesOf(id) : [storageId];
    return storages.map(scans.waiting).find((waiting) => waiting !== undefined);
  };

  const toJson = async (rescan: CoreRescan) => {
    const { workflows, createdAt, finishedAt, planned, total, pending, ...rest } = rescan;
    const toRef = async ({ id, revision }: WorkflowRevision) => ({
      id,
      name: (await store.workflows.findRevision(id, revision))?.name ?? '',
      revision,
    });
    const scan = rest.scanId === undefined ? undefined : await store.scans.find(rest.scanId);
    return {
      ...rest,
      scanName: scan?.name,
      workflows: await Promise.all(workflows.map(toRef)),
      created: toRfc3339(createdAt),
      finished: finishedAt === undefined ? undefined : toRfc3339(finishedAt),
      // A file that it did not come to is not done.
      progress: progressOf({ total, pending: pending + rest.canceled }, finishedAt !== undefined),
      waiting: toWaitingJson(await waitingOf(rescan, scan?.storageId)),
    };
  };

  const changesOf = async (id: string) => {
    const counts = await store.rescans.changes(id);
    const entries = CHANGES.map(async (change) => {
      const count = counts[change];
      const first = count === 0 ? [] : await store.rescans.changed(id, change, { limit: SHOWN });
      return [change, { count, files: first.map(({ fileId, path }) => ({ id: fileId, path })) }] as const;
    });
    return Object.fromEntries(await Promise.all(entries)) as z.infer<typeof RescanWithChanges>['changes'];
  };

  return createRouter()
    .openapi(list, async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const rows = await store.rescans.list({ ...filter, before: cursor, limit: limit + 1 });
      const entries = await Promise.all(rows.map(toJson));
      return c.json(pageOf(entries, limit, await store.rescans.count(filter)), 200);
    })
    .openapi(show, async (c) => {
      const rescan = found(await store.rescans.find(c.req.valid('param').id), 'rescan');
      const remediation = await store.remediations.countOfRun(rescan.id);
      return c.json({ ...(await toJson(rescan)), changes: await changesOf(rescan.id), remediation }, 200);
    })
    .openapi(files, async (c) => {
      const { limit, cursor, change } = c.req.valid('query');
      const rescan = found(await store.rescans.find(c.req.valid('param').id), 'rescan');
      const rows = await store.rescans.changed(rescan.id, change, { after: cursor, limit: limit + 1 });
      const page = pageOf(
        rows.map((row) => ({ ...row, id: row.processingId })),
        limit,
        change === undefined
          ? await store.rescans.countProcessed(rescan.id)
          : (await store.rescans.changes(rescan.id))[change],
      );
      return c.json({ ...page, entries: page.entries.map(({ fileId, path }) => ({ id: fileId, path })) }, 200);
    })
    .openapi(pause, async (c) =>
      c.json(await toJson(await rescans.pause(c.req.valid('param').id, c.get('actor').name)), 200),
    )
    .openapi(resume, async (c) =>
      c.json(await toJson(await rescans.resume(c.req.valid('param').id, c.get('actor').name)), 200),
    )
    .openapi(cancel, async (c) =>
      c.json(await toJson(await rescans.cancel(c.req.valid('param').id, c.get('actor').name)), 200),
    );
};
