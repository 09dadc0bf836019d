import { type InferResponseType, parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import { command, daemonOptions, group } from './command';
import { type Client, connect } from './daemon';
import { getStorage, getWorkflowId } from './find';
import { storageAt } from './place';
import { localTime, show, table } from './show';

type Realtime = InferResponseType<Client['api']['realtime']['$get'], 200>['entries'][number];

const listActive = async (client: Client): Promise<Realtime[]> =>
  (await parseResponse(client.api.realtime.$get())).entries;

const howOf = ({ state, reason }: Realtime): string => (reason === undefined ? state : `${state}: ${reason}`);

const status = command(
  ['status', '$0'],
  'Show what is under real-time processing',
  (args) => daemonOptions(args).example('$0 realtime', 'See what is watched, and how'),
  async (args) => {
    const active = await listActive(connect(args).client);
    show(args, active, () =>
      active.length === 0
        ? 'Nothing is under real-time processing. Start it with "assay realtime start STORAGE".'
        : table(
            ['SCAN', 'STORAGE', 'STATE', 'FILES', 'BLOCKED', 'FAILED', 'PENDING', 'LISTED', 'EVENTS LOST'],
            active.map((one) => [
              one.scan.id,
              one.scan.storageName,
              howOf(one),
              one.scan.counts.total,
              one.scan.counts.blocked,
              one.scan.counts.failed + one.scan.counts.failedRemediation,
              one.scan.counts.pending,
              localTime(one.listed),
              one.lost,
            ]),
          ),
    );
  },
);

const start = command(
  'start <storage>',
  'Look into what changes in a storage by itself, from now on',
  (args) =>
    daemonOptions(args)
      .positional('storage', { type: 'string', demandOption: true, describe: 'Its name or id, or a path' })
      .option('workflow', { type: 'string', describe: 'The name of a workflow' })
      .option('existing', { type: 'boolean', describe: 'Look into what is there already, too' })
      .example('$0 realtime start uploads', 'Guard a storage'),
  async (args) => {
    const { client } = connect(args);
    const workflowId = await getWorkflowId(client, args.workflow);
    const storageId = await storageAt(client, args.storage);
    const scan = await parseResponse(
      client.api.realtime.$post({ json: { storageId, workflowId, existing: args.existing } }),
    );
    show(args, scan, () => `${scan.storageName} is under real-time processing now, in the scan ${scan.id}.`);
  },
);

const stop = command(
  'stop <storage>',
  'Stop real-time processing; its report can be reprocessed then',
  (args) =>
    daemonOptions(args)
      .positional('storage', { type: 'string', demandOption: true, describe: "The storage, or the scan's id" })
      .example('$0 realtime stop uploads', 'Guard a storage no longer'),
  async (args) => {
    const { client } = connect(args);
    const active = await listActive(client);
    const byScan = active.find(({ scan }) => scan.id === args.storage);
    const storageId = byScan === undefined ? (await getStorage(client, args.storage)).id : undefined;
    const one = byScan ?? active.find(({ scan }) => scan.storageId === storageId);
    if (one === undefined) {
      throw new Fault('NOT_FOUND', `${args.storage} is not under real-time processing.`, {
        hint: 'See what is: assay realtime status.',
      });
    }
    const scan = await parseResponse(client.api.realtime[':scanId'].$delete({ param: { scanId: one.scan.id } }));
    show(args, scan, () => `Stopped. The report is the scan ${scan.id}.`);
  },
);

/** `assay realtime`: what is looked into by itself as it changes. */
export const realtime = group('realtime', 'Start, stop and show real-time processing', [status, start, stop]);
