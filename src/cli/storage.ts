import { parseResponse } from 'hono/client';
import { addressOf, type StorageOptions, storageTypeOf } from '../core/storage';
import { command, daemonOptions, group } from './command';
import { connect } from './daemon';
import { getStorage, getWorkflowId, listStorages } from './find';
import { localTime, pairs, show, table } from './show';
import { add, set } from './storage-add';
import { waitingWords } from './waiting';

const KINDS: { [type: number]: string } = { 0: 'Amazon S3', 6: 'S3-compatible', 100: 'folder' };
const kindOf = (options: StorageOptions): string => KINDS[storageTypeOf(options)] ?? options.kind;

const list = command(
  ['list', '$0'],
  'List the storages',
  (args) => daemonOptions(args).example('$0 storage', 'See what can be scanned'),
  async (args) => {
    const storages = await listStorages(connect(args).client);
    show(args, storages, () =>
      table(
        ['ID', 'NAME', 'KIND', 'WHERE', 'ADDED', 'STATE'],
        storages.map(({ id, name, options, created, waiting }) => [
          id,
          name,
          kindOf(options),
          addressOf(options),
          localTime(created),
          waiting === undefined ? '' : 'away',
        ]),
      ),
    );
  },
);

const describe = ({ waiting, ...storage }: Awaited<ReturnType<typeof listStorages>>[number]): string => {
  const { options } = storage;
  return pairs({
    Storage: storage.id,
    Name: storage.name,
    Kind: kindOf(options),
    Where: addressOf(options),
    Region: options.kind === 's3' ? options.region : undefined,
    'Access key': options.kind === 's3' ? options.accessKeyId : undefined,
    Workflow: storage.workflowId,
    Added: localTime(storage.created),
    Waiting: waitingWords(waiting),
  });
};

const one = command(
  'show <name>',
  'Show a storage',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'Its name, id or path' })
      .example('$0 storage show inbox', 'Where is it, and is it there?'),
  async (args) => {
    const storage = await getStorage(connect(args).client, args.name);
    show(args, storage, () => describe(storage));
  },
);

const remove = command(
  'remove <name>',
  'Remove a storage; the reports of its scans stay',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'Its name, id or path' })
      .example('$0 storage remove uploads', 'Forget a folder'),
  async (args) => {
    const { client } = connect(args);
    const { id } = await getStorage(client, args.name);
    const answer = await parseResponse(client.api.storage[':id'].$delete({ param: { id } }));
    show(args, answer, () => answer.responseMessage);
  },
);

const test = command(
  'test <name>',
  'Try whether a storage can be reached',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'Its name, id or path' })
      .example('$0 storage test uploads', 'Is it mounted?'),
  async (args) => {
    const { client } = connect(args);
    const { id } = await getStorage(client, args.name);
    const answer = await parseResponse(client.api.storage[':id'].test.$post({ param: { id } }));
    show(args, answer, () => answer.responseMessage);
  },
);

const setWorkflow = command(
  'workflow <name> [workflow]',
  'Have the files of a storage go through a workflow; without one, through the default',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'Its name, id or path' })
      .positional('workflow', { type: 'string', describe: 'The name or id of the workflow' })
      .example('$0 storage workflow uploads strict', 'Use another workflow from the next scan on'),
  async (args) => {
    const { client } = connect(args);
    const { id } = await getStorage(client, args.name);
    const json = { workflowId: (await getWorkflowId(client, args.workflow)) ?? null };
    const storage = await parseResponse(client.api.storage[':id'].$patch({ param: { id }, json }));
    show(args, storage, () => `${storage.name} goes through ${args.workflow ?? 'the default workflow'} now.`);
  },
);

/** `assay storage`: where files live. */
export const storage = group('storage', 'List, add, change, remove and test storages', [
  list,
  one,
  add,
  set,
  remove,
  test,
  setWorkflow,
]);
