import { type Member, type ReadContext, troubleError } from './contract';
import { noPasswordOpens } from './encrypted';
import { agileLock } from './office-agile';
import type { OfficeLock } from './office-lock';
import { findKey } from './office-passwords';
import { standardLock } from './office-standard';
import type { OleEntry } from './ole-directory';
import type { OleStorage } from './ole-storage';
import type { Turns } from './turns';

/** More than this is no description of an encryption. Bytes. */
const LONGEST_INFO = 1024 * 1024;

const lockOf = (info: Buffer): OfficeLock => {
  const [major, minor] = [info.readUInt16LE(0), info.readUInt16LE(2)];
  if (major === 4 && minor === 4) return agileLock(info.toString('utf8', 8));
  if (major >= 2 && major <= 4 && minor === 2) return standardLock(info.subarray(4));
  throw troubleError('encrypted', 'It is encrypted in a way that is not known here.');
};

function* skip(parts: Iterable<Uint8Array>, bytes: number): Generator<Uint8Array> {
  let left = bytes;
  for (const part of parts) {
    if (part.length > left) yield part.subarray(left);
    left = Math.max(0, left - part.length);
  }
}

/**
 * The document that lies encrypted in a stream of its own, as one member (MS-OFFCRYPTO 2.3.4.4).
 * @param stream the one that is called EncryptedPackage
 */
export const openPackage = (ole: OleStorage, stream: OleEntry, context: ReadContext, turns: Turns): Member => ({
  name: stream.storage === '' ? context.name : stream.path,
  open: async function* () {
    const info = ole.find(stream.storage, 'EncryptionInfo');
    if (info === undefined) {
      throw troubleError('encrypted', 'It is encrypted in a way that no password opens, such as by rights management.');
    }
    const lock = lockOf(ole.head(info, LONGEST_INFO));
    const key = await findKey(lock, context.passwords, turns);
    if (key === undefined) throw noPasswordOpens(context.passwords.list().length);
    const size = Number(ole.head(stream, 8).readBigUInt64LE());
    for (const bytes of lock.decrypt(key, skip(ole.read(stream), 8), size)) {
      yield bytes;
      await turns.next();
    }
  },
});
