import { lstatSync, readdirSync, type Stats, statfsSync } from 'node:fs';
import type { Found } from '../core/file';
import type { Listed } from './contract';

const GROUP = 500;
/** Folders that are listed, which is synchronous, before others get their turn. */
const AT_ONCE = 256;
const REPLACED = '\uFFFD';
/** statfs(2) types of file systems that hold no files of anybody's: proc, sysfs, cgroup2, debugfs, tracefs. */
const PSEUDO = new Set([0x9fa0, 0x62656572, 0x63677270, 0x64626720, 0x74726163]);

/** A path in both forms: text for people, bytes for the kernel where they differ. */
export interface Entry {
  path: string;
  raw?: Buffer;
}

/** A path as written, for people; where it is not the path that the kernel is given, that one follows as bytes. */
export const entryOf = (shown: string, absolute: Buffer): Entry =>
  absolute.equals(Buffer.from(shown)) ? { path: shown } : { path: shown, raw: absolute };

export interface WalkRules {
  /** Folders that are never looked into, absolute. */
  excluded: ReadonlySet<string>;
  /** Told when the folder at the top cannot be listed; unless it throws, that folder is found like a file, so that its result says so. */
  unlistable?: (error: unknown) => void;
  /** False keeps to the files of the folder itself. */
  recursive?: boolean;
  /** Whether a file, or a folder, is left out; by its path for people. */
  skipsFile?: (path: string) => boolean;
  skipsFolder?: (path: string) => boolean;
}

const under = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`);

const SLASH = Buffer.from('/');
const child = (folder: Entry, name: string | Buffer): Entry => {
  const path = under(folder.path, name.toString());
  if (folder.raw === undefined && !path.includes(REPLACED)) return { path };
  return { path, raw: Buffer.concat([folder.raw ?? Buffer.from(folder.path), SLASH, Buffer.from(name)]) };
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

// The time of the last status change cannot be set back by whoever writes the file.
const stampOf = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string => [dev, ino, size, mtimeMs, ctimeMs].join(':');

export const foundOf = (entry: Entry, stat: Stats | undefined): Found => ({
  ...entry,
  size: stat?.size ?? 0,
  modifiedAt: Math.trunc(stat?.mtimeMs ?? 0),
  stamp: stat && stampOf(stat),
});

/** Finds the files below a folder in groups, in the order of their names; links are left out, and what cannot be listed is found too. */
export async function* walk(
  top: Entry,
  device: number,
  rules: WalkRules,
  signal: AbortSignal,
): AsyncGenerator<Listed, void> {
  const { excluded, recursive = true, skipsFile, skipsFolder } = rules;
  let group: Found[] = [];
  const folders: { entry: Entry; device: number }[] = [{ entry: top, device }];
  let listed = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    listed += 1;
    if (listed % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    let names: (string | Buffer)[];
    try {
      names = namesIn(next.entry);
    } catch (error) {
      if (next.entry === top) rules.unlistable?.(error);
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
        if (!recursive || excluded.has(String(place(entry))) || skipsFolder?.(entry.path)) continue;
        if (stat.dev !== next.device && isPseudo(entry)) continue;
        below.push({ entry, device: stat.dev });
        continue;
      }
      if (skipsFile?.(entry.path)) continue;
      group.push(foundOf(entry, stat));
      if (group.length < GROUP) continue;
      yield { files: group };
      group = [];
      signal.throwIfAborted();
    }
    folders.push(...below.reverse());
  }
  if (group.length > 0) yield { files: group };
}
