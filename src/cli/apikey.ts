import { parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import { Role } from '../core/user';
import { command, daemonOptions, group } from './command';
import { connect } from './daemon';
import { listKeys } from './find';
import { print, tell } from './output';
import { localTime, show, table } from './show';

const list = command(
  ['list', '$0'],
  'List the API keys, without the keys themselves',
  (args) => daemonOptions(args).example('$0 apikey', 'See which keys are used'),
  async (args) => {
    const keys = await listKeys(connect(args).client);
    show(args, keys, () =>
      table(
        ['ID', 'NAME', 'ROLE', 'ADDED', 'LAST USED'],
        keys.map(({ id, name, role, created, lastUsed }) => [id, name, role, localTime(created), localTime(lastUsed)]),
      ),
    );
  },
);

const add = command(
  'add <name>',
  'Make an API key and print it, this once',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'What it is for' })
      .option('role', { choices: Role.options, default: 'operator' as Role, describe: 'What it may do' })
      .example('$0 apikey add ci --role viewer > key', 'A key for another program'),
  async (args) => {
    const key = await parseResponse(
      connect(args).client.api.apikey.$post({ json: { name: args.name, role: args.role } }),
    );
    if (args.json) return show(args, key, () => '');
    print(key.key);
    tell('It is shown this once. Send it in the header "ApiKey".');
  },
);

const remove = command(
  'remove <key>',
  'Remove an API key',
  (args) =>
    daemonOptions(args)
      .positional('key', { type: 'string', demandOption: true, describe: 'Its id, or its name' })
      .example('$0 apikey remove ci', 'Make a key worth nothing'),
  async (args) => {
    const { client } = connect(args);
    const found = (await listKeys(client)).filter(({ id, name }) => id === args.key || name === args.key);
    const [key] = found;
    if (key === undefined) {
      throw new Fault('NOT_FOUND', `There is no API key "${args.key}".`, { hint: 'See them with "assay apikey".' });
    }
    if (found.length > 1) {
      throw new Fault('BAD_REQUEST', `${found.length} API keys have the name "${args.key}".`, { hint: 'Give its id.' });
    }
    const answer = await parseResponse(client.api.apikey[':id'].$delete({ param: { id: key.id } }));
    show(args, answer, () => answer.responseMessage);
  },
);

/** `assay apikey`: how other programs sign in. */
export const apikey = group('apikey', 'List, make and remove API keys', [list, add, remove]);
