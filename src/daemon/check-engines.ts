import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Loaded } from '../config/load';
import type { EngineState } from '../core/engine';
import { Fault } from '../core/fault';
import { silentLog } from '../core/log';
import { startHost } from '../host/supervise';
import type { Check } from './check-host';
import { appOptions } from './options';

const DAY = 86_400_000;
const OLD = 7 * DAY;
/** Their definitions are as new as whoever writes them wants, so that age says nothing. */
const WRITTEN_HERE = ['yara', 'hashes'];

/** How old definitions are renewed, by engine. */
const RENEWAL: { [id: string]: string } = {
  clamav: 'Update them, and see why that does not happen by itself ("systemctl status clamav-freshclam").',
  vulnerabilities: 'Fetch the records of OSV anew, and import them: "assay vulnerabilities import PATH".',
};

const TODO = 'See what the reason says; "assay config check" checks its options. Files fail while it does not answer.';

const toCheck = ({ id, name, state, reason, definitions }: EngineState, now: number): Check => {
  if (state === 'failing')
    return { level: 'fail', what: `engine ${name}: ${reason ?? 'it does not say why'}`, todo: TODO };
  const what = `engine ${name}: ${definitions?.version ?? state}`;
  const age = now - Date.parse(definitions?.date ?? '');
  if (!WRITTEN_HERE.includes(id) && age > OLD) {
    const todo = RENEWAL[id] ?? 'Update them, and see why that does not happen by itself.';
    return { level: 'warn', what: `${what}, definitions of ${Math.floor(age / DAY)} days ago`, todo };
  }
  return { level: 'ok', what };
};

/** Opens the engines of a configuration as the daemon would, in a process of its own that ends at once. */
const openEngines = async (loaded: Loaded): Promise<EngineState[]> => {
  const dir = mkdtempSync(join(tmpdir(), 'assay-doctor-'));
  try {
    const { engines: config, grace, patience, memoryLimit } = await appOptions(loaded, silentLog, () => {});
    const host = await startHost({ setup: { config, threads: 1, grace, patience }, dir, memoryLimit, log: silentLog });
    try {
      return await host.engines();
    } finally {
      await host.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

const askDaemon = async (socket: string): Promise<EngineState[]> => {
  const response = await fetch('http://localhost/api/engine', { unix: socket });
  return ((await response.json()) as { entries?: EngineState[] }).entries ?? [];
};

/** Looks whether each engine answers: those of the daemon where it runs, else those of the configuration. */
export const checkEngineStates = async (loaded: Loaded, runs: boolean): Promise<Check[]> => {
  try {
    const engines = runs ? await askDaemon(loaded.config.socket) : await openEngines(loaded);
    if (engines.length > 0) return engines.map((engine) => toCheck(engine, Date.now()));
    const todo = 'Name at least one under "engines", or leave that key out for the built-in ones.';
    return [{ level: 'fail', what: 'engines: none runs, so that no file is ever looked into', todo }];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [{ level: 'fail', what: `engines: ${error.message}`, todo: error.hint ?? 'Put the configuration right.' }];
  }
};
