import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'bun';
import { parseListen } from '../config/values';
import { Fault } from '../core/fault';

type Fetch = (request: Request, env: { socket: boolean; ip?: string }) => Response | Promise<Response>;

export interface Listeners {
  /** Where the API answers, "http://127.0.0.1:8787". */
  url: string;
  stop: () => Promise<void>;
}

/** Event streams stay open; clients that send nothing for this long otherwise are let go. Seconds. */
const IDLE = 120;

/** A report that is read in a pager may stand still for as long as its reader likes. Bun's types leave it out for sockets; without it, 10 s. */
const PATIENT: object = { idleTimeout: 0 };

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? '';

const cannotListen = (listen: string, error: unknown): unknown => {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') {
    return new Fault('ADDRESS_IN_USE', `${listen} is in use by another program.`, {
      hint: 'Stop that program, or choose another address with --listen HOST:PORT.',
      cause: error,
    });
  }
  if (code === '') return error;
  // For a name that does not exist Bun has whatever code was there before.
  const why = ['EACCES', 'EPERM', 'EADDRNOTAVAIL'].includes(code) ? code : 'it is no address of this host';
  return new Fault('NOT_POSSIBLE', `Assay cannot listen on ${listen}: ${why}.`, {
    hint: 'Choose an address of this host, and a port from 1024 on unless Assay runs as root.',
    cause: error,
  });
};

const cannotMakeSocket = (path: string, error: unknown): unknown => {
  const code = codeOf(error);
  if (error instanceof Fault || code === '') return error;
  const why = code === 'ENAMETOOLONG' ? 'its name is too long for a Unix socket' : code;
  return new Fault('NOT_POSSIBLE', `The socket ${path} cannot be made: ${why}.`, {
    hint: 'Choose a short path in a folder that Assay may write to with --socket, such as /run/assay/assay.sock.',
    cause: error,
  });
};

const isAnswered = async (socket: string): Promise<boolean> => {
  try {
    (await Bun.connect({ unix: socket, socket: { data() {} } })).end();
    return true;
  } catch {
    return false;
  }
};

/** Removes what a daemon that was killed left at the socket's path, and nothing else. */
const clear = async (path: string): Promise<void> => {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  const hint = 'Stop that program, or choose another path with --socket.';
  if (!stat.isSocket()) {
    throw new Fault('ADDRESS_IN_USE', `The socket ${path} cannot be made: there is something else.`, {
      hint: 'Remove what is there, or choose another path with --socket.',
    });
  }
  if (await isAnswered(path)) {
    throw new Fault('ADDRESS_IN_USE', `The socket ${path} is in use by another program.`, { hint });
  }
  rmSync(path, { force: true });
};

const listenOnSocket = async (path: string, fetch: Fetch): Promise<() => Promise<void>> => {
  try {
    await clear(path);
    const umask = process.umask(0o117);
    let server: Server<undefined>;
    try {
      server = Bun.serve({
        unix: path,
        fetch: (request) => fetch(request, { socket: true }),
        ...PATIENT,
      }) as Server<undefined>;
    } finally {
      process.umask(umask);
    }
    chmodSync(path, 0o660);
    return async () => {
      await server.stop(true);
      rmSync(path, { force: true });
    };
  } catch (error) {
    throw cannotMakeSocket(path, error);
  }
};

const listenOnAddress = (listen: string, fetch: Fetch): Server<undefined> => {
  try {
    return Bun.serve({
      ...parseListen(listen),
      idleTimeout: IDLE,
      fetch: (request, server) => fetch(request, { socket: false, ip: server.requestIP(request)?.address }),
    }) as Server<undefined>;
  } catch (error) {
    throw cannotListen(listen, error);
  }
};

/**
 * Listens on an address, and on a Unix socket whose file permissions (owner and group) are the lock.
 * @param listen HOST:PORT; port 0 takes a free one
 * @throws Fault ADDRESS_IN_USE, NOT_POSSIBLE
 */
export const startListeners = async (listen: string, socketPath: string, fetch: Fetch): Promise<Listeners> => {
  const tcp = listenOnAddress(listen, fetch);
  try {
    const stopSocket = await listenOnSocket(socketPath, fetch);
    return {
      url: `http://${tcp.hostname?.includes(':') ? `[${tcp.hostname}]` : tcp.hostname}:${tcp.port}`,
      stop: async () => {
        await Promise.all([tcp.stop(true), stopSocket()]);
      },
    };
  } catch (error) {
    await tcp.stop(true);
    throw error;
  }
};
