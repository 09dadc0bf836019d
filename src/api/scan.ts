import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { PathText } from '../core/path-text';
import { ACTIONS } from '../core/remediation';
import { DETECTIONS, Detection } from '../core/result';
import type { Scan as CoreScan } from '../core/scan';
import { createEntries } from '../report/entry';
import type { Waiting as CoreWaiting } from '../scans/reach';
import { isPosition, positionOf } from '../store/file-order';
import type { Tally } from '../store/tallies';
import { createRecorder } from './audit';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { PageQuery, pageOf, pageSchema } from './page';
import { progressOf } from './progress';
import { body, createRouter, errors, IdParam, json } from './router';
import { FileQuery, ScanFile, SortQuery } from './scan-file';
import { toWaitingJson, Waiting } from './waiting';

const State = z.enum(['running', 'paused', 'finished', 'canceled', 'failed']);

export const Progress = z
  .object({
    percent: z.number().int().openapi({ description: '100 only when it is over.' }),
    done: z.number().int(),
    total: z.number().int(),
  })
  .openapi('Progress');

const Counts = z.object({
  total: z.number().int(),
  pending: z.number().int(),
  allowed: z.number().int(),
  blocked: z.number().int(),
  failed: z.number().int(),
  failedRemediation: z.number().int(),
  canceled: z.number().int(),
  bytes: z.number().int(),
});

export const Scan = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['scan', 'realtime']),
    state: State,
    storageId: z.string(),
    storageName: z.string(),
    storageType: z.number().int(),
    path: z.string(),
    workflowId: z.string(),
    workflowRevision: z.number().int(),
    discovered: z.boolean().openapi({ description: 'False while files are still being found.' }),
    error: z.string().optional(),
    waiting: Waiting.optional(),
    created: z.string(),
    finished: z.string().optional(),
    counts: Counts,
    progress: Progress,
  })
  .openapi('Scan');

const ScanDetail = Scan.extend({
  outdated: z.number().int().optional().openapi({
    description: "Files judged with older definitions or an older workflow revision than today's; once it is over.",
  }),
  byDetection: z.record(Detection, z.number().int()).openapi({ description: 'A file counts for each that it has.' }),
  remediation: z.record(z.enum([...ACTIONS, 'failed']), z.number().int()).openapi({
    description:
      'How many acts of each kind its processings led to, and how many failed; those of its rescans are not among them.',
  }),
}).openapi('ScanDetail');

const start = createRoute({
  method: 'post',
  path: '/',
  tags: ['Scans'],
  summary: 'Start a scan of a storage, or of a folder in it',
  middleware: needs('operator'),
  request: {
    body: body(
      z.strictObject({
        storageId: z.string(),
        name: z.string().trim().min(1).max(200).optional(),
        workflowId: z.string().optional(),
        path: PathText.optional(),
      }),
    ),
  },
  responses: { 202: json(Scan, 'The scan, just started.'), ...errors },
});

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Scans'],
  summary: 'List the scans, newest first',
  middleware: needs('viewer'),
  request: { query: PageQuery.extend({ state: State.optional(), storageId: z.string().optional() }) },
  responses: { 200: json(pageSchema(Scan), 'A page of scans.'), ...errors },
});

const show = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['Scans'],
  summary: 'Show a scan with its counts and progress',
  middleware: needs('viewer'),
  request: { params: IdParam },
  responses: { 200: json(ScanDetail, 'The scan.'), ...errors },
});

const files = createRoute({
  method: 'get',
  path: '/{id}/files',
  tags: ['Scans'],
  summary: 'List the files of a scan, as they were found or sorted',
  middleware: needs('viewer'),
  request: {
    params: IdParam,
    query: PageQuery.extend({ ...FileQuery.shape, ...SortQuery.shape }).refine(
      ({ cursor, sort }) => cursor === undefined || isPosition(cursor, sort),
      { path: ['cursor'], message: 'not a cursor that a list in this order gave out' },
    ),
  },
  responses: { 200: json(pageSchema(ScanFile), 'A page of files.'), ...errors },
});

