import { accessSync, constants, type FSWatcher, lstatSync, realpathSync, type Stats, statfsSync, watch } from 'node:fs';
import type { Changes, Looked } from './contract';
import { entryOf, foundOf } from './walk';

/** File systems whose files others can change without this host's kernel knowing, by their statfs(2) type. */
const SHARED: { [type: number]: string } = {
  26985: 'NFS',
  4266872130: 'SMB',
  4283649346: 'SMB',
  20859: 'SMB',
  16914839: '9p',
  1702057286: 'FUSE',
  12805120: 'Ceph',
  1397113167: 'AFS',
};

const SLASH = Buffer.from('/');

/** Why the kernel gives no more watches: of folders, or of programs that watch. */
const FULL: { [code: string]: string } = {
  ENOSPC: 'there are too many folders to watch: raise fs.inotify.max_user_watches with sysctl',
  EMFILE: 'too many programs of this user watch folders: raise fs.inotify.max_user_instances with sysctl',
};

const fullOf = (error: unknown): string | undefined => FULL[String((error as { code?: unknown }).code)];

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const statOf = (path: string | Uint8Array): Stats | undefined => {
  try {
    return lstatSync(path as string | Buffer);
  } catch {
    return undefined;
  }
};

/** A folder that may not be read. */
const isClosed = (path: string): boolean => {
  if (!statOf(path)?.isDirectory()) return false;
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return false;
  } catch {
    return true;
  }
};

const kindOf = (stat: Stats): Looked['is'] => {
  if (stat.isDirectory()) return 'folder';
  return stat.isSymbolicLink() ? 'link' : 'file';
};

/**
 * How changes below a folder of this host are noticed: by inotify(7), unless others can change its files behind the kernel's back.
 * @param root absolute; a link to a folder is followed once, as in a listing
 * @param except folders of which nothing is told
 * @throws when the root is not to be had, as does the beginning of a watch
 */
export const changesIn = (root: string, except: string[]): Changes => {
  const real = realpathSync(root, { encoding: 'buffer' });
  const folder = real.toString();
  if (!Buffer.from(folder).equals(real)) return { by: 'listing', reason: 'the name of its folder is not UTF-8' };
  if (!lstatSync(folder).isDirectory()) return { by: 'listing', reason: 'it is one file' };
  const shared = SHARED[statfsSync(folder).type >>> 0];
  if (shared !== undefined) return { by: 'listing', reason: `it is on ${shared}, where others change files unnoticed` };

  const { dev, ino } = lstatSync(folder);
  const excluded = except.map((path) => Buffer.from(`${path}/`));
  const entry = (name: Buffer) =>
    entryOf(
      `${root === '/' ? '' : root}/${name}`,
      Buffer.concat([folder === '/' ? Buffer.alloc(0) : real, SLASH, name]),
    );
  const isOwn = (path: Buffer) => excluded.some((own) => path.subarray(0, own.length).equals(own));
  const closed = new Set<string>();

  return {
    by: 'events',
    watch: (told) => {
      const hear = (_event: string, name: Buffer | null | undefined) => {
        // null: the kernel's queue was full. undefined: something happened to the folder itself.
        if (name === null) return told({ type: 'lost', reason: 'more changed at once than the kernel keeps' });
        if (name === undefined) return told({ type: 'ended', reason: 'the folder was moved or removed' });
        const place = entry(name);
        if (!isOwn(Buffer.from(place.raw ?? place.path))) told({ type: 'touched', place });
      };
      let watcher: FSWatcher;
      try {
        watcher = watch(folder, { recursive: true, encoding: 'buffer' }, hear);
      } catch (error) {
        const full = fullOf(error);
        if (full === undefined) throw error;
        told({ type: 'partly', reason: full });
        return () => {};
      }
      watcher.on('error', (error: NodeJS.ErrnoException) => {
        const full = fullOf(error);
        const unwatched = error.path?.startsWith(`${folder}/`) ? error.path : undefined;
        if (full === undefined && unwatched !== undefined) {
          // Gone again; but of a name that is no UTF-8 nothing can be said.
          if (statOf(unwatched) === undefined && !unwatched.includes('\ufffd')) return;
          if (isClosed(unwatched)) {
            closed.add(unwatched);
            const { path } = entry(Buffer.from(unwatched.slice(folder.length + 1)));
            return told({ type: 'closed', path });
          }
        }
        told({ type: 'partly', reason: full ?? reasonOf(error) });
      });
      return () => watcher.close();
    },
    look: ({ path, raw }) => {
      const stat = statOf(raw ?? path);
      if (stat === undefined) return undefined;
      const place = raw === undefined ? { path } : { path, raw: Buffer.from(raw) };
      return { is: kindOf(stat), found: foundOf(place, stat), changedAt: Math.max(stat.mtimeMs, stat.ctimeMs) };
    },
    isSame: () => {
      const now = statOf(folder);
      // Looked at again and again: the kernel may tell of what is removed before it is, and of new rights in a group not at all.
      return now?.dev === dev && now.ino === ino && [...closed].every(isClosed);
    },
  };
};
