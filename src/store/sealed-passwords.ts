import type { Seal } from './seal';

/** Passwords as rows keep them: a JSON array, sealed for the row that they belong to; null for none. */
export const createSealedPasswords = ({ seal, open }: Seal) => ({
  /** @param context the row, such as `rescan:ID` */
  seal: (passwords: readonly string[], context: string): string | null =>
    passwords.length === 0 ? null : seal(JSON.stringify(passwords), context),

  /** @throws Fault NOT_POSSIBLE when they were sealed with another instance's key */
  open: (kept: unknown, context: string): string[] =>
    typeof kept === 'string' ? (JSON.parse(open(kept, context).toString()) as string[]) : [],
});
