import { parseResponse } from 'hono/client';
import type { Argv } from 'yargs';
import { loadWorkflow } from '../config/workflow';
import { Fault } from '../core/fault';
import { changeTo, type WorkflowDefinition } from '../core/workflow';
import { command, daemonOptions, group } from './command';
import { connect } from './daemon';
import { getWorkflow, isId, listRevisions, listWorkflows } from './find';
import { passwordFileOption, readPasswords } from './passwords';
import { show } from './show';
import { describeWorkflow, tableOfRevisions, tableOfWorkflows } from './workflow-show';

const named = <T>(args: Argv<T>) =>
  daemonOptions(args).positional('name', { type: 'string', demandOption: true, describe: 'Its name or id' });

const definitionFile = {
  type: 'string',
  describe: 'A YAML or JSON file with its definition; - is standard input',
} as const;

interface Sources {
  file?: string;
  passwordFile?: string;
}

/** Reads what is named; what is not named is undefined. @throws Fault CONFIG_INVALID, NOT_FOUND, BAD_REQUEST */
const read = async ({
  file,
  passwordFile,
}: Sources): Promise<{ definition?: WorkflowDefinition; passwords?: string[] }> => {
  if (file === '-' && passwordFile === '-') {
    throw new Fault('BAD_REQUEST', 'Standard input cannot hold both the definition and the passwords.', {
      hint: 'Put one of them in a file.',
    });
  }
  const text = file === '-' ? await Bun.stdin.text() : undefined;
  return {
    definition: file === undefined ? undefined : loadWorkflow(file === '-' ? 'standard input' : file, text),
    passwords: passwordFile === undefined ? undefined : await readPasswords(passwordFile),
  };
};

const list = command(
  ['list', '$0'],
  'List the workflows',
  (args) => daemonOptions(args).example('$0 workflow', 'See which workflows there are'),
  async (args) => {
    const workflows = await listWorkflows(connect(args).client);
    show(args, workflows, () => tableOfWorkflows(workflows));
  },
);

const showOne = command(
  'show <name>',
  'Show what a workflow says',
  (args) =>
    named(args)
      .example('$0 workflow show Default', 'What is blocked?')
      .example('$0 workflow show Default --json > workflow.json', 'A definition to begin with'),
  async (args) => {
    const workflow = await getWorkflow(connect(args).client, args.name);
    show(args, workflow, () => describeWorkflow(workflow));
  },
);

const create = command(
  'create <name> [file]',
  'Create a workflow; without a file it says what a new default one does',
  (args) =>
    daemonOptions(args)
      .positional('name', { type: 'string', demandOption: true, describe: 'A name of its own' })
      .positional('file', definitionFile)
      .option('password-file', passwordFileOption)
      .example('$0 workflow create uploads uploads.yaml', 'From a file with engines, blocked, maxFileSize: 100MB …')
      .example('echo "engines: [yara]" | $0 workflow create quick -', 'From another program'),
  async (args) => {
    const { client } = connect(args);
    const json = { name: args.name, ...(await read(args)) };
    const workflow = await parseResponse(client.api.workflow.$post({ json }));
    show(args, workflow, () => `${workflow.name} is created as ${workflow.id}.`);
  },
);

const change = command(
  'change <name> [file]',
  'Change a workflow, which makes a new revision',
  (args) =>
    named(args)
      .positional('file', definitionFile)
      .option('rename', { type: 'string', requiresArg: true, describe: 'Another name' })
      .option('password-file', {
        ...passwordFileOption,
        describe: 'Passwords instead of those that it has, one a line; an empty file takes them away',
      })
      .example('$0 workflow change uploads uploads.yaml', 'Make it what the file says')
      .epilogue('The file is the whole definition: what it leaves out goes back to its default.'),
  async (args) => {
    if (args.file === undefined && args.rename === undefined && args.passwordFile === undefined) {
      throw new Fault('BAD_REQUEST', 'There is nothing to change.', {
        hint: 'Name a file with the definition, or use --rename or --password-file.',
      });
    }
    const { client } = connect(args);
    const { definition, passwords } = await read(args);
    const { id, revision } = await getWorkflow(client, args.name);
    const json = { name: args.rename, definition: definition && changeTo(definition), passwords };
    const workflow = await parseResponse(client.api.workflow[':id'].$patch({ param: { id }, json }));
    show(args, workflow, () =>
      workflow.revision === revision
        ? `${workflow.name} says that already: it stays at revision ${revision}.`
        : `${workflow.name} is at revision ${workflow.revision} now.`,
    );
  },
);

const remove = command(
  'remove <name>',
  'Remove a workflow that is not in use; the results under it stay',
  (args) => named(args).example('$0 workflow remove uploads', 'Remove a workflow'),
  async (args) => {
    const { client } = connect(args);
    const { id } = await getWorkflow(client, args.name);
    const answer = await parseResponse(client.api.workflow[':id'].$delete({ param: { id } }));
    show(args, answer, () => answer.responseMessage);
  },
);

const makeDefault = command(
  'default <name>',
  'Make a workflow that of every storage that names none',
  (args) => named(args).example('$0 workflow default strict', 'Use it wherever no other is named'),
  async (args) => {
    const { client } = connect(args);
    const { id } = await getWorkflow(client, args.name);
    const workflow = await parseResponse(client.api.workflow[':id'].$patch({ param: { id }, json: { default: true } }));
    show(args, workflow, () => `${workflow.name} is the default now.`);
  },
);

const revisions = command(
  'revisions <name>',
  'List the revisions of a workflow, by its id also of one that was removed',
  (args) => named(args).example('$0 workflow revisions uploads', 'When did what change?'),
  async (args) => {
    const { client } = connect(args);
    const id = isId(args.name) ? args.name : (await getWorkflow(client, args.name)).id;
    const all = await listRevisions(client, id);
    show(args, all, () => tableOfRevisions(all));
  },
);

/** `assay workflow`: what files go through. */
export const workflow = group('workflow', 'List, create, change and remove workflows', [
  list,
  showOne,
  create,
  change,
  remove,
  makeDefault,
  revisions,
]);
