import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { parseListen } from '../config/values';
import { Fault } from '../core/fault';
import { isInUse } from '../store/lock';
import { troubleOf } from '../store/trouble';
import { pathOf } from '../store/whole';

/** One thing that was looked at, in words for people, with what to do about it unless it is fine. */
export interface Check {
  level: 'ok' | 'warn' | 'fail';
  what: string;
  todo?: string;
}

const LITTLE_SPACE = 1e9;
const NO_SPACE = 100e6;
const FEW_FILES = 1024;
const FEW_WATCHES = 65_536;

export const checkUser = (): Check =>
  process.getuid?.() === 0
    ? {
        level: 'warn',
        what: 'user: root',
        todo: 'Run Assay as a user of its own that may read what is to be scanned; config/assay.service has one.',
      }
    : { level: 'ok', what: `user: ${process.getuid?.()}` };

/** The folder itself, or the closest one above it that exists. */
const existing = (path: string): string => (existsSync(path) || path === '/' ? path : existing(dirname(path)));

const checkSpace = (dir: string): Check => {
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  const what = `space: ${(free / 1e9).toFixed(1)} GB free for ${dir}`;
  const todo = 'Free some space on that disk, or move dataDir to a larger one.';
  if (free < NO_SPACE) return { level: 'fail', what, todo };
  return free < LITTLE_SPACE ? { level: 'warn', what, todo } : { level: 'ok', what };
};

export const checkDataDir = (dir: string): Check[] => {
  const there = existing(dir);
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    const todo = `Give it to the user that Assay runs as: "chown assay ${there}", or choose another dataDir.`;
    return [{ level: 'fail', what: `data directory: ${there} is not writable`, todo }, checkSpace(there)];
  }
  if (there !== dir) return [{ level: 'ok', what: `data directory: ${dir} will be made` }, checkSpace(there)];
  const open = statSync(dir).mode & 0o077;
  if (open === 0) return [{ level: 'ok', what: `data directory: ${dir}` }, checkSpace(dir)];
  const todo = `It holds results and keys: "chmod 700 ${dir}", or 750 for a group that may use the socket.`;
  return [
    { level: (open & 0o007) === 0 ? 'ok' : 'warn', what: `data directory: ${dir} is open to others`, todo },
    checkSpace(dir),
  ];
};

/** A database file that is there, unless an Assay has it open: that one tells by itself. A server's is not looked at. */
export const checkDatabase = (url: string, dataDir: string): Check[] => {
  if (!url.startsWith('file:') || !existsSync(pathOf(url))) return [];
  const path = pathOf(url);
  if (isInUse(dataDir)) return [{ level: 'ok', what: `database: ${path} is in use by an Assay that runs` }];
  const trouble = troubleOf(url);
  if (trouble === undefined) return [{ level: 'ok', what: `database: ${path}` }];
  const message = trouble instanceof Error ? trouble.message : String(trouble);
  const todo = (trouble instanceof Fault && trouble.hint) || 'Stop Assay, and keep a copy of the file.';
  return [{ level: 'fail', what: `database: ${message}`, todo }];
};

/** The options of the mount that holds a folder, from /proc/self/mountinfo (proc(5)). */
const mountOptions = (dir: string): string[] => {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , , , point = '', options = '']) => ({ point: point.replaceAll('\\040', ' '), options }))
    .filter(({ point }) => point !== '' && `${dir}/`.startsWith(point.endsWith('/') ? point : `${point}/`));
  // The last of those mounted on the longest path covers the others.
  const [closest] = mounts.toReversed().toSorted((a, b) => b.point.length - a.point.length);
  return closest?.options.split(',') ?? [];
};

/** The compiled binary unpacks its native modules where BUN_TMPDIR says, else in the temporary folder, and runs them there. */
export const checkTemporary = (): Check => {
  const dir = process.env.BUN_TMPDIR || tmpdir();
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
    if (mountOptions(dir).includes('noexec')) {
      const todo =
        'Set BUN_TMPDIR to a private folder on a disk that programs may be run from, such as /var/lib/assay/tmp.';
      return { level: 'fail', what: `temporary folder: ${dir} is mounted noexec`, todo };
    }
    return { level: 'ok', what: `temporary folder: ${dir}` };
  } catch (error) {
    const { code } = error as { code?: string };
    const todo = 'Make it, or set TMPDIR and BUN_TMPDIR to a folder that the user of Assay may write to.';
    return { level: 'fail', what: `temporary folder: ${dir} cannot be used (${code})`, todo };
  }
};

export const checkOpenFiles = (): Check => {
  const limit = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '';
  const what = `open files: up to ${limit}`;
  if (limit === 'unlimited' || Number(limit) >= FEW_FILES) return { level: 'ok', what };
  return { level: 'warn', what, todo: 'Raise it: LimitNOFILE=65536 in the systemd unit, or "ulimit -n 65536".' };
};

/** Real-time processing watches folders, one watch each (inotify(7)). */
export const checkWatches = (): Check => {
  const limit = Number(readFileSync('/proc/sys/fs/inotify/max_user_watches', 'utf8'));
  const what = `watched folders: up to ${limit}`;
  if (limit >= FEW_WATCHES) return { level: 'ok', what };
  return { level: 'warn', what, todo: 'Raise it for large storages: "sysctl fs.inotify.max_user_watches=1048576".' };
};

export const checkSocket = async (socket: string): Promise<{ check: Check; answers: boolean }> => {
  try {
    const response = await fetch('http://localhost/api/health', { unix: socket });
    const { responseMessage } = (await response.json()) as { responseMessage?: string };
    const what = `daemon: ${responseMessage ?? `answered ${response.status}`} (${socket})`;
    return { check: response.ok ? { level: 'ok', what } : { level: 'warn', what }, answers: true };
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === 'ENOENT' ? 'no socket' : code;
    const what = `daemon: does not answer on ${socket} (${why})`;
    const todo =
      code === 'EACCES'
        ? 'Run the command as the user that Assay runs as, or as a member of its group.'
        : 'Start it: "systemctl start assay", or "assay serve PATH…".';
    return { check: { level: 'warn', what, todo }, answers: false };
  }
};

/** @param ours whether the daemon runs, which then is who listens there */
export const checkPort = async (listen: string, ours: boolean): Promise<Check> => {
  const what = `address: ${listen}`;
  if (ours) return { level: 'ok', what: `${what} is used by the daemon that answers` };
  try {
    await Bun.serve({ ...parseListen(listen), fetch: () => new Response() }).stop(true);
    return { level: 'ok', what: `${what} is free` };
  } catch (error) {
    const { code } = error as { code?: string };
    const todo = 'Stop the program that listens there ("ss -ltnp" names it), or change "listen".';
    return { level: 'fail', what: `${what} cannot be listened on (${code})`, todo };
  }
};
