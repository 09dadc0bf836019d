import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import { isMember, type Member, type ReadContext, type Reader, troubleError } from './contract';
import { noPasswordOpens } from './encrypted';
import { kept } from './kept';
import { type OdfLock, odfLock } from './odf-lock';
import { type Row, type Rows, readManifest } from './odf-manifest';
import { passwordBytes } from './password-bytes';
import { createWindow } from './window';
import { endAt, endsIn } from './zip-end';
import { inflated } from './zip-inflate';

const MANIFEST = 'META-INF/manifest.xml';
const MIME = 'application/vnd.oasis.opendocument';
const STEP = 1024 * 1024;

/** Whether the directory of a zip may name a manifest; programs know a document by that, whatever it begins with. */
const mayHaveManifest = (container: Piece): boolean => {
  const window = createWindow(container);
  const starts = endsIn(window).flatMap((at) => endAt(window, at).directories.map((directory) => directory.at));
  for (let at = Math.min(...starts, container.size); at < container.size; at += STEP) {
    if (window.read(at, STEP + MANIFEST.length).includes(MANIFEST)) return true;
  }
  return false;
};

/** What the manifest says of the package's files, and why it could not be read to its end. */
const readRows = async (entries: AsyncIterable<Member | Trouble>): Promise<{ rows: Rows; trouble?: Trouble }> => {
  const rows: Rows = new Map();
  let trouble: Trouble | undefined;
  for await (const entry of entries) {
    if (!isMember(entry) || entry.name !== MANIFEST) continue;
    try {
      await readManifest(entry.open(), rows);
    } catch {
      trouble = { why: 'damaged', message: 'Its list of what is encrypted in it cannot be read.' };
    }
  }
  return { rows, trouble };
};

/** The first password that opens a file by one of its locks. */
const findKey = async (locks: OdfLock[], locked: Piece, { passwords, signal }: ReadContext) => {
  for (const password of [...passwords.list()]) {
    for (const bytes of passwordBytes(password)) {
      for (const lock of locks) {
        signal.throwIfAborted();
        const key = await lock.keyOf(bytes);
        if (!(await lock.fits(key, locked))) continue;
        passwords.worked(password);
        return { lock, key };
      }
    }
  }
  return undefined;
};

/** Makes what opens the encrypted files of one document; one that no password opened stands for those behind it, as each try takes long. */
const createUnlock = (context: ReadContext) => {
  let isHopeless = false;
  return (member: Member, rows: Row[]): Member => ({
    name: member.name,
    open: async function* () {
      const locks = rows.map(odfLock);
      if (isHopeless) throw noPasswordOpens(context.passwords.list().length);
      yield* kept(member.open(), context.scratch, async function* (locked) {
        const found = await findKey(locks, locked, context);
        isHopeless = found === undefined;
        if (found === undefined) throw noPasswordOpens(context.passwords.list().length);
        let size = 0;
        for await (const bytes of inflated(found.lock.decrypt(found.key, locked), () => {})) {
          size += bytes.length;
          yield bytes;
        }
        if (size !== found.lock.size) throw troubleError('damaged', 'Its content is not as long as the manifest says.');
      });
    },
  });
};

/**
 * OpenDocument, whose files are encrypted one by one or, since LibreOffice 24.8, all together; and every other zip, which is read as it is.
 * @param zip reads zips
 */
export const createOpenDocument = (zip: Reader): Reader => ({
  id: 'opendocument',
  reads: (type) => type.mime === MIME || zip.reads(type),
  members: async function* (container, context) {
    if (!mayHaveManifest(container)) return yield* zip.members(container, context);
    const { rows, trouble } = await readRows(zip.members(container, context));
    const unlock = createUnlock(context);
    for await (const entry of zip.members(container, context)) {
      const row = isMember(entry) ? rows.get(entry.name) : undefined;
      yield isMember(entry) && row !== undefined ? unlock(entry, row) : entry;
    }
    if (trouble !== undefined) yield trouble;
  },
});
