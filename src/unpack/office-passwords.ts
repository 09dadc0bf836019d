import type { Passwords } from './contract';
import type { OfficeLock } from './office-lock';
import type { Turns } from './turns';

/**
 * What Excel and PowerPoint encrypt with when they only protect a document from changes, and open without asking
 * (MS-OFFCRYPTO 2.4.2.3 for the first; the second is PowerPoint's).
 */
const BUILT_IN = ['VelvetSweatshop', '/01Hannes Ruescher/01'];

/** The key of the first password that opens a document; undefined when none does. */
export const findKey = async (lock: OfficeLock, passwords: Passwords, turns: Turns): Promise<Buffer | undefined> => {
  for (const password of passwords.list()) {
    const key = await lock.keyOf(password, turns);
    if (key === undefined) continue;
    passwords.worked(password);
    return key;
  }
  for (const password of BUILT_IN) {
    const key = await lock.keyOf(password, turns);
    if (key !== undefined) return key;
  }
  return undefined;
};
