import type { Piece } from '../content/piece';
import { troubleError } from './contract';

/** An element of BER (X.690 8.1) as its place in a piece. */
export interface Element {
  tag: number;
  constructed: boolean;
  /** Where its content begins, and ends; without an end it goes on to an end-of-contents mark. */
  start: number;
  end?: number;
}

const HEADER = 12;
const CONSTRUCTED = 0x20;

/** The element that begins there; undefined where none can. Its end may lie behind the piece's. */
export const elementAt = (piece: Piece, at: number): Element | undefined => {
  const [tag, length, ...more] = piece.bytes(at, at + HEADER);
  // Tags of several bytes do not occur in what is read here.
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const constructed = (tag & CONSTRUCTED) !== 0;
  if (length < 0x80) return { tag, constructed, start: at + 2, end: at + 2 + length };
  if (length === 0x80) return constructed ? { tag, constructed, start: at + 2 } : undefined;
  const count = length & 0x7f;
  if (count > 6 || more.length < count) return undefined;
  const size = more.slice(0, count).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = at + 2 + count;
  return { tag, constructed, start, end: start + size };
};

/** Where the element after this one begins; undefined when what is in it makes no sense. */
export const behind = (piece: Piece, element: Element): number | undefined => {
  if (element.end !== undefined) return element.end;
  let open = 1;
  for (let at = element.start; at < piece.size; ) {
    const inner = elementAt(piece, at);
    if (inner === undefined) return undefined;
    if (inner.tag === 0 && inner.end === inner.start) {
      at = inner.start;
      if (--open === 0) return at;
    } else if (inner.end === undefined) {
      open++;
      at = inner.start;
    } else at = inner.end;
  }
  return undefined;
};

/**
 * The ranges of the octets in an element, in their order: an octet string may be cut into many, within each other.
 * @throws TroubleError where it makes no sense
 */
export function* octetsIn(piece: Piece, element: Element): Generator<[start: number, end: number]> {
  if (!element.constructed) return yield [element.start, element.end ?? piece.size];
  let open = 0;
  for (let at = element.start; at < (element.end ?? piece.size); ) {
    const inner = elementAt(piece, at);
    if (inner === undefined) throw troubleError('damaged', 'A length in it makes no sense.');
    if (inner.tag === 0 && inner.end === inner.start) {
      if (open-- === 0) return;
      at = inner.start;
    } else if (inner.constructed) {
      if (inner.end === undefined) open++;
      at = inner.start;
    } else {
      const end = inner.end ?? piece.size;
      yield [inner.start, end];
      at = end;
    }
  }
}
