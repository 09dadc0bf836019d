import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { DEFAULT_PATH, loadConfig } from '../config/load';
import { createLog } from '../core/log';
import type { Daemon } from '../daemon/daemon';
import { createNotify } from './notify';

interface ServeArguments {
  paths?: string[];
  config?: string;
  listen?: string;
  dataDir?: string;
  socket?: string;
}

const welcome = ({ url, firstPassword }: Daemon, paths: string[]): string =>
  [
    paths.length > 0 ? `Assay scans and guards ${paths.join(', ')}` : 'Assay runs',
    `  address   ${url}  (documentation: ${url}/api/docs)`,
    ...(firstPassword === undefined
      ? []
      : [
          `  user      admin`,
          `  password  ${firstPassword}   (shown this once; open the address and choose your own)`,
        ]),
    '',
  ].join('\n');

/** Tells systemd that the daemon lives, as long as its store answers; half the time that it would wait (sd_watchdog_enabled(3)). */
const feedWatchdog = ({ app }: Daemon, notify: (state: string) => void): Timer | undefined => {
  const interval = Number(process.env.WATCHDOG_USEC ?? 0) / 2000;
  if (interval === 0) return undefined;
  const feed = () => notify('WATCHDOG=1');
  // A store that does not answer is not the end by itself: systemd decides.
  const starve = () => {};
  return setInterval(() => void app.store.work.listRuns().then(feed, starve), interval);
};

const run = async (args: ServeArguments): Promise<void> => {
  // What is kept is for its owner alone: the database and what SQLite puts beside it.
  process.umask(0o077);
  const paths = (args.paths ?? []).map((path) => resolve(path));
  const loaded = loadConfig({
    flags: { listen: args.listen, dataDir: args.dataDir, socket: args.socket },
    env: process.env,
    path: args.config,
    unconfigured: paths.length > 0 ? { dataDir: resolve('.assay') } : {},
  });
  const log = createLog(loaded.config.log.level);
  const notify = createNotify(process.env);
  const ended = Promise.withResolvers<void>();

  // It is large, and no other command needs it.
  const { startDaemon } = await import('../daemon/daemon');
  const daemon = await startDaemon({ loaded, paths, log, failed: ended.reject });
  const watchdog = feedWatchdog(daemon, notify);
  const end = () => {
    // A second signal means now.
    process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
    ended.resolve();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  process.on('SIGHUP', () => {
    log.info('opening the engines anew');
    daemon.app.host
      .reload()
      .catch((error: unknown) => log.error({ err: error }, 'the engines could not be opened anew'));
  });

  process.stdout.write(welcome(daemon, paths));
  log.info({ url: daemon.url, socket: loaded.config.socket, config: loaded.file ?? null }, 'ready');
  notify('READY=1');
  try {
    await ended.promise;
  } finally {
    notify('STOPPING=1');
    clearInterval(watchdog);
    await daemon.stop();
  }
};

/** `assay serve`: the daemon. */
export const serve: CommandModule<object, ServeArguments> = {
  command: 'serve [paths..]',
  describe: 'Run the daemon; paths are scanned at once, and guarded from then on',
  builder: (yargs) =>
    yargs
      .positional('paths', { type: 'string', array: true, describe: 'Folders or files to scan and to guard' })
      .option('config', { type: 'string', describe: `Configuration file (default ${DEFAULT_PATH})` })
      .option('listen', { type: 'string', describe: 'Address of the API, HOST:PORT' })
      .option('data-dir', { type: 'string', describe: 'Where state is kept' })
      .option('socket', { type: 'string', describe: 'Unix socket for the command line' })
      .example(
        '$0 serve /srv/share',
        'Scan and guard a folder, keep its state in ./.assay, and answer on 127.0.0.1:8787',
      ) as never,
  handler: run,
};
