import type { Loaded } from '../config/load';
import { Fault } from '../core/fault';
import { checkEngineStates } from './check-engines';
import {
  type Check,
  checkDatabase,
  checkDataDir,
  checkOpenFiles,
  checkPort,
  checkSocket,
  checkTemporary,
  checkUser,
  checkWatches,
} from './check-host';

const loadOr = (load: () => Loaded): Loaded | Check => {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return {
      level: 'fail',
      what: `configuration: ${error.message}`,
      todo: error.hint ?? 'Put the configuration right.',
    };
  }
};

/** Looks at everything that Assay needs of this host. Changes nothing. */
export const examine = async (load: () => Loaded): Promise<Check[]> => {
  const loaded = loadOr(load);
  if (!('config' in loaded)) return [loaded, checkUser(), checkTemporary(), checkOpenFiles()];
  const { config, file } = loaded;
  const configuration: Check = { level: 'ok', what: `configuration: ${file ?? 'no file, the defaults are in force'}` };
  const running = await checkSocket(config.socket);
  return [
    configuration,
    checkUser(),
    ...checkDataDir(config.dataDir),
    ...checkDatabase(config.database.url, config.dataDir),
    checkTemporary(),
    checkOpenFiles(),
    checkWatches(),
    running.check,
    await checkPort(config.listen, running.answers),
    ...(await checkEngineStates(loaded, running.answers)),
  ];
};
