import type { Trouble } from '../core/findings';
import type { Reader } from './contract';
import { linesOf } from './lines';

const ENCRYPTED: Trouble = { why: 'encrypted', message: 'It is encrypted for the holder of a key (OpenPGP).' };
const OTHER: Trouble = { why: 'unsupported', message: 'It is an OpenPGP message of a kind that is not read.' };

/** Base64 of the first byte of a session key's packet (RFC 4880 4.2): tags 1 and 3. */
const SESSION_KEY = /^[hjw]/;

/** Messages of OpenPGP: nobody here has the key. */
export const pgp: Reader = {
  id: 'pgp',
  reads: ({ mime }) => mime === 'application/pgp-encrypted',
  members: async function* (piece, { type, signal }) {
    if (type.encrypted !== undefined) return yield ENCRYPTED;
    const lines = linesOf(piece, piece.size, signal);
    let line = await lines.at(0);
    // The armour's header ends with an empty line (RFC 4880 6.2).
    while (line !== undefined && line.text.trim() !== '') line = await lines.at(line.next);
    const first = line && (await lines.at(line.next));
    yield SESSION_KEY.test(first?.text ?? '') ? ENCRYPTED : OTHER;
  },
};
