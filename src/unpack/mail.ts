import libmime from 'libmime';
import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import { blocksIn, mayHoldBlocks } from './blocks';
import type { Member, ReadContext, Reader } from './contract';
import { kept } from './kept';
import { linesOf, rangeOf } from './lines';
import { type Content, contentsOf } from './mail-content';
import type { Entity } from './mail-header';
import { isPart, isPlain, type Part, partsOf } from './mail-parts';

const HEAD = 64 * 1024;
const FEED = 0x0a;
const RETURN = 0x0d;

/** Mail programs read a message that begins behind a byte order mark or empty lines. */
const beginningOf = (piece: Piece): number => {
  const head = piece.bytes(0, HEAD);
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (head[at] === FEED || head[at] === RETURN) at++;
  return at;
};

const EXTENSIONS: { [type: string]: string } = { 'text/plain': 'txt', 'text/html': 'html', 'message/rfc822': 'eml' };
const nameOf = (entity: Entity, number: number): string =>
  entity.name ?? `part-${number}.${EXTENSIONS[entity.type] ?? libmime.detectExtension(entity.type)}`;

/** What is wrong with a content is told where it is read as a member. */
async function* untilDamage(content: Content, signal: AbortSignal) {
  try {
    yield* content();
  } catch {
    signal.throwIfAborted();
  }
}

/** The files that are written into the text of a part, which lies in the mail in clear or only decoded. */
async function* writtenInto(piece: Piece, part: Part, entity: Entity, { signal, scratch }: ReadContext) {
  const start = part.starts[0] ?? part.end;
  yield* blocksIn(piece, start, part.end, signal);
  if (isPlain(entity) || !entity.type.startsWith('text/')) return;
  for await (const content of contentsOf(piece, part, entity, signal)) {
    const text = () => untilDamage(content, signal);
    if (await mayHoldBlocks(text())) yield* kept(text(), scratch, (piece) => blocksIn(piece, 0, piece.size, signal));
  }
}

const isBlank = async (piece: Piece, start: number, end: number, signal: AbortSignal): Promise<boolean> => {
  for await (const bytes of rangeOf(piece, start, end, signal)) if (bytes.some((byte) => byte > 0x20)) return false;
  return true;
};

async function* membersOf(piece: Piece, context: ReadContext): AsyncGenerator<Member | Trouble> {
  const { signal } = context;
  let number = 0;
  for await (const part of partsOf(piece, linesOf(piece, piece.size, signal), beginningOf(piece))) {
    if (!isPart(part)) {
      yield part;
      continue;
    }
    const { entity } = part;
    if (entity === undefined) {
      const start = part.starts[0] ?? part.end;
      if (await isBlank(piece, start, part.end, signal)) continue;
      yield { name: 'beside-the-parts.txt', open: () => rangeOf(piece, start, part.end, signal) };
      yield* blocksIn(piece, start, part.end, signal);
      continue;
    }
    const name = nameOf(entity, ++number);
    for await (const open of contentsOf(piece, part, entity, signal)) yield { name, open };
    // What a nested message holds comes out of it when it is read itself.
    if (!entity.type.startsWith('message/')) yield* writtenInto(piece, part, entity, context);
    if (entity.type === 'message/partial')
      yield { why: 'unsupported', message: 'The mail is one piece of a message that was sent in several.' };
  }
}

async function* withFeeds(chunks: AsyncIterable<Uint8Array>) {
  for await (const chunk of chunks) yield chunk.map((byte) => (byte === RETURN ? FEED : byte));
}

/** Mail as it is sent, and web archives (MHTML, RFC 2557): bodies, attachments, messages within, and files written into text. */
export const mail: Reader = {
  id: 'mail',
  reads: ({ mime }) => mime === 'message/rfc822' || mime === 'message/news',
  members: async function* (piece, context) {
    const head = piece.bytes(0, HEAD);
    // Programs for the first Macintosh systems end a line with CR alone.
    if (head.includes(FEED) || !head.includes(RETURN)) yield* membersOf(piece, context);
    else yield* kept(withFeeds(piece.stream()), context.scratch, (copy) => membersOf(copy, context));
  },
};