const pause = createRoute({
  method: 'post',
  path: '/{id}/pause',
  tags: ['Scans'],
  summary: 'Pause a scan',
  middleware: needs('operator'),
  request: { params: IdParam },
  responses: { 200: json(Scan, 'The scan.'), ...errors },
});

const resume = createRoute({ ...pause, path: '/{id}/resume', summary: 'Go on with a scan that was paused' });

const cancel = createRoute({ ...pause, path: '/{id}/cancel', summary: 'End a scan before its end' });

/** A scan as it leaves the program. */
/** @param waiting why the files of its storage wait */
export const toScanJson = ({ createdAt, finishedAt, cursor, ...scan }: CoreScan, waiting?: CoreWaiting) => ({
  ...scan,
  waiting: toWaitingJson(waiting),
  created: toRfc3339(createdAt),
  finished: finishedAt === undefined ? undefined : toRfc3339(finishedAt),
  progress: progressOf(scan.counts, finishedAt !== undefined),
});

const countDetections = (tallies: Tally[]) => {
  const counts = Object.fromEntries(DETECTIONS.map((detection) => [detection, 0])) as Record<Detection, number>;
  for (const { detections, files } of tallies) for (const detection of detections) counts[detection] += files;
  return counts;
};

export const createScanRoutes = (deps: ApiDeps) => {
  const { store, scans, rescans } = deps;
  const record = createRecorder(deps);
  const get = async (id: string): Promise<CoreScan> => found(await store.scans.find(id), 'scan');
  const toJson = (scan: CoreScan) =>
    toScanJson(scan, scan.finishedAt === undefined ? scans.waiting(scan.storageId) : undefined);

  return createRouter()
    .openapi(start, async (c) => {
      const scan = await scans.start(c.req.valid('json'), c.get('actor').name);
      return c.json(toJson(scan), 202);
    })
    .openapi(list, async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const rows = await store.scans.list({ ...filter, before: cursor, limit: limit + 1 });
      return c.json(pageOf(rows.map(toJson), limit, await store.scans.count(filter)), 200);
    })
    .openapi(show, async (c) => {
      const scan = await get(c.req.valid('param').id);
      const outdated = scan.finishedAt === undefined ? undefined : await rescans.countOutdated(scan);
      const byDetection = countDetections(await store.scans.tallies(scan.id));
      const remediation = await store.remediations.countOfRun(scan.id);
      return c.json({ ...toJson(scan), outdated, byDetection, remediation }, 200);
    })
    .openapi(files, async (c) => {
      const { limit, cursor, sort: order, ...filter } = c.req.valid('query');
      const scan = await get(c.req.valid('param').id);
      const query = { ...filter, scanId: scan.id };
      const filtered = Object.values(filter).some((value) => value !== undefined);
      const total = filtered ? await store.files.count(query) : scan.counts.total;
      // Nothing is found only once all was looked at.
      const rows = total === 0 ? [] : await store.files.list({ ...query, order, after: cursor, limit: limit + 1 });
      const page = pageOf(
        rows.map((file) => ({ id: positionOf(file, order), file })),
        limit,
        total,
      );
      const entries = await createEntries(store)(page.entries.map(({ file }) => file));
      return c.json({ ...page, entries }, 200);
    })
    .openapi(pause, async (c) => {
      const scan = await scans.pause(c.req.valid('param').id);
      await record(c, 'scan.pause', { id: scan.id });
      return c.json(toJson(scan), 200);
    })
    .openapi(resume, async (c) => {
      const scan = await scans.resume(c.req.valid('param').id);
      await record(c, 'scan.resume', { id: scan.id });
      return c.json(toJson(scan), 200);
    })
    .openapi(cancel, async (c) => {
      const scan = await scans.cancel(c.req.valid('param').id, c.get('actor').name);
      return c.json(toJson(scan), 200);
    });
};
