import type { Piece } from '../content/piece';
import { type Member, type ReadContext, troubleError } from './contract';
import { noPasswordOpens } from './encrypted';
import { passwordBytes } from './pdf-passwords';
import { openQpdf, type Qpdf } from './qpdf';

/** What qpdf takes, for it holds a document several times in memory. Bytes. */
const LARGEST = 64 * 1024 * 1024;
const SLICE = 1024 * 1024;

const pause = () => new Promise((resolve) => setImmediate(resolve));

// The empty one before all others: what only an owner's password guards opens without any (ISO 32000-2, 7.6.4.1).
const findPassword = async (qpdf: Qpdf, { passwords, signal }: ReadContext): Promise<Uint8Array> => {
  for (const password of ['', ...passwords.list()]) {
    for (const bytes of passwordBytes(password)) {
      await pause();
      signal.throwIfAborted();
      if (qpdf.tryPassword(bytes) !== 'opens') continue;
      if (password !== '') passwords.worked(password);
      return bytes;
    }
  }
  throw noPasswordOpens(passwords.list().length);
};

async function* decrypted(qpdf: Qpdf, context: ReadContext): AsyncGenerator<Uint8Array> {
  const document = qpdf.decrypt(await findPassword(qpdf, context));
  if (document === undefined) throw new Error('Its password is right, but it is damaged beyond repair.');
  for (let at = 0; at < document.length; at += SLICE) yield document.subarray(at, at + SLICE);
}

/**
 * The document without its encryption, as one member; `plain` when it is not encrypted after all.
 * What lies embedded in it is found when that member is looked into in its turn.
 */
export const readEncryptedPdf = async (container: Piece, context: ReadContext): Promise<Member | 'plain'> => {
  const member = (open: Member['open']): Member => ({ name: context.name, open });
  const refuse = (error: Error) =>
    // biome-ignore lint/correctness/useYield: it has nothing to give but the reason.
    member(async function* () {
      throw error;
    });
  if (container.size > LARGEST) {
    return refuse(
      troubleError('unsupported', 'It is encrypted, and larger than the 64 MB up to which one is decrypted.'),
    );
  }
  const qpdf = await openQpdf(container.whole ?? container.bytes(0, container.size));
  const first = qpdf.tryPassword(new Uint8Array());
  if (first === 'plain') return 'plain';
  if (first === 'unsupported') {
    return refuse(
      troubleError(
        'encrypted',
        'It is encrypted in a way that no password opens, such as for the holders of certificates.',
      ),
    );
  }
  if (first === 'damaged') return refuse(new Error('It is encrypted, and damaged beyond repair.'));
  return member(() => decrypted(qpdf, context));
};
