import type { Piece } from '../content/piece';
import type { Member, ReadContext } from './contract';
import { noPasswordOpens } from './encrypted';
import { copyWith } from './office-copy';
import { findDocLock } from './office-doc';
import type { FindLock, Patch } from './office-legacy';
import { findKey } from './office-passwords';
import { findPptLock } from './office-ppt';
import { findXlsLock } from './office-xls';
import type { OleStorage } from './ole-storage';
import type { Turns } from './turns';

/** How each kind of document is encrypted, by its main stream, in capitals. */
const KINDS: { [stream: string]: FindLock } = {
  WORDDOCUMENT: findDocLock,
  WORKBOOK: findXlsLock,
  BOOK: findXlsLock,
  'POWERPOINT DOCUMENT': findPptLock,
};
/** Documents within a document that are looked at. */
const MOST_LOCKS = 100;

const refuse = (name: string, error: unknown): Member => ({
  name,
  // biome-ignore lint/correctness/useYield: it has nothing to give but the reason.
  open: async function* () {
    throw error;
  },
});

/**
 * The encrypted documents up to 2003 that a compound file holds: the file without the encryptions that a password opens, and one
 * member that says why for each that none opens.
 */
export async function* readDocuments(
  container: Piece,
  ole: OleStorage,
  context: ReadContext,
  turns: Turns,
): AsyncGenerator<Member> {
  const patches: Patch[] = [];
  let locks = 0;
  for (const stream of ole.streams) {
    const findLock = KINDS[stream.name.toUpperCase()];
    if (findLock === undefined || locks === MOST_LOCKS) continue;
    const name = stream.storage === '' ? context.name : stream.storage;
    try {
      const lock = findLock(ole, stream);
      if (lock === undefined) continue;
      locks++;
      const key = await findKey(lock, context.passwords, turns);
      if (key === undefined) yield refuse(name, noPasswordOpens(context.passwords.list().length));
      else patches.push(...lock.patches(key));
    } catch (error) {
      context.signal.throwIfAborted();
      yield refuse(name, error);
    }
  }
  if (patches.length === 0) return;
  yield { name: context.name, open: () => copyWith(container, ole, patches, context.scratch, turns) };
}
