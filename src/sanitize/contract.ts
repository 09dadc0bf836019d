import type { FileType } from '../core/findings';
import type { Removed } from '../core/sanitized';

export interface Sanitized {
  content: Uint8Array;
  removed: Removed[];
  /** Another ending of the name, where the old one would claim what is no longer there: "docx" for a "docm". */
  extension?: string;
}

/**
 * Makes a copy of one family of documents that keeps text and pictures and holds nothing that acts by itself. It runs in the engine host on
 * hostile bytes, on documents that fit into memory.
 */
export interface Sanitizer {
  /** Stable, lower-case; for logs and tests. */
  id: string;
  /** Whether it may be one of the family, as far as its beginning tells. */
  sanitizes: (type: FileType) => boolean;
  /** Undefined for what is none of the family after all. @throws Error with a sentence for people when it cannot be made harmless */
  sanitize: (document: Uint8Array, context: SanitizeContext) => Promise<Sanitized | undefined>;
}

export interface SanitizeContext {
  /** The document's own name, without a folder. */
  name: string;
  type: FileType;
  /** Aborts when the time for the file is up. */
  signal: AbortSignal;
}
