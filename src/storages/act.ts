import type { Place } from '../core/file';

/** A new file at its place, with the identity by which the storage knows it for what an act made. */
export interface Claim {
  place: Place;
  identity: string;
}

/** One act on a file. An act that was cut off anywhere, and is asked for again with the same id, goes on where it was: it is done once, or not at all. */
export interface Act {
  /** A UUID of its own; it names what lies on the way. */
  id: string;
  /** It was begun before: what is not there any more may be gone by it. */
  again: boolean;
  /** Where it was about to put the file when it was cut off. */
  claimed?: Claim;
  /** Called, and awaited, right before a new file appears at its place; with the next one when that place is taken by then. */
  claim: (claim: Claim) => Promise<void>;
}

export interface PutOptions {
  /** What `open` gave beside the content: owner, mode, times and the like. That of another kind is left out. */
  attributes?: string;
  /** At this very place or not at all. @throws Fault NAME_TAKEN */
  exact?: boolean;
}
