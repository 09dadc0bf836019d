import { identifyMail, isEnvelope } from '../content/mail';
import type { Piece } from '../content/piece';
import type { Member, Reader } from './contract';
import { type Line, type Lines, linesOf, rangeOf } from './lines';

const BEGINNING = 64 * 1024;
const FIELD = /^[!-9;-~]+[ \t]*:/;

const isDivider = async (line: Line, lines: Lines): Promise<boolean> =>
  isEnvelope(line.text) || FIELD.test((await lines.at(line.next))?.text ?? '');

/** Every message of a mailbox is read as one, also where its beginning alone would not tell it from text. */
async function* messageOf(piece: Piece, start: number, end: number, signal: AbortSignal) {
  const beginning = piece.bytes(start, Math.min(end, start + BEGINNING));
  if (identifyMail(beginning)?.mime !== 'message/rfc822') yield Buffer.from('MIME-Version: 1.0\r\n');
  yield* rangeOf(piece, start, end, signal);
}

/** Mailboxes: one message behind the other, each behind a line that begins with `From ` (RFC 4155). */
export const mbox: Reader = {
  id: 'mbox',
  reads: ({ mime }) => mime === 'application/mbox',
  members: async function* (piece, { signal }): AsyncGenerator<Member> {
    const lines = linesOf(piece, piece.size, signal);
    const dividerFrom = async (at: number): Promise<Line | undefined> => {
      for (let line = await lines.find('From ', at); line; line = await lines.find('From ', line.next)) {
        if (await isDivider(line, lines)) return line;
      }
      return undefined;
    };
    // Whatever stands before the first divider, identification has told that it is one.
    let divider = await dividerFrom(Math.max(0, await lines.indexOf('From ', 0)));
    for (let number = 1; divider !== undefined; number++) {
      const start: number = divider.next;
      divider = await dividerFrom(start);
      const end = divider?.start ?? piece.size;
      yield { name: `message-${number}.eml`, size: end - start, open: () => messageOf(piece, start, end, signal) };
    }
  },
};
