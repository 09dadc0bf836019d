import { resolve } from 'node:path';
import { parseResponse } from 'hono/client';
import { command, daemonOptions, group } from './command';
import { connect } from './daemon';
import { getStorage, getWorkflowId, listStorages } from './find';
import { localTime, show, table } from './show';

const list = command(
  ['list', '$0'],
  'List the storages',
  (args) => daemonOptions(args).example('$0 storage', 'See what can be scanned'),
  async (args) => {
    const storages = await listStorages(connect(args).client);
    show(args, storages, () =>
      table(
        ['ID', 'NAME', 'KIND', 'PATH', 'ADDED'],
        storages.map(({ id, name, options, created }) => [id, name, options.kind, options.path, localTime(created)]),
      ),
    );
  },
);

const add = command(
  'add <name> <path>',
  'Add a folder of this host',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'A name of its own' })
      .positional('path', { type: 'string', demandOption: true, describe: 'The folder, or one file' })
      .option('workflow', { type: 'string', describe: 'The name of the workflow for its files' })
      .example('$0 storage add uploads /srv/uploads', 'Add a folder'),
  async (args) => {
    const { client } = connect(args);
    const workflowId = await getWorkflowId(client, args.workflow);
    const json = { name: args.name, options: { kind: 'local' as const, path: resolve(args.path) }, workflowId };
    const storage = await parseResponse(client.api.storage.$post({ json }));
    show(args, storage, () => `${storage.name} is added as ${storage.id}.`);
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

/** `assay storage`: where files live. */
export const storage = group('storage', 'List, add, remove and test storages', [list, add, remove, test]);
