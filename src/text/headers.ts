import libmime from 'libmime';
import type { Piece } from '../content/piece';

/** No mail program writes a longer head. Bytes. */
const LONGEST = 256 * 1024;

/** The head of a message: its bodies and attachments come out of it as files of their own. */
export async function* headers(piece: Piece): AsyncGenerator<string> {
  const bytes = piece.bytes(0, LONGEST);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const end = text.search(/\r?\n\r?\n/);
  const head = end < 0 ? text : text.slice(0, end);
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) yield `${libmime.decodeWords(line)}\n`;
}
