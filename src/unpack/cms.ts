import { pipeline, Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import { behind, type Element, elementAt, octetsIn } from './ber';
import { type Member, type Reader, troubleError } from './contract';
import { breathe, rangeOf } from './lines';

const ENCRYPTED: Trouble = { why: 'encrypted', message: 'It is encrypted for the holder of a key (S/MIME).' };
const DAMAGED: Trouble = { why: 'damaged', message: 'It does not hold what a signed message must.' };

const SEQUENCE = 0x30;
const IDENTIFIER = 0x06;
const CONTENT = 0xa0;
const OCTETS = 0x04;
const CONSTRUCTED = 0x20;
/** id-ct-compressedData ends with it (RFC 3274 1.1). */
const COMPRESSED = 0x09;

const inside = (piece: Piece, element: Element | undefined, tag: number): Element | undefined =>
  element?.tag === tag ? elementAt(piece, element.start) : undefined;

const after = (piece: Piece, element: Element | undefined): Element | undefined => {
  const at = element && behind(piece, element);
  return at === undefined ? undefined : elementAt(piece, at);
};

/** What a content info of CMS holds (RFC 5652 3, 5.1, 5.2): its kind's last byte, and the octets, which a detached signature leaves out. */
const open = (piece: Piece) => {
  const kind = inside(piece, elementAt(piece, 0), SEQUENCE);
  const version = inside(piece, inside(piece, after(piece, kind), CONTENT), SEQUENCE);
  const message = after(piece, after(piece, version));
  const type = inside(piece, message, SEQUENCE);
  if (kind?.end === undefined || type?.tag !== IDENTIFIER) return undefined;
  // Without content the message's own sequence ends behind the type.
  const octets = type.end === message?.end ? undefined : inside(piece, after(piece, type), CONTENT);
  if (octets !== undefined && (octets.tag & ~CONSTRUCTED) !== OCTETS) return undefined;
  return { isCompressed: piece.bytes(kind.end - 1, kind.end)[0] === COMPRESSED, octets };
};

async function* contentOf(piece: Piece, octets: Element, signal: AbortSignal) {
  let count = 0;
  for (const [start, end] of octetsIn(piece, octets)) {
    if (++count % 1000 === 0) await breathe(signal);
    yield* rangeOf(piece, start, Math.min(end, piece.size), signal);
    if (end > piece.size) throw troubleError('damaged', 'It ends in the middle of the message.');
  }
}

async function* inflated(chunks: AsyncIterable<Uint8Array>) {
  const inflate = createInflate();
  // What goes wrong on the way comes out where it is read.
  pipeline(Readable.from(chunks), inflate, () => {});
  yield* inflate;
}

/** `invoice.pdf.p7m` holds `invoice.pdf`; a mail's own content has no name. */
const nameOf = (name: string): string => {
  const own = name.replace(/\.p7[a-z]$/i, '');
  return own.includes('.') ? own : `${own}.eml`;
};

/** Messages that are signed or packed as a whole (S/MIME, RFC 8551; CMS, RFC 5652); encrypted ones are beyond anybody without the key. */
export const cms: Reader = {
  id: 'cms',
  reads: ({ mime }) => mime === 'application/pkcs7-mime',
  members: async function* (piece, { name, type, signal }): AsyncGenerator<Member | Trouble> {
    if (type.encrypted !== undefined) return yield ENCRYPTED;
    const opened = open(piece);
    if (opened === undefined) return yield DAMAGED;
    const { octets, isCompressed } = opened;
    if (octets === undefined) return;
    const content = () => contentOf(piece, octets, signal);
    yield { name: nameOf(name), open: isCompressed ? () => inflated(content()) : content };
  },
};
