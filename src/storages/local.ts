import { lstatSync, readdirSync, realpathSync, type Stats, statfsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { Fault } from '../core/fault';
import type { Found } from '../core/file';
import type { Backend } from './contract';

const GROUP = 500;
const REPLACED = '\uFFFD';
/** statfs(2) types of file systems that hold no files of anybody's: proc, sysfs, cgroup2, debugfs, tracefs. */
const PSEUDO = new Set([0x9fa0, 0x62656572, 0x63677270, 0x64626720, 0x74726163]);

/** A path in both forms: text for people, bytes for the kernel where they differ. */
interface Entry {
  path: string;
  raw?: Buffer;
}

const SLASH = Buffer.from('/');
const child = (folder: Entry, name: string | Buffer): Entry => {
  if (typeof name === 'string' && folder.raw === undefined) return { path: join(folder.path, name) };
  const raw = Buffer.concat([folder.raw ?? Buffer.from(folder.path), SLASH, Buffer.from(name)]);
  const path = raw.toString('utf8');
  return path.includes(REPLACED) ? { path, raw } : { path };
};

const place = (entry: Entry) => entry.raw ?? entry.path;

/** Names in a folder, sorted; as bytes where one is not UTF-8. */
const namesIn = (folder: Entry): (string | Buffer)[] => {
  const names = readdirSync(place(folder)).sort();
  if (!names.some((name) => name.includes(REPLACED))) return names;
  return readdirSync(place(folder), { encoding: 'buffer' }).sort(Buffer.compare);
};

const isPseudo = (entry: Entry): boolean => {
  try {
    return PSEUDO.has(statfsSync(place(entry)).type);
  } catch {
    return false;
  }
};

const foundOf = (entry: Entry, stat: Stats | undefined): Found => ({
  ...entry,
  size: stat?.size ?? 0,
  modifiedAt: Math.trunc(stat?.mtimeMs ?? 0),
});

/** A path inside the storage's root, or the root; a path that leaves it is refused. */
const inside = (root: string, folder: string): string => {
  const path = resolve(root, folder);
  const way = relative(root, path);
  if (way === '..' || way.startsWith('../') || isAbsolute(way)) {
    throw new Fault('BAD_REQUEST', `The path ${folder} is outside of the storage ${root}.`, {
      hint: 'Give a path below the storage, relative or absolute.',
    });
  }
  return path;
};

const unreachable = (path: string, error: unknown) =>
  new Fault('STORAGE_UNREACHABLE', `${path} cannot be read: ${(error as { code?: string }).code ?? error}.`, {
    hint: 'Check that the folder exists, is mounted, and that the user Assay runs as may read it.',
    cause: error,
  });

/**
 * A folder (or one file) on this host, also an NFS or SMB mount.
 * @param root absolute
 * @param except folders that are never looked into: Assay's own state
 */
export const createLocal = (root: string, except: string[] = []): Backend => {
  const excluded = new Set(except);

  return {
    async *list(folder, signal) {
      const top = inside(root, folder);
      let topStat: Stats;
      try {
        topStat = lstatSync(top);
        if (topStat.isSymbolicLink()) topStat = lstatSync(realpathSync(top));
      } catch (error) {
        throw unreachable(top, error);
      }
      if (!topStat.isDirectory()) {
        yield [foundOf({ path: top }, topStat)];
        return;
      }

      let group: Found[] = [];
      const folders: { entry: Entry; device: number }[] = [{ entry: { path: top }, device: topStat.dev }];
      for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
        signal.throwIfAborted();
        let names: (string | Buffer)[];
        try {
          names = namesIn(next.entry);
        } catch (error) {
          if (next.entry.path === top) throw unreachable(top, error);
          group.push(foundOf(next.entry, undefined));
          continue;
        }
        const below: typeof folders = [];
        for (const name of names) {
          const entry = child(next.entry, name);
          let stat: Stats | undefined;
          try {
            stat = lstatSync(place(entry));
          } catch {
            // Gone, or not to be looked at: its result will say which.
          }
          if (stat?.isSymbolicLink()) continue;
          if (stat?.isDirectory()) {
            if (excluded.has(entry.path)) continue;
            if (stat.dev !== next.device && isPseudo(entry)) continue;
            below.push({ entry, device: stat.dev });
            continue;
          }
          group.push(foundOf(entry, stat));
          if (group.length < GROUP) continue;
          yield group;
          group = [];
          signal.throwIfAborted();
        }
        folders.push(...below.reverse());
      }
      if (group.length > 0) yield group;
    },

    test: async () => {
      try {
        const stat = lstatSync(realpathSync(root));
        if (stat.isDirectory()) readdirSync(root);
      } catch (error) {
        throw unreachable(root, error);
      }
    },
  };
};
