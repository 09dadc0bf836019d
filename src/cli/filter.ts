import type { Argv } from 'yargs';
import { Fault } from '../core/fault';
import { FILE_ORDERS, type FileOrder } from '../core/file-order';
import { DETECTIONS, type Detection, StatusFilter } from '../core/result';
import type { Client } from './daemon';
import { getWorkflowIdOfResults } from './find';

/** A day, or a time of one, with or without its zone. */
const TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** What a person wrote as a time, in RFC 3339; without a zone it is of this host. @throws Fault BAD_REQUEST */
export const toTime = (option: string, text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const [day = '', time = '00:00'] = text.split(/[T ]/);
  const at = TIME.test(text) ? new Date(`${day}T${time}`) : new Date(Number.NaN);
  // A day that its month does not have becomes one of the next.
  const exists = !Number.isNaN(at.getTime()) && new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  if (exists) return at.toISOString();
  throw new Fault('BAD_REQUEST', `"${text}" is no time for --${option}.`, {
    hint: 'Write 2026-01-31, 2026-01-31T12:00 or 2026-01-31T12:00:00Z.',
  });
};

/** The options of the commands that show a scan's files: which, and in which order. */
export const filterOptions = <T>(args: Argv<T>) =>
  args
    .option('status', { choices: StatusFilter.options, array: true, nargs: 1, describe: 'Only those with a status' })
    .option('detection', {
      choices: DETECTIONS,
      array: true,
      nargs: 1,
      describe: 'Only those with a detection; several must all be there',
    })
    .option('workflow', {
      type: 'string',
      requiresArg: true,
      describe: 'Only those last processed by a workflow; by its id also one that was removed',
    })
    .option('from', { type: 'string', requiresArg: true, describe: 'Only those last processed at a time or later' })
    .option('to', { type: 'string', requiresArg: true, describe: 'Only those last processed before a time' })
    .option('search', { type: 'string', requiresArg: true, describe: 'Only those whose path holds these words' })
    .option('sort', {
      choices: FILE_ORDERS,
      requiresArg: true,
      describe: 'In this order, downwards with a "-" before it',
    });

interface FilterArguments {
  status?: StatusFilter[];
  detection?: Detection[];
  workflow?: string;
  from?: string;
  to?: string;
  search?: string;
  sort?: FileOrder;
}

/** The filter of a command line, as the daemon takes it. @throws Fault BAD_REQUEST, NOT_FOUND */
export const toFilter = async (client: Client, args: FilterArguments) => ({
  status: args.status,
  detection: args.detection,
  search: args.search,
  sort: args.sort,
  from: toTime('from', args.from),
  to: toTime('to', args.to),
  workflowId: await getWorkflowIdOfResults(client, args.workflow),
});
