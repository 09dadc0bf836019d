import { z } from 'zod';

/** How many passwords may be given at once. */
export const MOST_PASSWORDS = 1000;
/** How long each may be, in UTF-16 units. */
export const LONGEST_PASSWORD = 1024;

/** Passwords as they are tried on a file: in the order in which they were given, each once, and none that is empty. */
export const distinctPasswords = (given: readonly string[]): string[] =>
  [...new Set(given)].filter((password) => password !== '');

/** Passwords that somebody gives; what is refused is named by its place, never by its text. */
export const Passwords = z
  .array(z.string().max(LONGEST_PASSWORD))
  .max(MOST_PASSWORDS)
  .transform((given) => distinctPasswords(given));
