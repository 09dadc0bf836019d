import { createRoute, z } from '@hono/zod-openapi';
import { Fault } from '../core/fault';
import type { FileRecord, Processing } from '../core/file';
import { MOST_FILES } from '../core/scan';
import { eitherCase } from './capitals';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { toFileResult } from './file-result';
import { FileResult } from './file-shape';
import { needs } from './gate';
import { HistoryEntry, toHistoryEntry } from './history';
import { ArchiveMember, toArchiveMember } from './member';
import { PageQuery, pageAt, pageOf, pageSchema, placeOf } from './page';
import { PasswordsToTry } from './passwords';
import { Acknowledgement, body, createRouter, errors, IdParam, json } from './router';

const Wish = z
  // A misspelled "passwords" must not be a rescan without any.
  .strictObject({
    fileId: z.string().optional(),
    fileIds: z.array(z.string()).min(1).max(MOST_FILES).optional(),
    workflowId: z.string().optional(),
    passwords: PasswordsToTry,
  })
  .refine(({ fileId, fileIds }) => (fileId === undefined) !== (fileIds === undefined), {
    path: ['fileId'],
    message: 'send either fileId or fileIds',
  })
  .openapi('RescanRequest', { description: 'The keys may begin with a capital letter, too: `FileId`.' });

const find = createRoute({
  method: 'get',
  path: '/',
  tags: ['Files'],
  summary: 'Find the newest record of the file at a path, whichever scan it is of',
  middleware: needs('viewer'),
  request: { query: z.object({ path: z.string().min(1).max(4096) }) },
  responses: {
    200: json(z.object({ id: z.string(), scanId: z.string(), path: z.string() }), 'The file.'),
    ...errors,
  },
});

const show = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['Files'],
  summary: 'Fetch the processing result of a file',
  middleware: needs('viewer'),
  request: { params: IdParam },
  responses: { 200: json(FileResult, 'The result, complete also while the file is in progress.'), ...errors },
});

const history = createRoute({
  method: 'get',
  path: '/{id}/history',
  tags: ['Files'],
  summary: 'List every finished processing of a file, newest first',
  middleware: needs('viewer'),
  request: { params: IdParam, query: PageQuery },
  responses: { 200: json(pageSchema(HistoryEntry), 'A page of processings.'), ...errors },
});

const members = createRoute({
  method: 'get',
  path: '/{id}/members',
  tags: ['Files'],
  summary: 'List what lies in a file that was taken apart, those first that matter most',
  middleware: needs('viewer'),
  request: { params: IdParam, query: PageQuery.extend({ processingId: z.string().max(100).optional() }) },
  responses: {
    200: json(pageSchema(ArchiveMember), 'A page of members, by the latest processing unless told.'),
    ...errors,
  },
});

const rescan = createRoute({
  method: 'post',
  path: '/ondemandscan',
  tags: ['Files'],
  summary: 'Look again at one file, or at some',
  middleware: needs('operator'),
  request: { body: body(eitherCase(Wish)) },
  responses: {
    202: json(
      Acknowledgement.extend({
        fileId: z.string().optional(),
        fileIds: z.array(z.string()).optional(),
        rescanId: z.string(),
      }),
      'The files are processed again.',
    ),
    ...errors,
  },
});

/** Members that are told with the file itself. */
const INLINE = 100;

/** The processing that keeps the members. */
const keeperOf = ({ id, findings }: Processing): string => findings.inside?.takenBy ?? id;

/** Reads what a file's result is put together from. */
const createReader = ({ store }: ApiDeps) => {
  const workflowOf = async (id: string, revision: number) => {
    const workflow = await store.workflows.findRevision(id, revision);
    return { workflowName: workflow?.name ?? '', thresholds: workflow?.definition };
  };

  const result = async (file: FileRecord): Promise<FileResult> => {
    const scan = found(await store.scans.find(file.scanId), 'scan');
    const due = await store.work.find(file.id);
    const processing = file.processingId ? await store.files.findProcessing(file.processingId) : undefined;
    const ran = due ?? processing ?? scan;
    const workflow = await workflowOf(ran.workflowId, ran.workflowRevision);
    const members = due ? undefined : await firstMembers(processing);
    const remediation = await store.remediations.ofFile(file.id);
    return toFileResult({ file, scan, due, processing, members, remediation, ...workflow });
  };

  const firstMembers = async (processing: Processing | undefined) =>
    processing?.findings.inside && store.members.list(keeperOf(processing), 0, INLINE);

  const entry = async (processing: Processing) =>
    toHistoryEntry(processing, await workflowOf(processing.workflowId, processing.workflowRevision));

  return { result, entry };
};

export const createFileRoutes = (deps: ApiDeps) => {
  const { store, rescans } = deps;
  const read = createReader(deps);
  const get = async (id: string): Promise<FileRecord> => found(await store.files.find(id), 'file');

  return createRouter()
    .openapi(find, async (c) => {
      const { id, scanId, path } = found(await store.files.findByPath(c.req.valid('query').path), 'file');
      return c.json({ id, scanId, path }, 200);
    })
    .openapi(show, async (c) => c.json(await read.result(await get(c.req.valid('param').id)), 200))
    .openapi(history, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { id } = await get(c.req.valid('param').id);
      const rows = await store.files.history(id, { before: cursor, limit: limit + 1 });
      const entries = await Promise.all(rows.map(read.entry));
      return c.json(pageOf(entries, limit, await store.files.countHistory(id)), 200);
    })
    .openapi(members, async (c) => {
      const { limit, cursor, processingId } = c.req.valid('query');
      const file = await get(c.req.valid('param').id);
      const of = processingId ?? file.processingId;
      const processing = of === undefined ? undefined : await store.files.findProcessing(of);
      if (processing?.fileId !== file.id) throw new Fault('NOT_FOUND', 'The file has no such processing.');
      const total = processing.findings.inside?.members ?? 0;
      const from = placeOf(cursor);
      const rows = await store.members.list(keeperOf(processing), from, limit);
      return c.json(pageAt(rows.map(toArchiveMember), from, total), 200);
    })
    .openapi(rescan, async (c) => {
      const { fileId, fileIds, workflowId, passwords } = c.req.valid('json');
      const wish = { fileIds: fileIds ?? [fileId ?? ''], workflowId, passwords };
      const { rescanId, files } = await rescans.files(wish, c.get('actor').name);
      const what = files.length === 1 ? 'the file' : `${files.length} files`;
      const responseMessage = `The processing of ${what} has started.`;
      const taken = fileId === undefined ? { fileIds: files.map(({ id }) => id) } : { fileId };
      return c.json({ ...taken, rescanId, responseKey: 'STARTED_PROCESSING_FILE', responseMessage }, 202);
    });
};
