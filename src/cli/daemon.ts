import { accessSync, constants, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { hc } from 'hono/client';
import type { Api } from '../api/api';
import { type Loaded, loadConfig } from '../config/load';
import { FAULTS, Fault, type FaultCode } from '../core/fault';
import type { DaemonArguments } from './command';

/** Where `assay serve PATH` without a configuration keeps its state. */
const LOCAL_STATE = '.assay';

/** The configuration that the daemon of these arguments runs with, as far as it can be told from outside. */
export const daemonConfig = ({ config, dataDir, socket }: DaemonArguments): Loaded =>
  loadConfig({
    path: config,
    flags: { dataDir, socket },
    env: process.env,
    unconfigured: existsSync(LOCAL_STATE) ? { dataDir: resolve(LOCAL_STATE) } : {},
  });

const mayUse = (socket: string): boolean => {
  try {
    accessSync(socket, constants.R_OK | constants.W_OK);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'EACCES';
  }
};

const unreachable = (socket: string, cause: unknown): Fault =>
  mayUse(socket)
    ? new Fault('NO_DAEMON', `No Assay answers on ${socket}.`, {
        hint: 'Start one with "assay serve PATH…" or "systemctl start assay", or name its socket with --socket.',
        cause,
      })
    : new Fault('FORBIDDEN', `You may not use the socket ${socket}.`, {
        hint: 'Run the command as the user that Assay runs as, or as a member of its group.',
        cause,
      });

interface Refusal {
  responseKey?: string;
  responseMessage?: string;
  hint?: string;
  errorId?: string;
}

const isFaultCode = (key: string | undefined): key is FaultCode => key !== undefined && key in FAULTS;

const toFault = async (response: Response): Promise<Fault> => {
  const refusal = (await response.json().catch(() => ({}))) as Refusal;
  const { responseKey, responseMessage, hint, errorId } = refusal;
  const message = responseMessage ?? `The daemon answered ${response.status}.`;
  if (isFaultCode(responseKey)) return new Fault(responseKey, message, { hint });
  return new Fault(response.status === 503 ? 'BUSY' : 'NOT_POSSIBLE', message, {
    hint: errorId && 'Look in the log of the daemon: "journalctl -u assay".',
  });
};

type Ask = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A client whose requests go where `ask` takes them; a refusal is thrown as the Fault that it is. */
export const createClient = (ask: Ask) =>
  hc<Api>('http://localhost', {
    fetch: async (input: string | URL | Request, init?: RequestInit) => {
      const response = await ask(input, init);
      // That it is not ready is an answer, too.
      if (!response.ok && !String(input).endsWith('/api/health')) throw await toFault(response);
      return response;
    },
  });

const overSocket =
  (socket: string): Ask =>
  (input, init) =>
    fetch(input, { ...init, unix: socket, timeout: false }).catch((error) => {
      throw unreachable(socket, error);
    });

export type Client = ReturnType<typeof createClient>;

/**
 * The daemon, over its socket. Whatever it refuses comes as the Fault that it is.
 * @throws Fault NO_DAEMON, FORBIDDEN when it is asked
 */
export const connect = (args: DaemonArguments): { client: Client; socket: string } => {
  const socket = args.socket === undefined ? daemonConfig(args).config.socket : resolve(args.socket);
  return { client: createClient(overSocket(socket)), socket };
};

interface Page<T> {
  entries: T[];
  nextCursor: string | null;
}

/** The entries of a list, page after page, up to a number of them. */
export async function* entriesOf<T>(
  page: (query: { limit: string; cursor?: string }) => Promise<Page<T>>,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<T, void> {
  let left = most;
  for (let cursor: string | null | undefined; left > 0 && cursor !== null; ) {
    const limit = String(Math.min(1000, left));
    const { entries, nextCursor } = await page(cursor === undefined ? { limit } : { limit, cursor });
    yield* entries;
    left -= entries.length;
    cursor = nextCursor;
  }
}
