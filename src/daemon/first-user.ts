import { randomInt } from 'node:crypto';
import { hashPassword } from '../api/auth';
import { newId } from '../core/id';
import type { Store } from '../store/store';

// Without the letters and digits that people mistake for each other.
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 20;

/** Makes the user `admin` in a store that has no user. Returns the password, which is shown once and kept nowhere; undefined when there is a user. */
export const addFirstUser = async (store: Store, now: number): Promise<string | undefined> => {
  if ((await store.users.list()).length > 0) return undefined;
  const password = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const user = { id: newId(), name: 'admin', role: 'admin', createdAt: now } as const;
  await store.users.insert(user, await hashPassword(password), { firstPassword: true });
  await store.audit.append('assay', 'user.create', { name: 'admin', role: 'admin' }, now);
  return password;
};
