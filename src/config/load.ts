import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Fault } from '../core/fault';
import { readDocument, type Where } from './document';
import { environmentName, flagName, fromText, type Leaf, leavesOf, merge, nest, settle, type Values } from './layers';
import { dotted, toConfigFault } from './problems';
import { type Config, ConfigFile, configJsonSchema } from './schema';

export const DEFAULT_PATH = '/etc/assay/assay.yaml';

export interface LoadOptions {
  /** Values by key, `{ listen: '…', 'scan.threads': 4 }`; a value that is undefined was not given. */
  flags?: Record<string, string | number | string[] | undefined>;
  env?: Record<string, string | undefined>;
  /** `--config`; a file that is named must exist. */
  path?: string;
  /** Values by key for when there is no configuration file at all; flags and environment go before them. */
  unconfigured?: Record<string, string>;
  /** Where to look when no file is named. */
  defaultPath?: string;
  /** The folder that relative paths outside a file start at. */
  folder?: string;
}

export interface Loaded {
  config: Config;
  /** The file that was read; undefined when there is none. */
  file?: string;
  where: Where;
}

const secret = (file: string, where: Where): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const message = `${where(['database', 'authTokenFile'])}: database.authTokenFile: ${(cause as Error).message}`;
    throw new Fault('CONFIG_INVALID', message, { cause });
  }
};

/** A path as libSQL takes it: what a URL gives a meaning to is escaped. */
const fileUrl = (path: string): string => pathToFileURL(path).href.replace('file://', 'file:');

const complete = ({ database, ...file }: ConfigFile, where: Where): Config => {
  const authToken = database.authToken ?? (database.authTokenFile && secret(database.authTokenFile, where));
  return {
    ...file,
    socket: file.socket ?? join(file.dataDir, 'assay.sock'),
    database: { url: database.url ?? fileUrl(join(file.dataDir, 'assay.db')), ...(authToken ? { authToken } : {}) },
    scan: { ...file.scan, threads: file.scan.threads ?? availableParallelism() },
  };
};

/** What flags or environment say, with the name of each for messages. */
const layer = (
  leaves: readonly Leaf[],
  find: (leaf: Leaf) => { value: unknown; name: string } | undefined,
): { values: Values; names: Map<string, string> } => {
  const names = new Map<string, string>();
  let values: Values = {};
  for (const leaf of leaves) {
    const found = find(leaf);
    if (found === undefined) continue;
    const value = typeof found.value === 'string' ? fromText(found.value, leaf) : found.value;
    values = merge(values, nest(leaf.path, value));
    names.set(dotted(leaf.path), found.name);
  }
  return { values, names };
};

/**
 * Reads the configuration: flag over environment over file over default.
 * @throws Fault CONFIG_INVALID, with every problem, its file, line and column, and the key that was probably meant
 */
export const loadConfig = (options: LoadOptions = {}): Loaded => {
  const { flags = {}, env = {}, folder = process.cwd(), defaultPath = DEFAULT_PATH } = options;
  const named = options.path ?? (env.ASSAY_CONFIG || undefined);
  const file = named ?? (existsSync(defaultPath) ? defaultPath : undefined);
  const document = file === undefined ? undefined : readDocument(file);

  const schema = configJsonSchema();
  const leaves = leavesOf(schema);
  const from = (values: Record<string, unknown>, name: (path: readonly string[]) => string) =>
    layer(leaves, ({ path }) => {
      const value = values[dotted(path)];
      return value === undefined ? undefined : { value, name: name(path) };
    });
  const below = document ? undefined : from(options.unconfigured ?? {}, () => 'the default');
  const fromEnv = layer(leaves, ({ path }) => {
    const name = environmentName(path);
    // An empty variable is how many tools say "not set".
    return env[name] ? { value: env[name], name } : undefined;
  });
  const fromFlags = from(flags, flagName);

  const outside = [below, fromEnv, fromFlags].filter((given) => given !== undefined);
  const inFile = document ? (settle(document.value, schema, dirname(document.file)) as Values) : {};
  const values = outside.reduce((under, { values }) => merge(under, settle(values, schema, folder) as Values), inFile);
  const names = new Map(outside.flatMap(({ names }) => [...names]));
  const where: Where = (path, key) =>
    path.map((_, i) => names.get(dotted(path.slice(0, i + 1)))).find(Boolean) ??
    document?.where(path, key) ??
    'the configuration';

  const parsed = ConfigFile.safeParse(values);
  if (!parsed.success) throw toConfigFault(parsed.error, { where, schema });
  return { config: complete(parsed.data, where), file, where };
};
