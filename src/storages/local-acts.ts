import { Fault } from '../core/fault';
import type { Place } from '../core/file';
import type { Act, Claim, PutOptions } from './act';
import { changed, gone, toActFault } from './act-fault';
import type { Backend } from './contract';
import { type Folder, identityIn, openFolder, plainStatIn, splitPath, statIn, syncFolder } from './folder';
import { identityOf } from './identity';
import { bytesOf, type Local, openParent, openSource, readPieces } from './local-file';
import { asideOf, clearAside, isThere, settle, writeFile } from './local-write';
import { numbered } from './numbered';
import { foundOf } from './walk';

type Acts = Pick<
  Backend,
  'stat' | 'open' | 'isWritten' | 'remove' | 'move' | 'copy' | 'put' | 'made' | 'tag' | 'removeEmptyFolders'
>;

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

/** A folder that may be gone by the act that is asked for again. */
const openIfThere = (local: Local, place: Place): { folder: Folder; name: Buffer } | undefined => {
  try {
    return openParent(local, place);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** Gives what was taken aside its name back, or a numbered one where something has it by now. */
const putBack = ({ kernel }: Local, from: Folder, act: Act, folder: Folder, name: Buffer): void => {
  for (const candidate of numbered(name)) {
    try {
      kernel.rename(from.fd, asideOf(act), folder.fd, candidate);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
};

/**
 * Takes a file aside under a name that nobody knows, and looks then whether it is the one that was meant: between looking at a name
 * and acting on it, another file may get that name. What is another one gets its name back.
 */
const takeAside = (
  local: Local,
  place: Place,
  identity: string,
  act: Act,
  from: Folder,
  name: Buffer,
  into: Folder,
) => {
  if (identityIn(from, name) !== identity) throw statIn(from, name) ? changed(place.path) : gone(place.path);
  local.kernel.rename(from.fd, name, into.fd, asideOf(act));
  if (identityIn(into, asideOf(act)) === identity) return;
  putBack(local, into, act, from, name);
  throw changed(place.path);
};

/** Whether an act that was cut off had taken the file aside. What it had taken by mistake gets its name back. */
const isAside = (local: Local, identity: string, act: Act, from: Folder, name: Buffer, into: Folder): boolean => {
  if (!act.again || statIn(into, asideOf(act)) === undefined) return false;
  if (identityIn(into, asideOf(act)) === identity) return true;
  try {
    putBack(local, into, act, from, name);
  } catch (error) {
    // It cannot have come from there: a copy between mounts that was cut off.
    if (codeOf(error) !== 'EXDEV') throw error;
    clearAside(local.kernel, into, act);
  }
  return false;
};

const remove = (local: Local, place: Place, identity: string, act: Act): void => {
  const opened = openIfThere(local, place);
  if (opened === undefined) {
    if (act.again) return;
    throw gone(place.path);
  }
  const { name } = opened;
  using folder = opened.folder;
  if (!isAside(local, identity, act, folder, name, folder)) {
    if (act.again && statIn(folder, name) === undefined) return;
    takeAside(local, place, identity, act, folder, name, folder);
  }
  local.kernel.unlink(folder.fd, asideOf(act), 'file');
  syncFolder(local.kernel, folder);
};

const copy = async (local: Local, place: Place, identity: string, to: Place, act: Act): Promise<Claim> => {
  if (act.claimed !== undefined && isThere(local, act.claimed)) return act.claimed;
  using source = openSource(local, place, identity);
  const content = readPieces(source.fd, 0, source.size);
  return await writeFile(local, to, act, { content, attributes: source.attributes(), check: source.check });
};

const isUntouched = (error: unknown): boolean => ['FILE_CHANGED', 'EACCES', 'EPERM', 'EROFS'].includes(codeOf(error));

/** Between disks: a copy that is durable and read back, then the first one away. */
const moveAcross = async (local: Local, place: Place, identity: string, to: Place, act: Act): Promise<Claim> => {
  const claim = await copy(local, place, identity, to, act);
  try {
    remove(local, place, identity, { ...act, again: true });
  } catch (error) {
    // Only when nothing was taken away: else the copy is all there is.
    if (isUntouched(error)) remove(local, claim.place, claim.identity, { ...act, again: true });
    throw error;
  }
  return claim;
};

/** Ends the removal of what was copied; what has its place by now is somebody else's. */
const removeLeft = (local: Local, place: Place, identity: string, act: Act): void => {
  try {
    remove(local, place, identity, act);
  } catch (error) {
    if (codeOf(error) !== 'FILE_CHANGED') throw error;
  }
};

const isOneDisk = (a: Folder, b: Folder): boolean =>
  statIn(a, Buffer.from('.'))?.dev === statIn(b, Buffer.from('.'))?.dev;

const move = async (local: Local, place: Place, identity: string, to: Place, act: Act): Promise<Claim> => {
  if (act.claimed !== undefined && isThere(local, act.claimed)) {
    // A copy on another disk has an identity of its own: the first one may still be there.
    if (act.claimed.identity !== identity) removeLeft(local, place, identity, act);
    return act.claimed;
  }
  const { kernel } = local;
  const { folder: from, name } = openParent(local, place);
  using _from = from;
  const { folder: into } = openParent(local, to, { make: true });
  using _into = into;
  if (!isOneDisk(from, into)) return moveAcross(local, place, identity, to, act);
  try {
    if (!isAside(local, identity, act, from, name, into)) {
      takeAside(local, place, identity, act, from, name, into);
    }
  } catch (error) {
    // One disk that is mounted twice, or two quotas on it (rename(2)).
    if (codeOf(error) === 'EXDEV') return moveAcross(local, place, identity, to, act);
    throw error;
  }
  try {
    const claim = await settle(kernel, into, to, act, { identity });
    syncFolder(kernel, from);
    return claim;
  } catch (error) {
    if (statIn(into, asideOf(act)) !== undefined) putBack(local, into, act, from, name);
    throw error;
  }
};

/** A file's bytes; it is opened when they are asked for, so that nothing is held for a stream that nobody reads. */
async function* streamOf(local: Local, place: Place, identity: string, start: number, end: number) {
  try {
    using source = openSource(local, place, identity);
    yield* readPieces(source.fd, start, end);
    source.check();
  } catch (error) {
    throw toActFault(error, `${place.path} could not be read`);
  }
}

/** Removes folders from a place upwards as long as they are empty, and never the root. */
const removeEmpty = (local: Local, root: Buffer, place: Place): void => {
  const top = Buffer.concat([root, Buffer.from('/')]);
  for (let path = splitPath(bytesOf(place)).folder; path.subarray(0, top.length).equals(top); ) {
    const { folder: parent, name } = splitPath(path);
    using folder = openFolder(local.kernel, parent, local);
    local.kernel.unlink(folder.fd, name, 'folder');
    path = parent;
  }
};

/** What folders that stay answer when one wants to remove them. */
const STAY = ['ENOTEMPTY', 'EEXIST', 'EBUSY', 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'EROFS'];

const tag = (local: Local, place: Place, identity: string, tags: { [name: string]: string }): void => {
  using source = openSource(local, place, identity);
  for (const [name, value] of Object.entries(tags)) {
    local.kernel.setAttribute(source.fd, `user.assay.${name}`, Buffer.from(value));
  }
};

/**
 * Acts on files of this host, each by the folder that the file is in, opened without following a link, and on exactly the file that is meant.
 * @param root where the storage really is: absolute and without links
 */
export const createLocalActs = (root: () => Buffer, local: Local): Acts => {
  const act = async <T>(what: string, place: Place, run: () => T | Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw toActFault(error, `${place.path} could not be ${what}`);
    }
  };
  /** @throws Fault BAD_REQUEST for what is outside of the storage */
  const checkInside = (place: Place): void => {
    const path = bytesOf(place);
    const top = root();
    const isBelow =
      path.subarray(0, top.length).equals(top) && (path.length === top.length || path[top.length] === 0x2f);
    if (isBelow || top.equals(Buffer.from('/'))) return;
    throw new Fault('BAD_REQUEST', `${place.path} is outside of the storage.`);
  };

  return {
    stat: (place) =>
      act('looked at', place, () => {
        const opened = openIfThere(local, place);
        if (opened === undefined) return undefined;
        using folder = opened.folder;
        const stat = statIn(folder, opened.name);
        if (!stat?.isFile()) return undefined;
        const found = foundOf(
          { path: place.path, raw: place.raw && Buffer.from(place.raw) },
          plainStatIn(folder, opened.name),
        );
        return { ...found, identity: identityOf(stat) };
      }),

    open: (place, { start = 0, end, identity }) =>
      act('read', place, () => {
        checkInside(place);
        using source = openSource(local, place, identity);
        const { size, identity: opened } = source;
        return {
          size,
          identity: opened,
          attributes: source.attributes(),
          stream: streamOf(local, place, opened, start, Math.min(end ?? size, size)),
        };
      }),

    isWritten: (place, identity) =>
      act('looked at', place, () => {
        checkInside(place);
        using source = openSource(local, place, identity);
        return local.kernel.isWritten(source.fd);
      }),

    remove: (place, identity, one) =>
      act('removed', place, () => {
        checkInside(place);
        remove(local, place, identity, one);
      }),

    move: (place, identity, to, one) =>
      act('moved', place, () => {
        checkInside(place);
        checkInside(to);
        return move(local, place, identity, to, one);
      }),

    copy: (place, identity, to, one) =>
      act('copied', place, () => {
        checkInside(place);
        checkInside(to);
        return copy(local, place, identity, to, one);
      }),

    put: (to, content, one, { attributes, exact }: PutOptions = {}) =>
      act('written', to, () => {
        checkInside(to);
        return writeFile(local, to, one, { content, attributes, exact });
      }),

    made: async ({ claimed }) =>
      claimed && act('looked at', claimed.place, () => (isThere(local, claimed) ? claimed : undefined)),

    tag: (place, identity, tags) =>
      act('tagged', place, () => {
        checkInside(place);
        tag(local, place, identity, tags);
      }),

    removeEmptyFolders: async (place) => {
      try {
        removeEmpty(local, root(), place);
      } catch (error) {
        if (!STAY.includes(codeOf(error))) throw toActFault(error, `The folder of ${place.path} could not be removed`);
      }
    },
  };
};
