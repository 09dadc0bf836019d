import { dirname, join, resolve } from 'node:path';
import { builtIn } from '../../plugins';
import type { AppOptions } from '../app';
import { configuredEngines, DEFAULT_ENGINES } from '../config/engines';
import type { Loaded } from '../config/load';
import { Fault } from '../core/fault';
import type { Log } from '../core/log';
import type { Engine } from '../engines/contract';
import { loadPlugins } from '../engines/load';

/** How long an engine that was told to stop may take before its thread is ended. Milliseconds. */
const GRACE = 5_000;
/** How long an engine may take to open, and to say what its definitions are. Milliseconds. */
const PATIENCE = 60_000;

/** The configured plugins; what is wrong with one is told with its place. */
const pluginsOf = async ({ config, where }: Loaded): Promise<Engine[]> => {
  const engines: Engine[] = [];
  for (const [index, path] of config.plugins.entries()) {
    try {
      engines.push(...(await loadPlugins([path])));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code, message, hint } = error;
      throw new Fault(code, `${where(['plugins', index])}: ${message}`, { hint, cause: error });
    }
  }
  return engines;
};

/** The file that records of vulnerabilities are imported into, and matched against. */
export const vulnerabilityDatabase = ({ config, file }: Loaded): string => {
  const { database } = (config.engines?.vulnerabilities ?? {}) as { database?: unknown };
  if (typeof database !== 'string') return join(config.dataDir, 'vulnerabilities.db');
  return resolve(file === undefined ? '.' : dirname(file), database);
};

/** The engines that run, with what the rest of the configuration says of them. */
const namedEngines = (loaded: Loaded): { [id: string]: unknown } => {
  const engines = loaded.config.engines ?? DEFAULT_ENGINES;
  const options = engines.vulnerabilities ?? {};
  // What is no part of a configuration at all is told by the check of the options.
  if (!('vulnerabilities' in engines) || typeof options !== 'object') return engines;
  return { ...engines, vulnerabilities: { ...options, database: vulnerabilityDatabase(loaded) } };
};

/**
 * Checks the engines that a configuration names, with the options of each.
 * @throws Fault CONFIG_INVALID
 */
export const checkEngines = async (loaded: Loaded): Promise<void> => {
  const config = { ...loaded.config, engines: namedEngines(loaded) };
  configuredEngines({ ...loaded, config }, [...builtIn, ...(await pluginsOf(loaded))]);
};

/**
 * What the configuration means for the rooms; the engines' options are checked here, where their place in the file is known.
 * @throws Fault CONFIG_INVALID
 */
export const appOptions = async (loaded: Loaded, log: Log, failed: (error: unknown) => void): Promise<AppOptions> => {
  const { config } = loaded;
  await checkEngines(loaded);
  return {
    dataDir: config.dataDir,
    database: config.database,
    engines: { engines: namedEngines(loaded), plugins: config.plugins },
    threads: config.scan.threads,
    retry: { attempts: config.scan.attempts, backoff: config.scan.backoff },
    spoolSize: config.scan.spoolSize,
    memoryLimit: config.scan.memoryLimit,
    grace: GRACE,
    patience: PATIENCE,
    watch: config.realtime,
    keep: config.quarantine.keep,
    log,
    failed,
  };
};
