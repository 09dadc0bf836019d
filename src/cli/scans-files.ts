import { parseResponse } from 'hono/client';
import { DETECTIONS, StatusFilter } from '../core/result';
import { command, daemonOptions } from './command';
import { connect, entriesOf } from './daemon';
import { print } from './output';
import { printable, safe } from './safe';

/** `assay scans files`: what a scan found, a line a file, however many they are. */
export const files = command(
  'files <id>',
  'List the files of a scan with their results',
  (args) =>
    daemonOptions(args)
      .positional('id', { type: 'string', demandOption: true, describe: "The scan's id" })
      .option('status', { choices: StatusFilter.options, array: true, nargs: 1, describe: 'Only those with a status' })
      .option('detection', {
        choices: DETECTIONS,
        array: true,
        nargs: 1,
        describe: 'Only those with a detection; several must all be there',
      })
      .option('search', { type: 'string', describe: 'Only those whose path holds these words' })
      .option('limit', { type: 'number', default: Number.POSITIVE_INFINITY, describe: 'How many' })
      .example('$0 scans files 019ab3c2-… --status Blocked --json', 'What was blocked, an object a line'),
  async (args) => {
    const { client } = connect(args);
    const { id, status, detection, search } = args;
    const page = (query: { limit: string; cursor?: string }) =>
      parseResponse(
        client.api.scan[':id'].files.$get({ param: { id }, query: { ...query, status, detection, search } }),
      );
    for await (const file of entriesOf(page, args.limit)) {
      const why = file.blockedReason ?? file.exceptionDetails ?? '';
      const line = [
        file.id,
        file.status ?? file.state,
        printable(file.scanAllResultA),
        safe(file.path),
        printable(why),
      ];
      print(args.json ? JSON.stringify(file) : line.join('\t').trimEnd());
    }
  },
);
