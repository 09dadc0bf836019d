import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, lacks } from '../needs';

/** Whether a clamd is installed. */
export const hasClamd = !lacks('clamd');

/** The hash signatures of the tests: EICAR, and the program inside Debian's clamav-testfiles. */
export const SIGNATURES = {
  'eicar.hdb': '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n',
  'testfile.hdb': 'aa15bcf478d165efd2065190eb473bcb:544:ClamAV-Test-File\n',
};

/** EICAR's test file, kept encoded so that no scanner stumbles over the repository. */
export const eicar = (): Uint8Array =>
  Buffer.from('WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=', 'base64');

const freePort = (): number => {
  const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  server.stop(true);
  return server.port;
};

/** Sends one command on a connection of its own; the reply without its end. */
export const tell = (socket: string, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let reply = '';
    Bun.connect({
      unix: socket,
      socket: {
        open: (connected) => void connected.write(`z${command}\0`),
        data: (_, chunk) => {
          reply += chunk.toString();
        },
        close: () => resolve(reply.replaceAll('\0', '').trim()),
      },
    }).catch(reject);
  });

export interface Clamd {
  socket: string;
  port: number;
  config: string;
  folder: string;
  /** Adds or replaces a signature file and waits until clamd has loaded it. */
  load: (name: string, text: string) => Promise<void>;
  /** Ends clamd; `start` begins it again on the same folder, with other lines if given. */
  stop: () => Promise<void>;
  start: (lines?: string[]) => Promise<void>;
  remove: () => Promise<void>;
}

/** Starts a real clamd on a folder of its own and waits until it answers; `lines` are added to its configuration. */
export const startClamd = async (lines: string[] = []): Promise<Clamd> => {
  const folder = mkdtempSync(join(tmpdir(), 'clamd-'));
  const database = join(folder, 'db');
  const socket = join(folder, 'clamd.sock');
  const config = join(folder, 'clamd.conf');
  const log = join(folder, 'log');
  const port = freePort();
  mkdirSync(database);
  for (const [name, text] of Object.entries(SIGNATURES)) writeFileSync(join(database, name), text);

  const defaults = {
    DatabaseDirectory: database,
    LocalSocket: socket,
    TCPSocket: String(port),
    TCPAddr: '127.0.0.1',
    LogFile: log,
    LogTime: 'yes',
    Foreground: 'yes',
    User: 'root',
    MaxThreads: '8',
    AlertExceedsMax: 'yes',
    AlertEncrypted: 'yes',
    ConcurrentDatabaseReload: 'yes',
    DisableCache: 'yes',
  };
  if (process.getuid?.() !== 0) defaults.User = process.env.USER ?? '';

  let child: Bun.Subprocess | undefined;

  const until = async (what: string, holds: () => Promise<boolean> | boolean) => {
    for (let tries = 0; tries < 1200; tries++) {
      if (child?.exitCode != null) throw new Error(`clamd ended: ${readFileSync(log, 'utf8')}`);
      if (await holds()) return;
      await Bun.sleep(25);
    }
    throw new Error(`clamd: waited too long until it ${what}`);
  };
  const reloads = () => readFileSync(log, 'utf8').split('Activating the newly loaded database').length;
  const answers = () =>
    tell(socket, 'PING').then(
      (reply) => reply === 'PONG',
      () => false,
    );

  const stop = async () => {
    child?.kill();
    await child?.exited;
    child = undefined;
  };
  const start = async (others: string[] = []) => {
    const settings = new Map(Object.entries(defaults));
    for (const line of [...lines, ...others]) {
      const [key = '', ...value] = line.split(' ');
      settings.set(key, value.join(' '));
    }
    writeFileSync(
      config,
      [...settings]
        .filter(([, value]) => value !== '')
        .map((pair) => `${pair.join(' ')}\n`)
        .join(''),
    );
    child = Bun.spawn([find('clamd') ?? 'clamd', '-c', config], { stdout: 'ignore', stderr: 'ignore' });
    await until('answers', answers);
  };
  const load = async (name: string, text: string) => {
    const before = reloads();
    writeFileSync(join(database, name), text);
    await tell(socket, 'RELOAD');
    await until('has reloaded', () => reloads() > before);
    // Answered by the same thread, and so behind the exchange of the databases.
    await tell(socket, 'PING');
  };
  const remove = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };

  await start();
  return { socket, port, config, folder, load, stop, start, remove };
};
