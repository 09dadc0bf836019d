import { skipped } from '../needs';

const need = (has: boolean, what: string): boolean => {
  if (!has) skipped(what);
  return has;
};

const succeeds = (...command: string[]): boolean => {
  try {
    return Bun.spawnSync(command, { stdout: 'ignore', stderr: 'ignore' }).exitCode === 0;
  } catch {
    return false;
  }
};

export const isRoot = need(process.getuid?.() === 0, 'tests with devices, mounts or other users need root');

/** Whether file systems can be mounted in a namespace of one's own, and so without a trace on this host. */
export const canMount = need(
  isRoot && succeeds('unshare', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'),
  'tests with a file system of their own need the right to mount',
);

/** Runs a program as nobody, who may read only what all may. */
export const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
export const canBeNobody = need(
  isRoot && succeeds(...AS_NOBODY, 'true'),
  'tests as another user need root and setpriv',
);

/** Whether the kernel's limits of watches can be lowered for one program. */
export const canLimitWatches = need(
  succeeds('unshare', '-Ur', 'sh', '-c', 'echo 0 >/proc/sys/user/max_inotify_instances'),
  'tests with few watches need user namespaces',
);
