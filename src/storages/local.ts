import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { Fault } from '../core/fault';
import { printable } from '../core/printable';
import type { KnownRoot } from '../core/storage';
import type { Backend, StorageLimits } from './contract';
import { type Kernel, openKernel } from './kernel';
import { createLocalActs } from './local-acts';
import { changesIn } from './local-changes';
import { bytesOf } from './local-file';
import { isMountPoint } from './mounts';
import { withNumber } from './numbered';
import { soon } from './soon';
import { type Entry, entryOf, foundOf, walk } from './walk';

/** A path inside the storage's root, or the root; a path that leaves it is refused. */
const inside = (root: string, folder: string): string => {
  if (folder.includes('\0')) {
    throw new Fault('BAD_REQUEST', `${printable(folder)} is not a path: no name holds a zero character.`);
  }
  const path = resolve(root, folder);
  const way = relative(root, path);
  if (way === '..' || way.startsWith('../') || isAbsolute(way)) {
    throw new Fault('BAD_REQUEST', `The path ${folder} is outside of the storage ${root}.`, {
      hint: 'Give a path below the storage, relative or absolute.',
    });
  }
  return path;
};

const SLASH = Buffer.from('/');

/** The way from a folder to a path below it, from where that folder really is. */
const below = (real: Buffer, way: string): Buffer => {
  if (way === '') return real;
  return Buffer.concat([real.equals(SLASH) ? Buffer.alloc(0) : real, SLASH, Buffer.from(way)]);
};

const LIMITS: StorageLimits = {
  tags: { most: 100, name: 200, value: 4096 },
  path: 4096,
  folders: true,
  notes: [
    'A file is acted on under the name that was looked into; other names of it (hard links) stay.',
    'Tags are extended attributes, user.assay.NAME, which not every file system takes.',
  ],
};

const leadsAway = (path: string) =>
  new Fault('BAD_REQUEST', `The path ${path} leads through a link, which is not followed.`, {
    hint: 'Name the folder itself; one elsewhere is a storage of its own.',
  });

const refuseOwn = (path: string): never => {
  throw new Fault('BAD_REQUEST', `${path} belongs to Assay itself, which does not look into it.`, {
    hint: 'Name files of your own.',
  });
};

const statOf = (path: Buffer): Stats | undefined => {
  try {
    return lstatSync(path);
  } catch {
    // Not there, or not to be looked at: its result will say which.
    return undefined;
  }
};

/** What system calls say when a file system is away, and not a file of it. */
const AWAY = [
  'EIO',
  'ESTALE',
  'ENOTCONN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENODEV',
  'EREMOTEIO',
];
/** What they say when a folder, or one on the way to it, is not there. */
const NOT_THERE = ['ENOENT', 'ENOTDIR'];

const unmounted = (root: string, mount: string): Fault =>
  new Fault('STORAGE_UNREACHABLE', `${root} was on the file system at ${mount}, which is not mounted now.`, {
    hint: `Mount it. If the folder is elsewhere now, say so: "assay storage set NAME --path ${root}".`,
  });

const missing = (root: string): Fault =>
  new Fault('STORAGE_UNREACHABLE', `The folder ${root} is not there now.`, {
    hint: `Bring it back. If it is elsewhere now, say so: "assay storage set NAME --path FOLDER"; if it is gone for good, cancel what waits for it.`,
  });

const unreachable = (path: string, error: unknown) =>
  new Fault('STORAGE_UNREACHABLE', `${path} cannot be read: ${(error as { code?: string }).code ?? error}.`, {
    hint: 'Check that the folder exists, is mounted, and that the user Assay runs as may read it.',
    cause: error,
  });

/** A name that another kind of storage has, as one that leads nowhere else here. */
const harmless = (name: Uint8Array): Uint8Array => {
  const plain = name.map((byte) => (byte === 0x2f || byte === 0 ? 0x5f : byte));
  return ['', '.', '..'].includes(Buffer.from(plain).toString('latin1')) ? Buffer.from('_') : withNumber(plain, 1);
};

