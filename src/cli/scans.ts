import { type InferResponseType, parseResponse } from 'hono/client';
import { command, daemonOptions, group } from './command';
import { type Client, connect, entriesOf } from './daemon';
import { getWorkflowId, listRevisions } from './find';
import { placeAt } from './place';
import { files } from './scans-files';
import { countsWords, localTime, pairs, show, table } from './show';
import { waitingWords } from './waiting';

type Detail = InferResponseType<Client['api']['scan'][':id']['$get'], 200>;
type Scan = InferResponseType<Client['api']['scan']['$get'], 200>['entries'][number];

type Shown = Scan & Partial<Pick<Detail, 'outdated' | 'remediation'>>;

const describe = ({ counts, progress, remediation, ...scan }: Shown, workflow?: string): string =>
  pairs({
    Scan: scan.id,
    Name: scan.name,
    State: `${scan.state}, ${progress.percent} %`,
    Storage: scan.storageName,
    Folder: scan.path,
    Workflow: `${workflow ?? scan.workflowId} revision ${scan.workflowRevision}`,
    Started: localTime(scan.created),
    Ended: localTime(scan.finished),
    Files: counts.total,
    Allowed: counts.allowed,
    Blocked: counts.blocked,
    Failed: counts.failed + counts.failedRemediation,
    Canceled: counts.canceled,
    Pending: counts.pending,
    Waiting: waitingWords(scan.waiting),
    Outdated: scan.outdated ? `${scan.outdated}: "assay rescan --scan ${scan.id} --outdated"` : undefined,
    Remediation: remediation && countsWords(remediation),
    Error: scan.error,
  });

const showScan = async (client: Client, args: { json?: boolean }, scan: Shown): Promise<void> => {
  const revisions = args.json ? [] : await listRevisions(client, scan.workflowId);
  const workflow = revisions.find(({ revision }) => revision === scan.workflowRevision)?.name;
  show(args, scan, () => describe(scan, workflow));
};

const list = command(
  ['list', '$0'],
  'List the scans, newest first',
  (args) =>
    daemonOptions(args)
      .option('limit', { type: 'number', default: 20, describe: 'How many' })
      .option('state', {
        choices: ['running', 'paused', 'finished', 'canceled', 'failed'] as const,
        describe: 'Only those in this state',
      })
      .example('$0 scans --state running', 'See what runs'),
  async (args) => {
    const { client } = connect(args);
    const scans: Scan[] = [];
    const page = (query: { limit: string; cursor?: string }) =>
      parseResponse(client.api.scan.$get({ query: { ...query, state: args.state } }));
    for await (const scan of entriesOf(page, args.limit)) scans.push(scan);
    show(args, scans, () =>
      table(
        ['ID', 'NAME', 'STATE', 'DONE', 'FILES', 'BLOCKED', 'FAILED', 'STARTED'],
        scans.map(({ id, name, state, progress, counts, created }) => [
          id,
          name,
          state,
          `${progress.percent} %`,
          counts.total,
          counts.blocked,
          counts.failed + counts.failedRemediation,
          localTime(created),
        ]),
      ),
    );
  },
);

const one = (verb: string, what: string, ask: (client: Client, id: string) => Promise<Scan>) =>
  command(
    `${verb} <id>`,
    what,
    (args) =>
      daemonOptions(args)
        .positional('id', { type: 'string', demandOption: true, describe: "The scan's id" })
        .example(`$0 scans ${verb} 019ab3c2-…`, what),
    async (args) => {
      const { client } = connect(args);
      const scan = await ask(client, args.id);
      await showScan(client, args, scan);
    },
  );

const start = command(
  'start',
  'Start a scan',
  (args) =>
    daemonOptions(args)
      .option('storage', { type: 'string', demandOption: true, describe: 'The name of a storage, or a path' })
      .option('name', { type: 'string', describe: 'A name for the report' })
      .option('workflow', { type: 'string', describe: 'The name of a workflow' })
      .example('$0 scans start --storage /srv/uploads', 'Scan a folder'),
  async (args) => {
    const { client } = connect(args);
    const workflowId = await getWorkflowId(client, args.workflow);
    const place = await placeAt(client, args.storage);
    const scan = await parseResponse(client.api.scan.$post({ json: { ...place, name: args.name, workflowId } }));
    await showScan(client, args, scan);
  },
);

/** `assay scans`: the daemon's scans. */
export const scans = group('scans', 'List, start, pause, resume and cancel scans', [
  list,
  one('show', 'Show a scan', (client, id) => parseResponse(client.api.scan[':id'].$get({ param: { id } }))),
  start,
  one('pause', 'Pause a scan', (client, id) => parseResponse(client.api.scan[':id'].pause.$post({ param: { id } }))),
  one('resume', 'Go on with a paused scan', (client, id) =>
    parseResponse(client.api.scan[':id'].resume.$post({ param: { id } })),
  ),
  one('cancel', 'End a scan before its end', (client, id) =>
    parseResponse(client.api.scan[':id'].cancel.$post({ param: { id } })),
  ),
  files,
]);
