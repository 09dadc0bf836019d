import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';

/** How the scanner gets the file. */
export type Input = 'fd' | 'stdin' | 'path';

export interface Opened {
  /** What `{file}` stands for. */
  file: string;
  stdin?: number;
  close: () => void;
}

/**
 * The file for one run. It is opened anew by way of its descriptor: the same bytes whatever is at the path by now, but with an offset
 * of its own, for a child would move the one that all engines share.
 *
 * `/proc/PID/fd/N` names the file the same in each process; `/proc/self/fd/N` would be another file in a scanner's server.
 */
export const openInput = (input: Input, file: { path: string; fd: number }): Opened => {
  if (input === 'path') return { file: resolve(file.path), close: () => {} };
  const fd = openSync(`/proc/self/fd/${file.fd}`, 'r');
  const close = () => closeSync(fd);
  return input === 'stdin' ? { file: '-', stdin: fd, close } : { file: `/proc/${process.pid}/fd/${fd}`, close };
};
