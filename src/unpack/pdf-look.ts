import type { Piece } from '../content/piece';
import type { PdfObjects } from './pdf-objects';
import { decodeName, isRegular } from './pdf-syntax';
import { entryOf, isName } from './pdf-value';
import type { Turns } from './turns';

/** What a document may hold, seen from its names alone. */
export interface PdfLook {
  /** It speaks of an encryption. */
  encrypted: boolean;
  /** It speaks of embedded files or of scripts. */
  worthReading: boolean;
  /** It describes an encryption, and the end that would say whether it is encrypted is missing. */
  orphaned: boolean;
}

const ENCRYPTION = ['Encrypt'];
/** What each end has that is one: a trailer, or the stream in place of it (ISO 32000-2, 7.5.5). */
const END = ['Root'];
const CONTENT = ['EmbeddedFile', 'EmbeddedFiles', 'EF', 'JS', 'JavaScript'];
/** Names that lead to others, and that nobody has reason to disguise. */
const STRUCTURE = ['First', 'N', 'ObjStm', 'Type', 'Names'];
const LONGEST_NAME = 64;
const WINDOW = 1024 * 1024;
/** An object begins at most so far before the name that it is found by; else it is found by reading all. Bytes. */
const BACK = 4096;

const positionsOf = function* (bytes: Buffer, name: string): Generator<number> {
  const needle = `/${name}`;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
    if (!isRegular(bytes[at + needle.length])) yield at;
  }
};

const has = (bytes: Buffer, names: string[]): boolean => names.some((name) => !positionsOf(bytes, name).next().done);

/** The names that are written with escapes, which tell nothing to a search: `/E#46`. */
const disguised = function* (bytes: Buffer): Generator<string> {
  for (let at = bytes.indexOf('#'); at >= 0; at = bytes.indexOf('#', at + 1)) {
    if (!/^#[0-9a-f]{2}/i.test(bytes.toString('latin1', at, at + 3))) continue;
    let start = at;
    while (start > 0 && at - start < LONGEST_NAME && isRegular(bytes[start - 1])) start--;
    if (bytes[start - 1] !== 0x2f) continue;
    let end = at;
    while (end - at < LONGEST_NAME && isRegular(bytes[end])) end++;
    yield decodeName(bytes.toString('latin1', start, end));
  }
};

/** Looks through a document quickly: most hold nothing that needs to be taken out. */
export const lookAtPdf = async (piece: Piece, objects: PdfObjects, turns: Turns): Promise<PdfLook> => {
  const look: PdfLook = { encrypted: false, worthReading: false, orphaned: false };
  let described = false;
  let ended = false;

  const readNames = (bytes: Buffer) => {
    look.encrypted ||= has(bytes, ENCRYPTION);
    ended ||= has(bytes, END);
    look.worthReading ||= has(bytes, CONTENT);
    for (const name of disguised(bytes)) {
      if (ENCRYPTION.includes(name)) look.encrypted = true;
      if (END.includes(name)) ended = true;
      if (CONTENT.includes(name) || STRUCTURE.includes(name)) look.worthReading = true;
    }
  };

  /** The object that a name is in, found by the words before it. */
  const objectAround = async (bytes: Buffer, at: number, origin: number) => {
    const start = bytes.subarray(Math.max(0, at - BACK), at).lastIndexOf('obj');
    if (start < 0) return undefined;
    return objects.parseAt(origin + Math.max(0, at - BACK) + start + 3);
  };

  for (let from = 0; from < piece.size; from += WINDOW) {
    const origin = Math.max(0, from - BACK);
    const part = piece.bytes(origin, from + WINDOW);
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    readNames(bytes);
    for (const at of positionsOf(bytes, 'Standard')) {
      const object = await objectAround(bytes, at, origin);
      described ||= isName(entryOf(object?.value, 'Filter'), 'Standard') && entryOf(object?.value, 'U') !== undefined;
    }
    for (const at of look.worthReading ? [] : positionsOf(bytes, 'First')) {
      const object = await objectAround(bytes, at, origin);
      if (object === undefined || entryOf(object.value, 'First') === undefined) look.worthReading = true;
      else if (object.stream !== undefined && objects.isObjectStream(object.value)) {
        const content = await objects.readObjectStream(object.value, object.stream);
        if (Buffer.isBuffer(content)) readNames(content);
        else look.worthReading = true;
      }
      if (look.worthReading) break;
    }
    await turns.next();
  }
  // One that was decrypted may keep the description, of which its end no longer speaks.
  look.orphaned = described && !look.encrypted && !ended;
  return look;
};
