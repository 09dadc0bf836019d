import { z } from '@hono/zod-openapi';
import { CHANGES } from '../core/change';
import { FileOrder } from '../core/file-order';
import { Detection, FileState, Status, StatusFilter } from '../core/result';
import { WorkflowRef } from './file-shape';
import { repeated } from './page';

/** A file in the list of a scan's files, and in its report. */
export const ScanFile = z
  .object({
    id: z.string(),
    name: z.string(),
    path: z.string(),
    size: z.number().int(),
    created: z.string(),
    state: FileState,
    status: Status.optional(),
    scanAllResultI: z.number().int(),
    scanAllResultA: z.string(),
    detections: z.array(Detection),
    blockedReason: z.string().optional(),
    exceptionDetails: z.string().optional(),
    processed: z.string().optional().openapi({ description: 'When the latest processing ended.' }),
    workflow: WorkflowRef.optional().openapi({ description: 'The workflow of the latest processing.' }),
  })
  .openapi('ScanFile');

const time = (description: string) =>
  z.iso
    .datetime({ offset: true, error: 'not a time of RFC 3339, such as 2026-01-31T12:00:00Z' })
    .transform((text) => Date.parse(text))
    .openapi({ type: 'string', format: 'date-time', description })
    .optional();

export const SortQuery = z.object({
  sort: FileOrder.optional().openapi({ description: 'As they were found without; a "-" turns the order round.' }),
});

/** Which files of a scan; a list, a report and a rescan mean the same by it. */
export const FileQuery = z.strictObject({
  status: repeated(StatusFilter).optional(),
  detection: repeated(Detection).optional().openapi({ description: 'A file must have all of them.' }),
  search: z.string().max(1000).optional().openapi({ description: 'A part of the path.' }),
  workflowId: z.string().max(100).optional().openapi({ description: 'The workflow of the latest processing.' }),
  from: time('The latest processing ended at this time or later.'),
  to: time('The latest processing ended before this time.'),
  rescanId: z.string().max(100).optional().openapi({ description: 'A rescan that looked into the file.' }),
  change: z.enum(CHANGES).optional().openapi({
    description: 'What that rescan, or else any, changed about the file, whatever came after it.',
  }),
});
