import type { Found } from '../core/file';
import type { Storage, StorageSecret } from '../core/storage';
import type { Timing } from './settling';

/** How the changes of one storage are noticed right now. */
export interface WatchState {
  /** `listing`: all of it is being gone through. `away`: the storage cannot be reached, and is tried again. */
  state: 'starting' | 'listing' | 'watching' | 'polling' | 'away';
  /** Why it is polled or away, or what is wrong with the watch; for people. */
  reason?: string;
}

export interface WatchTiming extends Timing {
  /** How often what tells of no changes is listed. Milliseconds. */
  poll: number;
}

/** What the thread is told about one storage. */
export interface WatchOrder {
  /** Names it in both directions: the scan's id. */
  id: string;
  storage: Storage;
  /** What the storage is opened with, where it needs one. */
  secret?: StorageSecret;
  timing: WatchTiming;
  /** False while what was there at the beginning is still to be noted. */
  begun: boolean;
}

/** What the thread is given when it starts. */
export interface ThreadData {
  /** Folders of this host that are never looked into: Assay's own state. */
  except: string[];
}

/** From the daemon to the thread. */
export type ToThread =
  | { type: 'start'; order: WatchOrder }
  | { type: 'stop'; id: string }
  /** A group is kept; the next one may come. */
  | { type: 'kept'; id: string }
  /** List all of it, now. */
  | { type: 'list'; id: string };

/** An event told of it, or it was met in a listing: of a storage that tells of events, or of one that is polled. */
export type Noticed = 'event' | 'listing' | 'polling';

/** From the thread to the daemon. */
export type FromThread =
  /** What is there: told by an event, or met in a listing. */
  | { type: 'noticed'; id: string; group: Found[]; by: Noticed }
  | { type: 'state'; id: string; state: WatchState }
  /** The storage was gone through from its beginning to its end. */
  | { type: 'listed'; id: string }
  /** Events were lost; a listing follows. */
  | { type: 'lost'; id: string; reason: string };
