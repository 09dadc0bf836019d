/** Gives the plain bytes of a locked member, from its beginning on, piece by piece. */
export interface Decipher {
  update: (locked: Uint8Array) => Uint8Array;
  /** Whether the seal behind the content belongs to what was read. */
  fits: (seal: Uint8Array) => boolean;
}

/** A password that passed the quick check of a lock, which wrong ones pass by chance too. */
export interface Key {
  /** Starts at the content's beginning, as often as asked. */
  start: () => Decipher;
}

/** How a member is locked. */
export interface Lock {
  /** Bytes in front of the locked content, and behind it. */
  head: number;
  tail: number;
  /** Whether the tail is a seal over the locked content. */
  isSealed: boolean;
  /** The method that the content was packed with before it was locked. */
  method: number;
  /** Whether the checksum of the content is kept in the headers. */
  hasChecksum: boolean;
  key: (password: Uint8Array) => Promise<Key | undefined>;
}
