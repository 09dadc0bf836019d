import { readFileSync } from 'node:fs';

/** A space, a tab, a line end and a backslash are written in octal (proc(5), mountinfo). */
const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Where file systems are mounted now; reading it touches none of them. */
const mountPoints = (): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map(unescaped);

export const isMountPoint = (path: string): boolean => mountPoints().includes(path);

/** The mount point of the file system that holds a path. @param path absolute, without links */
export const mountPointOf = (path: string): string =>
  mountPoints()
    .filter((point) => point === '/' || path === point || path.startsWith(`${point}/`))
    .reduce((longest, point) => (point.length > longest.length ? point : longest), '/');
