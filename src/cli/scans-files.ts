import { parseResponse } from 'hono/client';
import { statusWords, whyWords } from '../core/result';
import { command, daemonOptions } from './command';
import { connect, entriesOf } from './daemon';
import { filterOptions, toFilter } from './filter';
import { print } from './output';
import { printable, safe } from './safe';

/** `assay scans files`: what a scan found, a line a file, however many they are. */
export const files = command(
  'files <id>',
  'List the files of a scan with their results',
  (args) =>
    filterOptions(daemonOptions(args))
      .positional('id', { type: 'string', demandOption: true, describe: "The scan's id" })
      .option('limit', { type: 'number', default: Number.POSITIVE_INFINITY, describe: 'How many' })
      .example('$0 scans files 019ab3c2-… --status Blocked --json', 'What was blocked, an object a line'),
  async (args) => {
    const { client } = connect(args);
    const { id } = args;
    const filter = await toFilter(client, args);
    const page = (query: { limit: string; cursor?: string }) =>
      parseResponse(client.api.scan[':id'].files.$get({ param: { id }, query: { ...query, ...filter } }));
    for await (const file of entriesOf(page, args.limit)) {
      const line = [
        file.id,
        statusWords(file),
        printable(file.scanAllResultA),
        safe(file.path),
        printable(whyWords(file)),
      ];
      print(args.json ? JSON.stringify(file) : line.join('\t').trimEnd());
    }
  },
);
