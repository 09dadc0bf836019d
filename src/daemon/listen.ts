import { chmodSync, rmSync } from 'node:fs';
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

const cannotListen = (where: string, error: unknown): unknown => {
  const code = (error as { code?: string }).code;
  if (code === 'EADDRINUSE') {
    return new Fault('ADDRESS_IN_USE', `${where} is in use by another program.`, {
      hint: 'Stop that program, or choose another address with --listen HOST:PORT.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EADDRNOTAVAIL') {
    return new Fault('NOT_POSSIBLE', `Assay cannot listen on ${where}: ${code}.`, {
      hint: 'Choose an address of this host, and a port from 1024 on unless Assay runs as root.',
      cause: error,
    });
  }
  return error;
};

/**
 * Listens on an address, and on a Unix socket whose file permissions (owner and group) are the lock.
 * @param listen HOST:PORT; port 0 takes a free one
 * @throws Fault ADDRESS_IN_USE, NOT_POSSIBLE
 */
export const startListeners = (listen: string, socketPath: string, fetch: Fetch): Listeners => {
  const servers: Server<undefined>[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop(true)));
    rmSync(socketPath, { force: true });
  };
  try {
    const tcp = Bun.serve({
      ...parseListen(listen),
      idleTimeout: IDLE,
      fetch: (request, server) => fetch(request, { socket: false, ip: server.requestIP(request)?.address }),
    });
    servers.push(tcp as Server<undefined>);
    // Whoever holds the data directory's lock owns its socket: what lies there was left by a daemon that was killed.
    rmSync(socketPath, { force: true });
    const umask = process.umask(0o117);
    try {
      servers.push(
        Bun.serve({
          unix: socketPath,
          fetch: (request) => fetch(request, { socket: true }),
          ...PATIENT,
        }) as Server<undefined>,
      );
    } finally {
      process.umask(umask);
    }
    chmodSync(socketPath, 0o660);
    return { url: `http://${tcp.hostname?.includes(':') ? `[${tcp.hostname}]` : tcp.hostname}:${tcp.port}`, stop };
  } catch (error) {
    void stop();
    throw cannotListen(listen, error);
  }
};
