import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../core/fault';
import { toFolderFault } from './faults';

const LENGTH = 32;

const readOrMake = (path: string, dataDir: string): Uint8Array => {
  try {
    if (!existsSync(path)) {
      // Whole or not at all, also when the machine stops in between.
      writeFileSync(`${path}.new`, randomBytes(LENGTH), { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    }
    return readFileSync(path);
  } catch (error) {
    throw toFolderFault(error, dataDir);
  }
};

/**
 * The instance's own key, made at the first start: what seals secrets and signs sign-ins is derived from it.
 * @throws Fault NOT_POSSIBLE when the file is there but is no key or may not be read, DISK_FULL
 */
export const loadInstanceKey = (dataDir: string): Uint8Array => {
  const path = join(dataDir, 'instance.key');
  const key = readOrMake(path, dataDir);
  if (key.length === LENGTH) return key;
  throw new Fault(
    'NOT_POSSIBLE',
    `The instance key ${path} is damaged: it has ${key.length} bytes instead of ${LENGTH}.`,
    {
      hint: 'Restore it from a backup. Without it, stored secrets cannot be read; removing it makes a new one and everybody signs in anew.',
    },
  );
};
