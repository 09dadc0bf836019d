import type { Piece } from '../content/piece';
import { troubleError } from './contract';
import { linesOf, rangeOf } from './lines';
import { decodeBase64, decodeQuotedPrintable, isBase64 } from './mail-decode';
import type { Entity } from './mail-header';
import { isPlain, type Part } from './mail-parts';

export type Content = () => AsyncIterable<Uint8Array>;

/** How a transfer encoding is undone; what nobody knows is left as it is, as mail programs do (RFC 2045 6.4). */
const contentOf = (piece: Piece, part: Part, start: number, encoding: string, signal: AbortSignal): Content => {
  const range = () => rangeOf(piece, start, part.end, signal);
  if (encoding === 'quoted-printable') return () => decodeQuotedPrintable(range());
  if (encoding !== 'base64') return range;
  return () =>
    decodeBase64(range(), () => {
      if (part.unclosed) throw troubleError('damaged', 'The mail ends in the middle of an attachment.');
    });
};

/** Where base64 that goes on behind its padding has it; some programs stop there. */
const paddingWithin = async (piece: Piece, start: number, end: number, signal: AbortSignal) => {
  const padding = await linesOf(piece, end, signal).indexOf('=', start);
  if (padding < 0) return undefined;
  for await (const bytes of rangeOf(piece, padding, end, signal)) if (bytes.some(isBase64)) return padding + 1;
  return undefined;
};

async function* readings(piece: Piece, part: Part, entity: Entity, signal: AbortSignal): AsyncGenerator<Content> {
  for (const encoding of entity.encodings) {
    // Only where something is decoded does it matter at which of two places that begins.
    const starts = encoding === 'base64' ? part.starts : part.starts.slice(0, 1);
    for (const start of starts) {
      yield contentOf(piece, part, start, encoding, signal);
      const padding = encoding === 'base64' ? await paddingWithin(piece, start, part.end, signal) : undefined;
      if (padding === undefined) continue;
      yield contentOf(piece, { ...part, end: padding, unclosed: false }, start, encoding, signal);
    }
  }
}

/** Parts that are encoded as a whole, which RFC 2045 6.4 forbids and some programs decode: as a message of its own. */
async function* asMessage(entity: Entity, content: Content) {
  yield Buffer.from(`Content-Type: ${entity.type}; boundary="${entity.boundaries[0]}"\r\n\r\n`, 'latin1');
  yield* content();
}

/** The content of a part, once for each way in which a mail program may read it. */
export async function* contentsOf(piece: Piece, part: Part, entity: Entity, signal: AbortSignal) {
  const encodedParts = entity.type.startsWith('multipart/') && !isPlain(entity) && entity.boundaries.length > 0;
  for await (const content of readings(piece, part, entity, signal))
    yield encodedParts ? () => asMessage(entity, content) : content;
}
