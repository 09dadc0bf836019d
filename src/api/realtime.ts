import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { Fault } from '../core/fault';
import { newId } from '../core/id';
import { PathText } from '../core/path-text';
import type { Storage } from '../core/storage';
import type { RealtimeState } from '../watch/realtime';
import { eitherCase } from './capitals';
import type { ApiDeps } from './deps';
import { needs } from './gate';
import { body, createRouter, errors, json } from './router';
import { Scan, toScanJson } from './scan';

const Realtime = z
  .object({
    scan: Scan,
    state: z.enum(['starting', 'listing', 'watching', 'polling', 'away']).openapi({
      description:
        'How changes are noticed now: `listing` all that is there, `watching` what happens, `polling` by listing again and again, `away` while the storage cannot be reached.',
    }),
    reason: z.string().optional(),
    lost: z.number().int().openapi({ description: 'How often events were lost, so that all was listed again.' }),
    listed: z.string().optional().openapi({ description: 'When all was last gone through.' }),
  })
  .openapi('Realtime');

const start = createRoute({
  method: 'post',
  path: '/',
  tags: ['Real-time'],
  summary: 'Start real-time processing of a storage: what changes in it is looked into by itself',
  middleware: needs('operator'),
  request: {
    body: body(
      z.strictObject({
        storageId: z.string(),
        workflowId: z.string().optional(),
        name: z.string().trim().min(1).max(200).optional(),
        existing: z.boolean().optional().openapi({
          description: 'Look into what is there already, too; without, only into what changes from now on.',
        }),
      }),
    ),
  },
  responses: { 202: json(Scan, 'Its scan, active until it is stopped.'), ...errors },
});

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['Real-time'],
  summary: 'List the real-time processing that is active',
  middleware: needs('viewer'),
  responses: { 200: json(z.object({ entries: z.array(Realtime) }), 'All of it.'), ...errors },
});

const stop = createRoute({
  method: 'delete',
  path: '/{scanId}',
  tags: ['Real-time'],
  summary: 'Stop real-time processing; its scan is over once what is due is done, and can be reprocessed then',
  middleware: needs('operator'),
  request: { params: z.object({ scanId: z.string().openapi({ param: { name: 'scanId', in: 'path' } }) }) },
  responses: { 200: json(Scan, 'Its scan.'), ...errors },
});

const toJson = ({ scan, listedAt, ...rest }: RealtimeState) => ({
  ...rest,
  scan: toScanJson(scan),
  listed: listedAt === undefined ? undefined : toRfc3339(listedAt),
});

export const createRealtimeRoutes = ({ realtime }: ApiDeps) =>
  createRouter()
    .openapi(start, async (c) => {
      const scan = await realtime.start(c.req.valid('json'), c.get('actor').name);
      return c.json(toScanJson(scan), 202);
    })
    .openapi(list, async (c) => c.json({ entries: (await realtime.list()).map(toJson) }, 200))
    .openapi(stop, async (c) => {
      const scan = await realtime.stop(c.req.valid('param').scanId, c.get('actor').name);
      return c.json(toScanJson(scan), 200);
    });

/** One record of an event of Amazon S3 and of servers like it, as far as it is read: the key comes as in a form, with "+" for a space. */
const S3Record = z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) });
const S3Event = z.object({ Records: z.array(S3Record).max(1000) });
/** What the published API takes for file servers. */
const NameEvent = z.object({ Name: PathText });
const PathEvent = z.object({ path: PathText });
const PathsEvent = z.object({ paths: z.array(PathText).max(1000) });

const Metadata = z.union([S3Event, S3Record, NameEvent, PathEvent, PathsEvent], {
  error: 'it is neither an event of S3 or a record of one, nor has it "Name", "path" or "paths"',
});

const decoded = (key: string): string => {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
};

/** A bucket tells of all its objects, whatever a storage has of it: those that others have are left out. */
const isOf = ({ options }: Storage, key: string): boolean => options.kind !== 's3' || key.startsWith(options.prefix);

const pathsOf = (event: z.infer<typeof Metadata>, storage: Storage): string[] => {
  if ('Name' in event) return [event.Name];
  if ('path' in event) return [event.path];
  if ('paths' in event) return event.paths;
  const records = 'Records' in event ? event.Records : [event];
  return records.map(({ s3 }) => decoded(s3.object.key)).filter((key) => isOf(storage, key));
};

const fromText = (value: unknown, context: z.RefinementCtx): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
};

const notify = createRoute({
  method: 'post',
  path: '/realtime',
  tags: ['Real-time'],
  summary: 'Say that objects of a storage under real-time processing changed',
  middleware: needs('operator'),
  request: {
    body: body(
      eitherCase(
        z.strictObject({
          storageClientId: z.string().openapi({ description: 'The id or the name of the storage.' }),
          metadata: z.unknown().transform(fromText).pipe(Metadata).openapi({
            description:
              'An event of Amazon S3, or one record of it (`{s3: {object: {key}}}`), or `{Name}`, `{path}` or `{paths}`; as an object or as its text.',
          }),
          scanId: z.string().optional().openapi({
            description: 'Taken for the sake of other programs: a storage has one real-time scan.',
          }),
        }),
      ).openapi('RealtimeEvent'),
    ),
  },
  responses: { 202: json(z.object({ correlationId: z.string() }), 'What is there is looked into.'), ...errors },
});

export const createRealtimeWebhook = ({ store, realtime, log }: ApiDeps) =>
  createRouter().openapi(notify, async (c) => {
    const { storageClientId, metadata } = c.req.valid('json');
    const storage = (await store.storages.find(storageClientId)) ?? (await store.storages.findByName(storageClientId));
    if (storage === undefined) {
      throw new Fault('NOT_FOUND', `There is no storage "${storageClientId}".`, {
        hint: 'List the storages to see their ids and names.',
      });
    }
    const correlationId = newId();
    const noticed = await realtime.notice(storage.id, pathsOf(metadata, storage));
    log.debug({ correlationId, storage: storage.name, noticed }, 'a webhook told of changes');
    return c.json({ correlationId }, 202);
  });
