import type { Removed } from '../core/sanitized';
import { createFields } from './word-fields';

/** Of the file's head (MS-DOC 2.5.1, 2.5.2). */
const MAGIC = 0xa5ec;
const WORD_97 = 0xc0;
const ENCRYPTED = 0x100;
const SECOND_TABLE = 0x200;
/** Where the head says where things lie in the table stream: offset and length of each, by its number (MS-DOC 2.5.6). */
const PLACES = 0x9a;
const FIELDS = [16, 17, 18, 19, 20, 48, 57, 59];
const ASSOCIATED = 32;
const PIECES = 33;
/** Kinds of field that fetch, run or exchange data, and the one that was not understood (MS-DOC 2.9.90): INCLUDE, DDE, DDEAUTO, PRINT, MACROBUTTON, IMPORT, LINK, INCLUDEPICTURE, INCLUDETEXT, CONTROL, HTMLCONTROL. */
const ACTING = new Set([0x24, 0x2d, 0x2e, 0x30, 0x33, 0x37, 0x38, 0x43, 0x44, 0x57, 0x5b]);
const NOT_UNDERSTOOD = 0x01;
/** The template, in the list of associated texts (MS-DOC 2.9.313). */
const TEMPLATE = 1;

const BEGIN = '\x13';
const MARKS: { [letter: string]: string } = { [BEGIN]: 'begin', '\x14': 'separate', '\x15': 'end' };

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A stretch of the text as it lies in the stream: one or two bytes a letter. */
interface Piece {
  text: string;
  start: number;
  width: 1 | 2;
}

/** The text of all parts of a document in its order, however it lies in the stream (MS-DOC 2.9.38). @throws when it is damaged */
const piecesOf = (stream: Uint8Array, list: Uint8Array): Piece[] => {
  const view = viewOf(list);
  let at = 0;
  while (view.getUint8(at) === 1) at += 3 + view.getUint16(at + 1, true);
  if (view.getUint8(at) !== 2) throw new Error('The list of its pieces of text is damaged.');
  const count = Math.floor((view.getUint32(at + 1, true) - 4) / 12);
  const from = at + 5;
  const buffer = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  let letters = 0;
  return Array.from({ length: count }, (_, i): Piece => {
    const length = view.getUint32(from + 4 * i + 4, true) - view.getUint32(from + 4 * i, true);
    const place = view.getUint32(from + 4 * (count + 1) + 8 * i + 2, true);
    const width = place & 0x4000_0000 ? 1 : 2;
    const start = width === 1 ? (place & 0x3fff_ffff) / 2 : place;
    letters += length;
    // Pieces that lie on one another would make a text of any size out of a small file.
    if (length < 0 || start + length * width > stream.length || letters > stream.length)
      throw new Error('The list of its pieces of text is damaged.');
    return { text: buffer.toString(width === 1 ? 'latin1' : 'utf16le', start, start + length * width), start, width };
  });
};

type Stretch = [start: number, length: number, width: number];

/** Blanks the instructions of fields that act, in place. */
const clearFields = (stream: Uint8Array, pieces: Piece[], removed: Removed[]): void => {
  const fields = createFields<Stretch>((instruction, written) => {
    removed.push({ what: 'dynamic data exchange', where: instruction.trim().slice(0, 200) || 'a field' });
    for (const [start, length, width] of written)
      for (let i = start; i < start + length * width; i++) stream[i] = (i - start) % width === 0 ? 0x20 : 0;
  });
  for (const { text, start, width } of pieces) {
    for (const { 0: part, index } of text.matchAll(/[\x13-\x15]|[^\x13-\x15]+/g)) {
      const mark = MARKS[part];
      if (mark === undefined) fields.write(part, [start + index * width, part.length, width]);
      else fields.mark(mark);
    }
  }
};

/** Takes from fields what they are said to be, where that acts (MS-DOC 2.8.25). Returns of how many. */
const clearKinds = (list: Uint8Array): number => {
  const count = Math.floor((list.length - 4) / 6);
  let cleared = 0;
  for (let i = 0; i < count; i++) {
    const at = 4 * (count + 1) + 2 * i;
    if (((list[at] ?? 0) & 0x1f) !== 0x13 || !ACTING.has(list[at + 1] ?? 0)) continue;
    list[at + 1] = NOT_UNDERSTOOD;
    cleared += 1;
  }
  return cleared;
};

/** Blanks the template where it is one of a path: Word would fetch it. */
const clearTemplate = (list: Uint8Array, removed: Removed[]): void => {
  if (list.length < 6) return;
  const view = viewOf(list);
  let at = 6;
  for (let i = 0; i < TEMPLATE && at + 2 <= list.length; i++) at += 2 + 2 * view.getUint16(at, true);
  if (at + 2 > list.length) return;
  const [start, end] = [at + 2, Math.min(list.length, at + 2 + 2 * view.getUint16(at, true))];
  const name = Buffer.from(list.buffer, list.byteOffset, list.byteLength).toString('utf16le', start, end);
  if (!/[\\/:]/.test(name)) return;
  removed.push({ what: 'external link', where: name.slice(0, 200) });
  for (let i = start; i < end; i++) list[i] = (i - start) % 2 === 0 ? 0x20 : 0;
};

/**
 * Takes out of a Word document's streams, in place, what acts in its text.
 * @param table gives one of the two table streams
 * @throws when it is encrypted, older than Word 97, or damaged
 */
export const clearWord = (
  stream: Uint8Array,
  table: (name: '0Table' | '1Table') => Uint8Array | undefined,
  removed: Removed[],
): void => {
  const head = viewOf(stream);
  if (stream.length < PLACES + 8 * 60 || head.getUint16(0, true) !== MAGIC) throw new Error('Its head is damaged.');
  if (head.getUint16(2, true) < WORD_97) throw new Error('It is older than Word 97.');
  const flags = head.getUint16(0x0a, true);
  if (flags & ENCRYPTED) throw new Error('It is encrypted.');
  const lists = table(flags & SECOND_TABLE ? '1Table' : '0Table');
  if (lists === undefined) throw new Error('It has no table of where its text is.');
  const listOf = (number: number): Uint8Array => {
    const [start, length] = [0, 4].map((more) => head.getUint32(PLACES + 8 * number + more, true));
    return lists.subarray(start, (start ?? 0) + (length ?? 0));
  };
  const before = removed.length;
  clearFields(stream, piecesOf(stream, listOf(PIECES)), removed);
  const told = removed.length - before;
  const cleared = FIELDS.reduce((sum, number) => sum + clearKinds(listOf(number)), 0);
  if (cleared > told) removed.push({ what: 'dynamic data exchange', where: 'a field' });
  clearTemplate(listOf(ASSOCIATED), removed);
};
