import { toRfc3339 } from '../core/clock';
import { Fault } from '../core/fault';
import { type Due, nameOf, type Place } from '../core/file';
import type { Unread } from '../core/findings';
import type { Store } from '../store/store';
import type { Vault } from './vault';

/** What is to be looked into for a file, and the way to be done with it. */
export interface Source {
  place: Place;
  /** The file to open where that is not the place itself: a private copy of it. Absolute. */
  open?: string;
  close: () => void;
}

/** Where a file is that our own acts took from where it was found: what was moved is looked into there, what is in quarantine in a private file. */
export type FindSource = (due: Pick<Due, 'place' | 'location'>) => Promise<Source | Unread>;

export const createFindSource =
  (store: Store, vault: Vault): FindSource =>
  async ({ place, location }) => {
    switch (location?.is) {
      case undefined:
        return { place, close: () => {} };
      case 'moved':
        return { place: location.place, close: () => {} };
      case 'deleted':
        return { why: 'gone', message: `Assay deleted it at ${toRfc3339(location.at)}, as it was told to.` };
      case 'quarantined': {
        const { id } = location;
        const [entry, key] = await Promise.all([store.quarantine.find(id), store.quarantine.key(id)]);
        if (entry === undefined || key === undefined)
          return { why: 'gone', message: 'It is not in quarantine any more.' };
        const path = Buffer.from(place.raw ?? place.path);
        const name = path.subarray(path.lastIndexOf('/') + 1);
        try {
          const spooled = await vault.spool(id, key, entry.sha256, name);
          return { place: { path: nameOf(place.path), raw: spooled.path }, close: spooled.remove };
        } catch (error) {
          const code = (error as { code?: unknown }).code;
          if (!(error instanceof Fault) && typeof code !== 'string') throw error;
          return {
            why: 'unreadable',
            message: `Its content in quarantine could not be read: ${(error as Error).message}`,
          };
        }
      }
    }
  };
