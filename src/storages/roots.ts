import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '../core/fault';
import type { Found } from '../core/file';
import type { Backend } from './contract';
import { type Entry, entryOf, foundOf, type WalkRules, walk } from './walk';

const GROUP = 500;

/** A file or folder to look into, as somebody wrote it: text, or bytes where it is not UTF-8. */
export type Written = string | Buffer;

/** A file that is shown under another name than its own. */
export interface Root {
  shown: string;
  /** Where it is: absolute, or relative to the folder that the program runs in. */
  path: Written;
}

const absoluteOf = (path: Buffer): Buffer =>
  path[0] === 0x2f ? path : Buffer.concat([Buffer.from(`${process.cwd()}/`), path]);

/** A root that is shown as it was written. */
export const rootOf = (written: Written): Root =>
  typeof written === 'string'
    ? { shown: written, path: written }
    : { shown: written.toString(), path: absoluteOf(written) };

/** A link that somebody names is followed, as by other programs; links that are met on the way are not. */
const find = ({ shown, path }: Root): { entry: Entry; stat: Stats | undefined } => {
  const absolute = typeof path === 'string' ? Buffer.from(resolve(path)) : path;
  try {
    const real = realpathSync(absolute, { encoding: 'buffer' });
    return { entry: entryOf(shown, real), stat: lstatSync(real) };
  } catch {
    // Not there, or not to be reached: its result will say which.
    return { entry: entryOf(shown, absolute), stat: undefined };
  }
};

/** The next value, or a rejection as soon as the signal aborts: what writes a list may be silent for ever. */
async function* until<T>(values: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {});
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  const iterator = values[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted]);
    if (next.done) return;
    yield next.value;
  }
}

const refuse = async (): Promise<never> => {
  throw new Fault('NOT_POSSIBLE', 'Files that were named one by one are looked into and not acted on.');
};

/** Files and folders of this host that somebody named one by one. A name without a file behind it is found too: its result says so. */
export const createRoots = (roots: AsyncIterable<Root>, rules: WalkRules): Backend => ({
  async *list(_folder, signal) {
    let group: Found[] = [];
    for await (const root of until(roots, signal)) {
      signal.throwIfAborted();
      const { entry, stat } = find(root);
      if (stat?.isDirectory()) {
        if (rules.skipsFolder?.(entry.path)) continue;
        yield* walk(entry, stat.dev, rules, signal);
        continue;
      }
      if (rules.skipsFile?.(entry.path)) continue;
      group.push(foundOf(entry, stat));
      if (group.length < GROUP) continue;
      yield { files: group };
      group = [];
    }
    if (group.length > 0) yield { files: group };
  },

  find: async (paths) =>
    paths.map((path) => {
      const { entry, stat } = find(rootOf(path));
      return foundOf(entry, stat);
    }),

  isLocal: true,
  limits: { path: 4096, folders: true, notes: ['Files are looked into and not acted on.'] },
  stat: refuse,
  open: refuse,
  isWritten: refuse,
  remove: refuse,
  move: refuse,
  copy: refuse,
  put: refuse,
  made: refuse,
  tag: refuse,
  removeEmptyFolders: refuse,
  namesOf: ({ path, raw }) => [Buffer.from(raw ?? path)],
  placeOf: (_folder, names) => entryOf(Buffer.concat(names).toString(), Buffer.concat(names)),

  test: async () => {},
  away: async () => undefined,
});
