import { z } from 'zod';
import type { Located } from './remediation';
import type { ResultCode } from './result';

/** `coming` and `restoring` are under way; they end as `held`, or `restored`, also when they are cut off. */
export const ENTRY_STATES = ['coming', 'held', 'restoring', 'restored', 'purged'] as const;
export const EntryState = z.enum(ENTRY_STATES);
export type EntryState = z.infer<typeof EntryState>;

/** A file that is, or was, in quarantine, with where it is from. Its id is that of the act that put it there. */
export interface Entry extends Located {
  id: string;
  fileId: string;
  state: EntryState;
  storageName: string;
  /** Bytes. */
  size: number;
  sha256: string;
  resultCode: ResultCode;
  /** Why, for people. */
  reason: string;
  /** Owner, mode, times and the like, as its storage gave them. */
  attributes?: string;
  createdAt: number;
  endedAt?: number;
}
