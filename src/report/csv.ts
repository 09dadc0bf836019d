import { stringify } from 'csv-stringify/sync';
import { whyWords } from '../core/result';
import type { Entry } from './entry';
import type { Report } from './report';

const COLUMNS = [
  'id',
  'path',
  'size',
  'created',
  'state',
  'status',
  'scanAllResultI',
  'scanAllResultA',
  'detections',
  'explanation',
  'processed',
  'workflowId',
  'workflow',
  'workflowRevision',
];

const toRow = (entry: Entry) => ({
  ...entry,
  detections: entry.detections.join('; '),
  explanation: whyWords(entry) || undefined,
  workflowId: entry.workflow?.id,
  workflow: entry.workflow?.name,
  workflowRevision: entry.workflow?.revision,
});

const linesOf = (entries: Entry[], header: boolean): string =>
  stringify(entries.map(toRow), {
    columns: COLUMNS,
    header,
    // Excel takes a file without the mark for one in the code page of its host.
    bom: header,
    record_delimiter: 'windows',
    quoted_string: true,
    escape_formulas: true,
  });

/** RFC 4180 in UTF-8 with a byte order mark. What a spreadsheet would take for a formula has an apostrophe before it. */
export async function* writeCsv(report: Report): AsyncGenerator<string, void> {
  yield linesOf([], true);
  for await (const entries of report.entries()) yield linesOf(entries, false);
}
