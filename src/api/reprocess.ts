import { createRoute, z } from '@hono/zod-openapi';
import { Detection, StatusFilter } from '../core/result';
import type { ApiDeps } from './deps';
import { needs } from './gate';
import { PasswordsToTry } from './passwords';
import { Acknowledgement, body, createRouter, errors, IdParam, json } from './router';

const Wish = z
  .strictObject({
    status: z.array(StatusFilter).default([]).openapi({ description: 'Any of them; none is no constraint.' }),
    detection: z.array(Detection).default([]).openapi({ description: 'A file must have all of them.' }),
    outdated: z.boolean().default(false).openapi({
      description: "Only files judged with older definitions, or an older workflow revision, than today's.",
    }),
    workflowId: z
      .string()
      .optional()
      .openapi({ description: 'The workflow of the rescan; the one that applies now without.' }),
    force: z
      .boolean()
      .default(false)
      .openapi({ description: 'Ask every engine, also where its answer would be the same again.' }),
    passwords: PasswordsToTry,
  })
  .openapi('ReprocessRequest');

const Preview = z
  .object({
    count: z.number().int(),
    byStatus: z.record(StatusFilter, z.number().int()),
    byDetection: z.record(Detection, z.number().int()),
  })
  .openapi('ReprocessPreview');

const preview = createRoute({
  method: 'post',
  path: '/{id}/reprocess/preview',
  tags: ['Rescans'],
  summary: 'Say which files of a report a rescan would take, before anything starts',
  middleware: needs('operator'),
  request: { params: IdParam, body: body(Wish) },
  responses: { 200: json(Preview, 'How many files, of which kinds.'), ...errors },
});

const start = createRoute({
  method: 'post',
  path: '/{id}/reprocess',
  tags: ['Rescans'],
  summary: 'Look again at the files of a report that a filter takes',
  middleware: needs('operator'),
  request: { params: IdParam, body: body(Wish) },
  responses: {
    202: json(Acknowledgement.extend({ rescanId: z.string(), count: z.number().int() }), 'The rescan, just started.'),
    ...errors,
  },
});

export const createReprocessRoutes = ({ rescans }: ApiDeps) =>
  createRouter()
    .openapi(preview, async (c) => c.json(await rescans.preview(c.req.valid('param').id, c.req.valid('json')), 200))
    .openapi(start, async (c) => {
      const started = await rescans.report(c.req.valid('param').id, c.req.valid('json'), c.get('actor').name);
      const responseMessage = `The rescan of ${started.count} ${started.count === 1 ? 'file' : 'files'} has started.`;
      return c.json({ ...started, responseKey: 'STARTED_RESCAN', responseMessage }, 202);
    });
