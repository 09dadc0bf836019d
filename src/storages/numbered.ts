import { Fault } from '../core/fault';
import type { Name } from './kernel';

/** The longest name that Linux file systems take (NAME_MAX). Bytes. */
export const LONGEST_NAME = 255;
/** How many files of one name a folder takes before it is said that something is wrong. */
const MOST = 10_000;
const DOT = 0x2e;

/** How many of the first bytes are left when text is cut, so that no letter of UTF-8 is cut in two. */
const cutAt = (bytes: Name, most: number): number => {
  let end = most;
  // Bytes 10xxxxxx continue a letter (RFC 3629); what is not UTF-8 is cut where it is.
  while (end > most - 4 && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return ((bytes[end] ?? 0) & 0xc0) === 0x80 ? most : end;
};

const cut = (bytes: Name, most: number): Name =>
  bytes.length <= most ? bytes : bytes.subarray(0, cutAt(bytes, Math.max(0, most)));

/** Puts a number into a name, before its extension: "a.txt" is "a (2).txt"; 1 is the name itself. A name that is too long then is cut. */
export const withNumber = (name: Name, number: number): Name => {
  const dot = name.lastIndexOf(DOT);
  const [stem, extension] = dot > 0 ? [name.subarray(0, dot), name.subarray(dot)] : [name, new Uint8Array()];
  const mark = Buffer.from(number === 1 ? '' : ` (${number})`);
  const ending = Buffer.concat([mark, cut(extension, LONGEST_NAME - mark.length - 1)]);
  return Buffer.concat([cut(stem, LONGEST_NAME - ending.length), ending]);
};

/** A name, then the same with numbers. @throws Fault NOT_POSSIBLE when there are too many */
export function* numbered(name: Name): Generator<Name, never> {
  for (let number = 1; number <= MOST; number += 1) yield withNumber(name, number);
  throw new Fault('NOT_POSSIBLE', `There are ${MOST} files of that name in that folder already.`, {
    hint: 'Clear that folder, or keep the structure of the folders.',
  });
}