/**
 * A folder (or one file) on this host, also an NFS or SMB mount.
 * @param root absolute
 * @param except folders that are never looked into and never acted on: Assay's own state
 * @param known what it was before: without it, an empty folder would pass for what is mounted there, and all files of a folder that is
 *   not there for gone
 */
export const createLocal = (
  root: string,
  except: string[] = [],
  kernel: Kernel = openKernel(),
  known?: KnownRoot,
): Backend => {
  const excluded = new Set(except);
  /** What asks for the root itself. @throws Fault STORAGE_UNREACHABLE */
  const reached = <T>(ask: () => T): T => {
    try {
      return ask();
    } catch (error) {
      throw unreachable(root, error);
    }
  };
  const isOwn = (place: Buffer): boolean => except.some((own) => `${place}/`.startsWith(`${own}/`));
  const realRoot = (): Buffer => reached(() => realpathSync(root, { encoding: 'buffer' }));

  const away = async (): Promise<Fault | undefined> => {
    let isThere = true;
    try {
      // First, for a file system may be mounted by this alone.
      await soon(stat(root));
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (AWAY.includes(code)) return unreachable(root, error);
      isThere = !NOT_THERE.includes(code);
    }
    if (known === undefined) return undefined;
    if (!isMountPoint(known.mount)) return unmounted(root, known.mount);
    // One file that is not there is gone.
    return isThere || !known.isFolder ? undefined : missing(root);
  };

  return {
    isLocal: true,
    limits: LIMITS,
    ...createLocalActs(realRoot, { kernel, own: except }),

    namesOf: (place) => {
      const path = bytesOf(place);
      const real = realRoot();
      if (path.equals(real)) return [path.subarray(path.lastIndexOf(0x2f) + 1)];
      const way = path.subarray(real.equals(SLASH) ? 1 : real.length + 1).toString('latin1');
      return way.split('/').map((name) => Buffer.from(name, 'latin1'));
    },

    placeOf: (folder, names) => {
      const shown = inside(root, folder);
      const way = Buffer.concat(names.flatMap((name) => [SLASH, harmless(name)]));
      const real = below(realRoot(), relative(root, shown));
      const base = (path: string) => (path === '/' ? '' : path);
      return entryOf(base(shown) + way.toString(), Buffer.concat([real.equals(SLASH) ? Buffer.alloc(0) : real, way]));
    },

    async *list(folder, signal) {
      const top = inside(root, folder);
      const why = await away();
      if (why !== undefined) throw why;
      let entry: Entry;
      let stat: Stats;
      try {
        // Links to the storage are its administrator's and are followed, once; links that are met in it are not.
        const real = realpathSync(top, { encoding: 'buffer' });
        if (!real.equals(below(realRoot(), relative(root, top)))) throw leadsAway(top);
        entry = entryOf(top, real);
        stat = lstatSync(real);
      } catch (error) {
        throw error instanceof Fault ? error : unreachable(top, error);
      }
      if (isOwn(bytesOf(entry))) refuseOwn(top);
      if (!stat.isDirectory()) {
        yield { files: [foundOf(entry, stat)] };
        return;
      }

      const unlistable = (error: unknown) => {
        throw unreachable(top, error);
      };
      yield* walk(entry, stat.dev, { excluded, unlistable }, signal);
    },

    find: async (paths) => {
      const real = realRoot();
      return paths.map((path) => {
        const shown = inside(root, path);
        const place = below(real, relative(root, shown));
        if (isOwn(place)) refuseOwn(shown);
        return foundOf(entryOf(shown, place), statOf(place));
      });
    },

    away,
    changes: () => {
      const changes = reached(() => changesIn(root, except));
      if (changes.by === 'listing') return changes;
      return { ...changes, watch: (told) => reached(() => changes.watch(told)) };
    },

    test: async () => {
      const why = await away();
      if (why !== undefined) throw why;
      if (isOwn(realRoot())) refuseOwn(root);
      reached(() => {
        const stat = lstatSync(realpathSync(root));
        if (stat.isDirectory()) readdirSync(root);
      });
    },
  };
};
