import { createRoute, z } from '@hono/zod-openapi';
import { writeCsv } from '../report/csv';
import { dispositionOf } from '../report/file-name';
import { writeJson } from '../report/json';
import { openReport, type Report } from '../report/report';
import { toStream } from '../report/stream';
import type { ApiDeps } from './deps';
import { found } from './errors';
import { needs } from './gate';
import { createRouter, errors, IdParam } from './router';
import { FileQuery, ScanFile, SortQuery } from './scan-file';

/** What writes PDF is large: a daemon of which nobody wants one does without it. */
async function* writePdf(report: Report): AsyncGenerator<Uint8Array, void> {
  const pdf = await import('../report/pdf');
  yield* pdf.writePdf(report);
}

const FORMATS = {
  json: { type: 'application/json', write: writeJson },
  csv: { type: 'text/csv; charset=utf-8; header=present', write: writeCsv },
  pdf: { type: 'application/pdf', write: writePdf },
} as const satisfies Record<
  string,
  { type: string; write: (report: Report) => AsyncGenerator<string | Uint8Array, void> }
>;

const time = z.string().optional();

/** For the documentation: a report leaves as a stream. */
const ReportJson = z
  .object({
    scan: z.object({
      id: z.string(),
      name: z.string(),
      state: z.string(),
      storageName: z.string(),
      path: z.string(),
      created: z.string(),
      finished: time,
    }),
    filter: FileQuery.extend({ from: time, to: time }),
    sort: SortQuery.shape.sort,
    opened: z.string(),
    entries: z.array(ScanFile),
    total: z.number().int().openapi({ description: 'How many entries there are.' }),
    recordedMeanwhile: z.number().int().openapi({
      description:
        'How many results of this scan were recorded while the report was written; with 0, it is the state of one moment.',
    }),
  })
  .openapi('Report');

const DESCRIPTION = `All that the filter takes, however many files, as they were found or sorted. It speaks of the files that were found when it was
asked for, each as it is when it is read: a file whose processing is due is "InProgress" and shows its latest result. JSON and PDF say how many results were recorded
meanwhile; sorted by size or processed, a file of which one was may stand in the report twice, or not at all. A report that was cut off ends its connection without an end of the body. CSV is RFC 4180 in UTF-8 with a byte order mark, and a cell that a spreadsheet
would take for a formula has an apostrophe before it. PDF holds every file too, which for 100,000 files are some 2,000 pages; the licenses of its fonts are at /api/docs/fonts.txt.`;

const report = createRoute({
  method: 'get',
  path: '/{id}/report',
  tags: ['Scans'],
  summary: 'Export the report of a scan',
  description: DESCRIPTION.replaceAll('\n', ' '),
  middleware: needs('viewer'),
  request: {
    params: IdParam,
    query: FileQuery.extend({ ...SortQuery.shape, format: z.enum(['json', 'csv', 'pdf']).default('json') }),
  },
  responses: {
    200: {
      description: 'The report, as a file to keep.',
      content: {
        'application/json': { schema: ReportJson },
        'text/csv': { schema: z.string() },
        'application/pdf': { schema: z.string().openapi({ format: 'binary' }) },
      },
    },
    ...errors,
  },
});

export const createReportRoutes = ({ store, clock, log }: ApiDeps) =>
  createRouter().openapi(report, async (c) => {
    const { format, sort: order, ...filter } = c.req.valid('query');
    const scan = found(await store.scans.find(c.req.valid('param').id), 'scan');
    const { type, write } = FORMATS[format];
    const parts = write(await openReport(store, scan, { ...filter, order }, clock()));
    const body = toStream(parts, (error) => log.error({ err: error, scan: scan.id, format }, 'a report was cut off'));
    return new Response(body, {
      headers: { 'Content-Type': type, 'Content-Disposition': dispositionOf(scan, format) },
    });
  });
