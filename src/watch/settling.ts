import type { Found, Place } from '../core/file';
import type { Looked } from '../storages/contract';

/** How long a file must have been left alone before it is looked into. Milliseconds. */
export interface Timing {
  /** Since it changed last. Doubled for a file that went on changing, up to eight times. */
  settle: number;
  /** A file that never comes to rest is looked into after this long all the same. */
  longest: number;
}

interface Waiting {
  place: Place;
  firstAt: number;
  /** When it is looked at next. */
  lookAt: number;
  quiet: number;
  /** How it was when it was looked at last. */
  stamp?: string;
}

export interface Settling {
  touch: (place: Place) => void;
  /** What has come to rest by now, each once: files, and folders whose content is to be listed. What is gone again is forgotten. */
  rested: () => { files: Found[]; folders: Place[] };
  /** How many places are being waited for. */
  size: () => number;
}

const GROWING = 8;

// Each byte a character, so that names that are no UTF-8 differ.
const keyOf = ({ path, raw }: Place): string => (raw === undefined ? path : Buffer.from(raw).toString('latin1'));

/**
 * Waits until files that change have come to rest: nobody tells when a writer is done, and half a file must not be judged as the whole.
 * A file is at rest when neither an event nor its times say that it changed for a while, or when it looks the same twice.
 */
export const createSettling = (
  look: (place: Place) => Looked | undefined,
  { settle, longest }: Timing,
  clock: () => number,
): Settling => {
  const waiting = new Map<string, Waiting>();

  /** True when it is at rest; else it waits on. */
  const isAtRest = (one: Waiting, { found, changedAt }: Looked, now: number): boolean => {
    const stamp = found.stamp ?? '';
    if (changedAt <= now - settle || stamp === one.stamp || now - one.firstAt >= longest) return true;
    if (one.stamp !== undefined) one.quiet = Math.min(one.quiet * 2, settle * GROWING);
    one.stamp = stamp;
    one.lookAt = now + one.quiet;
    return false;
  };

  return {
    touch: (place) => {
      const now = clock();
      const key = keyOf(place);
      const known = waiting.get(key);
      if (known === undefined) waiting.set(key, { place, firstAt: now, lookAt: now + settle, quiet: settle });
      else known.lookAt = Math.min(now + known.quiet, known.firstAt + longest);
    },

    rested: () => {
      const now = clock();
      const files: Found[] = [];
      const folders: Place[] = [];
      for (const [key, one] of waiting) {
        if (one.lookAt > now) continue;
        const looked = look(one.place);
        if (looked?.is === 'file' && !isAtRest(one, looked, now)) continue;
        waiting.delete(key);
        if (looked?.is === 'file') files.push(looked.found);
        if (looked?.is === 'folder') folders.push(one.place);
      }
      return { files, folders };
    },

    size: () => waiting.size,
  };
};
