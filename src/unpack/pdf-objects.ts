import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import { troubleOf } from './contract';
import { decode, filtersOf } from './pdf-filters';
import { isSpace } from './pdf-syntax';
import { entryOf, numberOf, type Parsed, parseValue, type Value } from './pdf-value';
import type { Turns } from './turns';

/** One object, wherever it lies; there may be several of one number. */
export interface PdfObject {
  /** Undefined where it has none that can be read. */
  number?: number;
  value: Value;
  /** Where its stream's content begins in the file. */
  stream?: number;
}

/** A stream of objects is held in memory up to here. Bytes. */
const LARGEST_OBJECT_STREAM = 64 * 1024 * 1024;
/** What is read of the file at once, and how much of it twice, so that nothing is cut in two. Bytes. */
const WINDOW = 1024 * 1024;
const OVERLAP = 256;
const PART = 64 * 1024;
/** Most objects fit the first; none is sound that does not fit the last. Bytes. */
const SPANS = [16 * 1024, 1024 * 1024, 16 * 1024 * 1024];
/** How often the file may be read over on the way before something is wrong with it, and what is free. Bytes. */
const TIMES = 20;
const FREE = 64 * 1024 * 1024;

/** Reads the objects of a PDF without its tables of them, which may lie; so also what only a repairing program would find. */
export const createObjects = (piece: Piece, turns: Turns) => {
  let budget = piece.size * TIMES + FREE;
  const spend = async (bytes: number) => {
    budget -= bytes;
    if (budget < 0) throw new Error('Its objects overlap each other beyond reason.');
    await turns.next();
  };

  async function* bytes(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; at += PART) {
      yield piece.bytes(at, Math.min(at + PART, end));
      await turns.next();
    }
  }

  /** Where a word is found next; the end of the file where it is not. */
  const find = async (word: string, start: number): Promise<number> => {
    for (let from = start; from < piece.size; from += WINDOW) {
      const part = piece.bytes(from, from + WINDOW + word.length);
      const at = Buffer.from(part.buffer, part.byteOffset, part.byteLength).indexOf(word);
      await spend(part.length);
      if (at >= 0) return from + at;
    }
    return piece.size;
  };

  /** The object whose content begins at a place in the file. */
  const parseAt = async (at: number): Promise<{ value: Value; stream?: number }> => {
    let parsed: Parsed | undefined;
    let head: Buffer = Buffer.alloc(0);
    for (const span of SPANS) {
      const part = piece.bytes(at, at + span);
      head = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      parsed = parseValue(head, 0);
      await spend(parsed.end);
      if (parsed.end < head.length || head.length < span) break;
    }
    if (parsed?.word !== 'stream') return { value: parsed?.value ?? { kind: 'word', value: 'null' } };
    let start = parsed.end + 'stream'.length;
    // The line ends with a line feed, perhaps behind a carriage return, or sloppily with that alone (ISO 32000-2, 7.3.8.1).
    if (head[start] === 13) start++;
    if (head[start] === 10) start++;
    return { value: parsed.value, stream: at + start };
  };

  /** The objects that lie compressed in a stream (ISO 32000-2, 7.5.7). */
  async function* objectsIn(dictionary: Value, start: number): AsyncGenerator<PdfObject | Trouble> {
    const content = await readObjectStream(dictionary, start);
    if (!Buffer.isBuffer(content)) {
      yield content;
      return;
    }
    const first = numberOf(entryOf(dictionary, 'First'), 0);
    const header = content.toString('latin1', 0, Math.min(first, content.length)).match(/\d+/g) ?? [];
    for (let i = 0; i + 1 < header.length; i += 2) {
      const parsed = parseValue(content, first + Number(header[i + 1]));
      await spend(parsed.end - first - Number(header[i + 1]));
      yield { number: Number(header[i]), value: parsed.value };
    }
  }

  /** What a stream of objects holds, as far as it can be read: nobody else sees more of it. */
  const readObjectStream = async (dictionary: Value, start: number): Promise<Buffer | Trouble> => {
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      // Another object may say how it is compressed; there is but one way that is used.
      for await (const part of decode(bytes(start, piece.size), filtersOf(dictionary) ?? [{ name: 'FlateDecode' }])) {
        parts.push(part);
        length += part.length;
        await spend(part.length);
        if (length > LARGEST_OBJECT_STREAM) {
          return {
            why: 'unsupported',
            message: 'A part of its structure is larger than the 64 MB up to which one is read.',
          };
        }
      }
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble.why !== 'damaged') return trouble;
    }
    return Buffer.concat(parts);
  };

  const isObjectStream = (value: Value) => entryOf(value, 'First') !== undefined && entryOf(value, 'N') !== undefined;

  /** Every object of the file, in its order, those in streams included. */
  async function* all(): AsyncGenerator<PdfObject | Trouble> {
    for (let from = 0; from < piece.size; from += WINDOW) {
      const part = piece.bytes(Math.max(0, from - OVERLAP), from + WINDOW + 3);
      const window = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      const origin = Math.max(0, from - OVERLAP);
      for (let at = window.indexOf('obj', from - origin); at >= 0; at = window.indexOf('obj', at + 3)) {
        // Those beyond come with the next window.
        if (origin + at >= from + WINDOW) break;
        const before = window[at - 1];
        if (before !== undefined && !isSpace(before) && (before < 0x30 || before > 0x39)) continue;
        const number = /(\d+)\s+\d+\s*$/.exec(window.toString('latin1', Math.max(0, at - 64), at))?.[1];
        const object = await parseAt(origin + at + 3);
        yield { number: number === undefined ? undefined : Number(number), ...object };
        if (object.stream !== undefined && isObjectStream(object.value)) yield* objectsIn(object.value, object.stream);
      }
      await turns.next();
    }
  }

  return { all, parseAt, readObjectStream, isObjectStream, bytes, find };
};

export type PdfObjects = ReturnType<typeof createObjects>;
