import { Passwords } from '../core/passwords';

/** The passwords of a rescan, as a request brings them. */
export const PasswordsToTry = Passwords.optional().meta({
  description: `Tried in this order on what is encrypted, before the workflow's own. They are kept sealed, shown nowhere, and erased when the rescan ends.`,
});
