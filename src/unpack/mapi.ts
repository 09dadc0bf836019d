import type { Piece } from '../content/piece';
import { troubleError } from './contract';

/** A property of MAPI as its place in a piece (MS-OXTNEF 2.1.3.4). */
export interface Property {
  id: number;
  type: number;
  start: number;
  end: number;
}

/** Ids of the properties that hold content or name it (MS-OXPROPS). */
export const PROPERTY = {
  body: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  data: 0x3701,
  shortName: 0x3704,
  longName: 0x3707,
  displayName: 0x3001,
};
/** Types of properties (MS-OXCDATA 2.11.1). */
export const TYPE = { string: 0x1e, unicode: 0x1f, object: 0x0d, binary: 0x102 };

const SIZES: { [type: number]: number } = {
  1: 0,
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};
const VARIABLE = new Set(Object.values(TYPE));
const SEVERAL = 0x1000;
const NAMED = 0x8000;
const padded = (length: number) => Math.ceil(length / 4) * 4;

/**
 * The properties between two places, each value of one that has several.
 * @throws TroubleError where it makes no sense, or a property goes beyond the end
 */
export function* propertiesIn(piece: Piece, start: number, end: number): Generator<Property> {
  let at = start;
  const damaged = () => troubleError('damaged', 'A length in its properties makes no sense.');
  const take = (length: number): number => {
    const from = at;
    at += length;
    if (at > end) throw damaged();
    return from;
  };
  const number = (bytes: 2 | 4): number => {
    const from = take(bytes);
    const read = piece.bytes(from, from + bytes);
    if (read.length < bytes) throw damaged();
    return Buffer.from(read).readUIntLE(0, bytes);
  };

  for (let left = number(4); left > 0; left--) {
    const declared = number(2);
    const id = number(2);
    if (id >= NAMED) {
      take(16);
      if (number(4) === 0) take(4);
      else take(padded(number(4)));
    }
    const type = declared & ~SEVERAL;
    const isVariable = VARIABLE.has(type);
    const size = SIZES[type];
    if (!isVariable && size === undefined) throw damaged();
    const values = isVariable || declared !== type ? number(4) : 1;
    for (let n = 0; n < values; n++) {
      const length = isVariable ? number(4) : (size ?? 0);
      // Nothing is to be found in a value without length, however many there are.
      if (!isVariable && length === 0) break;
      const from = take(padded(length));
      yield { id, type, start: from, end: from + length };
    }
  }
}

/** The text of a property, without the zero at its end. */
export const textOf = (piece: Piece, { type, start, end }: Property, longest: number): string => {
  const bytes = Buffer.from(piece.bytes(start, Math.min(end, start + longest)));
  return bytes.toString(type === TYPE.unicode ? 'utf16le' : 'latin1').replace(/\0.*$/s, '');
};
