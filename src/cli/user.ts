import { parseResponse } from 'hono/client';
import { Fault } from '../core/fault';
import { Role } from '../core/user';
import { command, daemonOptions, group } from './command';
import { type Client, connect } from './daemon';
import { listUsers } from './find';
import { readPassword } from './secret';
import { localTime, show, table } from './show';

const getUser = async (client: Client, word: string) => {
  const found = (await listUsers(client)).find(({ id, userName }) => id === word || userName === word);
  if (found !== undefined) return found;
  throw new Fault('NOT_FOUND', `There is no user "${word}".`, { hint: 'See them with "assay user".' });
};

const list = command(
  ['list', '$0'],
  'List the users',
  (args) => daemonOptions(args).example('$0 user', 'See who may sign in'),
  async (args) => {
    const users = await listUsers(connect(args).client);
    show(args, users, () =>
      table(
        ['ID', 'NAME', 'ROLE', 'ADDED'],
        users.map(({ id, userName, role, created }) => [id, userName, role, localTime(created)]),
      ),
    );
  },
);

const passwordFile = {
  type: 'string',
  requiresArg: true,
  describe: 'A file that holds the password; else a prompt, or standard input',
} as const;

const add = command(
  'add <name>',
  'Add a user',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'The name to sign in with' })
      .option('role', { choices: Role.options, default: 'viewer' as Role, describe: 'What the user may do' })
      .option('password-file', passwordFile)
      .example('$0 user add alice --role operator', 'Add a user who may start scans'),
  async (args) => {
    const { client } = connect(args);
    const password = await readPassword(args.passwordFile);
    const json = { userName: args.name, role: args.role, password };
    const user = await parseResponse(client.api.user.$post({ json }));
    show(args, user, () => `${user.userName} is added as ${user.role}.`);
  },
);

const password = command(
  'password <name>',
  'Change the password of a user, which ends their sign-ins',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'The user' })
      .option('password-file', passwordFile)
      .example('$0 user password admin', 'Change a password'),
  async (args) => {
    const { client } = connect(args);
    const { id } = await getUser(client, args.name);
    const json = { password: await readPassword(args.passwordFile) };
    const user = await parseResponse(client.api.user[':id'].$patch({ param: { id }, json }));
    show(args, user, () => `The password of ${user.userName} is changed.`);
  },
);

const remove = command(
  'remove <name>',
  'Remove a user',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'The user' })
      .example('$0 user remove alice', 'Remove a user'),
  async (args) => {
    const { client } = connect(args);
    const { id } = await getUser(client, args.name);
    const answer = await parseResponse(client.api.user[':id'].$delete({ param: { id } }));
    show(args, answer, () => answer.responseMessage);
  },
);

/** `assay user`: who may sign in. */
export const user = group('user', 'List, add and remove users, change passwords', [list, add, password, remove]);
