import { type InferResponseType, parseResponse } from 'hono/client';
import { command, daemonOptions, group } from './command';
import { type Client, connect, entriesOf } from './daemon';
import { localTime, pairs, show, table } from './show';
import { waitingWords } from './waiting';

export type Rescan = InferResponseType<Client['api']['rescan']['$get'], 200>['entries'][number];

/** Which files, in few words. */
export const choiceOf = ({ scanId, filter }: Rescan): string => {
  if (filter === undefined) return 'named files';
  const chosen = [...filter.status, ...filter.detection, ...(filter.outdated ? ['outdated'] : [])];
  return `${chosen.length > 0 ? chosen.join(', ') : 'all'} of ${scanId}`;
};

const workflowsOf = ({ workflows }: Rescan): string =>
  workflows.map(({ name, revision }) => `${name} revision ${revision}`).join(', ');

const describe = (rescan: Rescan): string =>
  pairs({
    Rescan: rescan.id,
    State: `${rescan.state}, ${rescan.progress.percent} %`,
    Waiting: waitingWords(rescan.waiting),
    Files: choiceOf(rescan),
    Workflow: workflowsOf(rescan),
    'Asked by': rescan.actor,
    Started: localTime(rescan.created),
    Ended: localTime(rescan.finished),
    Done: `${rescan.progress.done} of ${rescan.progress.total}`,
    Skipped: rescan.skipped,
    Canceled: rescan.canceled,
  });

const list = command(
  ['list', '$0'],
  'List the rescans, newest first',
  (args) =>
    daemonOptions(args)
      .option('limit', { type: 'number', default: 20, describe: 'How many' })
      .option('scan', { type: 'string', requiresArg: true, describe: 'Only those of one report' })
      .example('$0 rescans --scan 019ab3c2-…', 'See when a report was looked at again'),
  async (args) => {
    const { client } = connect(args);
    const rescans: Rescan[] = [];
    const page = (query: { limit: string; cursor?: string }) =>
      parseResponse(client.api.rescan.$get({ query: { ...query, scanId: args.scan } }));
    for await (const rescan of entriesOf(page, args.limit)) rescans.push(rescan);
    show(args, rescans, () =>
      table(
        ['ID', 'STATE', 'DONE', 'FILES', 'WORKFLOW', 'ASKED BY', 'STARTED', 'WHICH'],
        rescans.map((rescan) => [
          rescan.id,
          rescan.state,
          `${rescan.progress.percent} %`,
          rescan.progress.total,
          workflowsOf(rescan),
          rescan.actor,
          localTime(rescan.created),
          choiceOf(rescan),
        ]),
      ),
    );
  },
);

const one = (verb: string, what: string, ask: (client: Client, id: string) => Promise<Rescan>) =>
  command(
    `${verb} <id>`,
    what,
    (args) =>
      daemonOptions(args)
        .positional('id', { type: 'string', demandOption: true, describe: "The rescan's id" })
        .example(`$0 rescans ${verb} 019ab3d0-…`, what),
    async (args) => {
      const rescan = await ask(connect(args).client, args.id);
      show(args, rescan, () => describe(rescan));
    },
  );

/** `assay rescans`: what was, or is, looked at again. What one changed is said by `assay report --rescan`. */
export const rescans = group('rescans', 'List, pause, resume and cancel rescans', [
  list,
  one('show', 'Show a rescan', (client, id) => parseResponse(client.api.rescan[':id'].$get({ param: { id } }))),
  one('pause', 'Pause a rescan', (client, id) =>
    parseResponse(client.api.rescan[':id'].pause.$post({ param: { id } })),
  ),
  one('resume', 'Go on with a paused rescan', (client, id) =>
    parseResponse(client.api.rescan[':id'].resume.$post({ param: { id } })),
  ),
  one('cancel', 'End a rescan; files that it did not come to keep their results', (client, id) =>
    parseResponse(client.api.rescan[':id'].cancel.$post({ param: { id } })),
  ),
]);
