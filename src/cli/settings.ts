import type { AppOptions } from '../app';
import { loadConfig } from '../config/load';
import type { Config } from '../config/schema';
import { createLog } from '../core/log';
import { DEFAULT_ENGINES } from '../engines/load';

/** How long an engine may go on after the time for a file was up. Milliseconds. */
const GRACE = 5_000;

/** The part of the rooms' options that a configuration decides. */
export const toAppOptions = ({ engines, plugins, scan }: Config) => ({
  engines: { engines: engines ?? DEFAULT_ENGINES, plugins },
  threads: scan.threads,
  retry: { attempts: scan.attempts, backoff: scan.backoff },
  memoryLimit: scan.memoryLimit,
  grace: GRACE,
});

/** The options of rooms that run within a command: they say nothing of their own unless somebody looks for a fault. */
export const commandSettings = (configPath: string | undefined): Omit<AppOptions, 'dataDir' | 'failed'> => ({
  ...toAppOptions(loadConfig({ path: configPath, env: process.env }).config),
  log: createLog(process.env.ASSAY_DEBUG ? 'debug' : 'silent'),
});
