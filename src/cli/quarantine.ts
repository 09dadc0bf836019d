import { type InferResponseType, parseResponse } from 'hono/client';
import type { Argv } from 'yargs';
import { parseDuration } from '../config/values';
import { Fault } from '../core/fault';
import { command, daemonOptions, group } from './command';
import { type Client, connect, entriesOf } from './daemon';
import { getWorkflowId } from './find';
import { placeAt } from './place';
import { localTime, pairs, show, table } from './show';

type Entry = InferResponseType<Client['api']['quarantine']['$get'], 200>['entries'][number];

const withId = (args: Argv) =>
  daemonOptions(args).positional('id', { type: 'string', demandOption: true, describe: 'Its id in quarantine' });

const list = command(
  ['list', '$0'],
  'List what is in quarantine, newest first',
  (args) =>
    daemonOptions(args)
      .option('limit', { type: 'number', default: 100, describe: 'How many' })
      .option('state', {
        choices: ['held', 'restoring', 'restored', 'purged'] as const,
        default: 'held' as const,
        describe: 'Those that are there, or what became of others',
      })
      .example('$0 quarantine', 'See what is held'),
  async (args) => {
    const { client } = connect(args);
    const entries: Entry[] = [];
    const page = (query: { limit: string; cursor?: string }) =>
      parseResponse(client.api.quarantine.$get({ query: { ...query, state: args.state } }));
    for await (const entry of entriesOf(page, args.limit)) entries.push(entry);
    show(args, entries, () =>
      table(
        ['ID', 'SINCE', 'RESULT', 'SIZE', 'FROM'],
        entries.map(({ id, created, scanAllResultA, size, path }) => [
          id,
          localTime(created),
          scanAllResultA,
          size,
          path,
        ]),
      ),
    );
  },
);

const showOne = command(
  'show <id>',
  'Show a file in quarantine, why it is there and where it is from',
  (args) => withId(args).example('$0 quarantine show ID', 'Why is it held?'),
  async (args) => {
    const { client } = connect(args);
    const entry = await parseResponse(client.api.quarantine[':id'].$get({ param: { id: args.id } }));
    show(args, entry, () =>
      pairs({
        Id: entry.id,
        State: entry.state,
        Result: entry.scanAllResultA,
        Reason: entry.reason,
        From: entry.path,
        Storage: entry.storageName,
        Size: `${entry.size} bytes`,
        SHA256: entry.sha256,
        File: entry.fileId,
        Since: localTime(entry.created),
        Until: localTime(entry.ended),
      }),
    );
  },
);

const restore = command(
  'restore <id>',
  'Put a file back with its owner, mode and times; nothing is overwritten',
  (args) =>
    withId(args)
      .option('to', { type: 'string', requiresArg: true, describe: 'A folder or a storage to put it into instead' })
      .option('allow', {
        type: 'boolean',
        default: false,
        describe: 'Put its content on the allow list of a workflow, too',
      })
      .option('workflow', { type: 'string', requiresArg: true, describe: 'Of --allow: not the one that applies there' })
      .example('$0 quarantine restore ID', 'Put it back where it was')
      .example('$0 quarantine restore ID --allow', 'Put it back, and never take it away again')
      .example('$0 quarantine restore ID --to /srv/checked', 'Put it elsewhere, under a numbered name if need be'),
  async (args) => {
    const { client } = connect(args);
    const place = args.to === undefined ? undefined : await placeAt(client, args.to);
    const to = place && { storageId: place.storageId, folder: place.path ?? '' };
    const workflowId = await getWorkflowId(client, args.workflow);
    const json = { to, allow: args.allow, workflowId };
    const answer = await parseResponse(client.api.quarantine[':id'].restore.$post({ param: { id: args.id }, json }));
    show(args, answer, () => answer.responseMessage);
  },
);

const purge = command(
  'purge [id]',
  'Remove from quarantine for good: one file, or what is held too long',
  (args) =>
    daemonOptions(args)
      .positional('id', { type: 'string', describe: 'Its id in quarantine' })
      .option('older-than', { type: 'string', requiresArg: true, describe: 'All that are held longer, such as 30d' })
      .example('$0 quarantine purge --older-than 30d', 'Remove what is held for more than thirty days'),
  async (args) => {
    const { id, olderThan } = args;
    const { client } = connect(args);
    if ((id === undefined) === (olderThan === undefined)) {
      throw new Fault('BAD_REQUEST', 'Name either one file or an age.', {
        hint: 'assay quarantine purge ID, or assay quarantine purge --older-than 30d.',
      });
    }
    if (id !== undefined) {
      const answer = await parseResponse(client.api.quarantine[':id'].$delete({ param: { id } }));
      show(args, answer, () => answer.responseMessage);
      return;
    }
    const age = parseDuration(olderThan ?? '');
    if (age === undefined) {
      throw new Fault('BAD_REQUEST', `${olderThan} is not a duration.`, { hint: 'Write 30m, 12h or 30d.' });
    }
    const before = new Date(Date.now() - age).toISOString();
    const answer = await parseResponse(client.api.quarantine.purge.$post({ json: { before } }));
    show(args, answer, () => answer.responseMessage);
  },
);

/** `assay quarantine`: what was taken out of the way. */
export const quarantine = group('quarantine', 'List, show, restore and remove what is in quarantine', [
  list,
  showOne,
  restore,
  purge,
]);
