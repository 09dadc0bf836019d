import type { Piece } from '../content/piece';
import type { Scratch } from '../content/scratch';
import type { FileType, Trouble } from '../core/findings';

/**
 * What takes one family of containers apart. It runs in the engine host on hostile bytes: it keeps its own memory bounded, looks at
 * `signal` often, believes no number of a header, and touches no file but the container and what `scratch` makes.
 */
export interface Reader {
  /** Stable, lower-case; for logs and tests. */
  id: string;
  /** Whether it takes this type apart. */
  reads: (type: FileType) => boolean;
  /**
   * The members one after the other, in the container's order, folders left out. Whoever asks opens a member, or does not, before asking
   * for the next one, and may stop at any time: `finally` must free everything.
   * A container that is damaged yields what can be read and ends with a `Trouble`; what is thrown counts as a damaged container.
   */
  members: (container: Piece, context: ReadContext) => AsyncIterable<Member | Trouble>;
}

export interface ReadContext {
  /** The container's own name, without a folder; names what a gzip file holds. */
  name: string;
  type: FileType;
  passwords: Passwords;
  /** Aborts when the time for the archive is up, or nobody wants more. */
  signal: AbortSignal;
  scratch: Scratch;
}

export interface Member {
  /** As the container says, with `/` between folders. Data for people: never a path on this host, and never cleaned up. */
  name: string;
  /** What the container says it has, if it does; nobody relies on it. Bytes. */
  size?: number;
  /** Its content in pieces of any size, which are the taker's to keep. Asked for once at most. A `TroubleError` says why it cannot be read; any other error that it is damaged. */
  open: () => AsyncIterable<Uint8Array>;
}

export const isMember = (entry: Member | Trouble): entry is Member => 'open' in entry;

/** The passwords to try on one file and all that lies in it. */
export interface Passwords {
  /** In the order in which they are tried: the one that worked last, then as they were given. Empty when there are none. */
  list: () => readonly string[];
  /** Says that one opened something. */
  worked: (password: string) => void;
}

/** What a reader throws out of a member's content to say precisely what is wrong with it. */
export type TroubleError = Error & { trouble: Trouble };

export const troubleError = (why: Trouble['why'], message: string): TroubleError =>
  Object.assign(new Error(message), { trouble: { why, message } });

/** What is wrong, in words for people; an error that says nothing about it is damage. */
export const troubleOf = (error: unknown): Trouble => {
  if (error instanceof Error && 'trouble' in error) return (error as TroubleError).trouble;
  return { why: 'damaged', message: error instanceof Error ? error.message : String(error) };
};
