import { command, group } from './command';
import { print } from './output';
import { show } from './show';

const configOption = {
  type: 'string',
  requiresArg: true,
  describe: 'A configuration file; /etc/assay/assay.yaml without',
} as const;

const load = async (path: string | undefined) => {
  const { loadConfig } = await import('../config/load');
  return loadConfig({ path, env: process.env });
};

const check = command(
  'check [file]',
  'Say whether a configuration is right, and what is wrong with it',
  (args) =>
    args
      .positional('file', { type: 'string', describe: 'The file' })
      .option('config', configOption)
      .option('json', { type: 'boolean', describe: 'Print JSON' })
      .example('$0 config check', 'Before the daemon is started anew'),
  async (args) => {
    const loaded = await load(args.file ?? args.config);
    const { checkEngines } = await import('../daemon/options');
    await checkEngines(loaded);
    const where = loaded.file ?? 'There is no configuration file; the defaults and the environment';
    show(args, { valid: true, file: loaded.file }, () => `${where}: right.`);
  },
);

const HIDDEN = '(hidden)';

const showConfig = command(
  'show',
  'Print the configuration as it is in force: file, environment and defaults together',
  (args) =>
    args
      .option('config', configOption)
      .option('json', { type: 'boolean', describe: 'Print JSON' })
      .example('$0 config show', 'Which values are used?'),
  async (args) => {
    const { config } = await load(args.config);
    const { authToken, ...database } = config.database;
    const shown = { ...config, database: authToken === undefined ? database : { ...database, authToken: HIDDEN } };
    const { stringify } = await import('yaml');
    show(args, shown, () => stringify(shown, { lineWidth: 0 }));
  },
);

const printDefault = command(
  'default',
  'Print the default configuration with what each key means',
  (args) => args.example('$0 config default > /etc/assay/assay.yaml', 'Begin a configuration'),
  async () => {
    const { defaultFile } = await import('../config/default-file');
    print(defaultFile());
  },
);

/** `assay config`: the configuration. */
export const config = group('config', 'Check and print the configuration', [check, showConfig, printDefault]);
