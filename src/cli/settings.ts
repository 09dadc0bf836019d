import type { AppOptions } from '../app';
import { loadConfig } from '../config/load';
import { createLog } from '../core/log';
import { appOptions } from '../daemon/options';

/** The options of rooms that run within a command: they say nothing of their own, unless somebody looks for a fault. */
export const commandSettings = async (
  flags: { config?: string; dataDir?: string },
  failed: (error: unknown) => void = () => {},
): Promise<AppOptions> => {
  const loaded = loadConfig({ path: flags.config, flags: { dataDir: flags.dataDir }, env: process.env });
  return appOptions(loaded, createLog(process.env.ASSAY_DEBUG ? 'debug' : 'silent'), failed);
};
