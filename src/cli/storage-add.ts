import { resolve } from 'node:path';
import { parseResponse } from 'hono/client';
import { addressOf } from '../core/storage';
import { command, daemonOptions, group } from './command';
import { connect } from './daemon';
import { getStorage, getWorkflowId } from './find';
import { readSecret } from './secret';
import { show } from './show';

const named = (name: string) => ({ type: 'string', demandOption: true, describe: name }) as const;
const WORKFLOW = { type: 'string', describe: 'The name of the workflow for its files' } as const;

const addLocal = command(
  ['local <name> <path>', '$0'],
  'Add a folder of this host',
  (args) =>
    daemonOptions(args)
      .positional('name', named('A name of its own'))
      .positional('path', named('The folder, or one file'))
      .option('workflow', WORKFLOW)
      .example('$0 storage add uploads /srv/uploads', 'Add a folder'),
  async (args) => {
    const { client } = connect(args);
    const workflowId = await getWorkflowId(client, args.workflow);
    const json = { name: args.name, options: { kind: 'local' as const, path: resolve(args.path) }, workflowId };
    const storage = await parseResponse(client.api.storage.$post({ json }));
    show(args, storage, () => `${storage.name} is added as ${storage.id}.`);
  },
);

const SECRET = {
  'secret-key-file': {
    type: 'string',
    requiresArg: true,
    describe: 'A file that holds the secret key, or - for standard input; without it you are asked',
  },
  'session-token-file': {
    type: 'string',
    requiresArg: true,
    describe: 'A file that holds the session token of temporary credentials',
  },
} as const;

const PLACE = {
  endpoint: { type: 'string', requiresArg: true, describe: 'The address of an S3-compatible server; else Amazon S3' },
  region: { type: 'string', requiresArg: true, describe: 'The region of the bucket' },
  prefix: { type: 'string', requiresArg: true, describe: 'Only keys that begin so; end it with a slash for a folder' },
  'path-style': { type: 'boolean', describe: 'Name the bucket in the path; by default where there is an endpoint' },
} as const;

const readToken = async (file: string | undefined) =>
  file === undefined ? undefined : readSecret('Session token', file);

const addS3 = command(
  's3 <name>',
  'Add a bucket of Amazon S3, or of a server that speaks like it',
  (args) =>
    daemonOptions(args)
      .positional('name', named('A name of its own'))
      .option('bucket', { ...named('The bucket'), requiresArg: true })
      .option('access-key', { ...named('The access key'), requiresArg: true })
      .options(SECRET)
      .options(PLACE)
      .option('workflow', WORKFLOW)
      .example('$0 storage add s3 inbox --bucket inbox --region eu-central-1 --access-key AKIA…', 'Add a bucket')
      .example(
        '$0 storage add s3 nas --endpoint https://minio:9000 --bucket in --access-key assay',
        'Add one of MinIO',
      ),
  async (args) => {
    const { client } = connect(args);
    const { bucket, endpoint, region, prefix, pathStyle, accessKey: accessKeyId } = args;
    const workflowId = await getWorkflowId(client, args.workflow);
    const secretAccessKey = await readSecret('Secret key', args.secretKeyFile);
    const sessionToken = await readToken(args.sessionTokenFile);
    const options = { bucket, endpoint, region, prefix, pathStyle, accessKeyId, secretAccessKey, sessionToken };
    const json = { name: args.name, options: { kind: 's3' as const, ...options }, workflowId };
    const storage = await parseResponse(client.api.storage.$post({ json }));
    show(
      args,
      storage,
      () => `${storage.name} is added as ${storage.id}. Try it: "assay storage test ${storage.name}".`,
    );
  },
);

/** `assay storage add`. */
export const add = group('add', 'Add a folder, or a bucket', [addLocal, addS3]);

/** `assay storage set`: what is not named stays as it is. */
export const set = command(
  'set <name>',
  'Change where a storage is, or its credentials',
  (args) =>
    daemonOptions(args)
      .positional('name', named('Its name, id or path'))
      .option('path', { type: 'string', requiresArg: true, describe: 'Of a folder: the folder' })
      .option('bucket', { type: 'string', requiresArg: true, describe: 'The bucket' })
      .option('access-key', { type: 'string', requiresArg: true, describe: 'The access key' })
      .options(SECRET)
      .options(PLACE)
      .example('$0 storage set inbox --access-key AKIA… --secret-key-file new-key', 'Give it new credentials'),
  async (args) => {
    const { client } = connect(args);
    const { id, options } = await getStorage(client, args.name);
    const { path, bucket, endpoint, region, prefix, pathStyle, accessKey: accessKeyId } = args;
    const isSecretGiven = args.secretKeyFile !== undefined || accessKeyId !== undefined;
    const changes = { bucket, endpoint, region, prefix, pathStyle, accessKeyId };
    const secret = async () => ({
      secretAccessKey: await readSecret('Secret key', args.secretKeyFile),
      sessionToken: await readToken(args.sessionTokenFile),
    });
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const next =
      options.kind === 'local'
        ? { ...options, path: path === undefined ? options.path : resolve(path) }
        : { ...options, ...given, ...(isSecretGiven ? await secret() : {}) };
    const storage = await parseResponse(client.api.storage[':id'].$patch({ param: { id }, json: { options: next } }));
    show(args, storage, () => `${storage.name} is ${addressOf(storage.options)} now.`);
  },
);
