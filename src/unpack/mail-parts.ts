import { identifyMail } from '../content/mail';
import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import type { Line, Lines } from './lines';
import { createBoundaries, type Delimiter, LONGEST_BOUNDARY } from './mail-boundaries';
import { describe, type Entity, readHeader } from './mail-header';

/** A part of a mail that holds no parts of its own. */
export interface Part {
  /** What its header says; what stands before and after parts has none, and no mail program shows it. */
  entity?: Entity;
  /** Where its content begins; a second place where some programs take it to begin. */
  starts: number[];
  end: number;
  /** It ends with the file, while parts are open. */
  unclosed: boolean;
}

export const isPart = (found: Part | Trouble): found is Part => 'starts' in found;

const NESTED = new Set(['message/rfc822', 'message/global', 'message/news']);
const IDENTITY = new Set(['7bit', '8bit', 'binary']);
export const isPlain = ({ encodings }: Entity): boolean => encodings.every((encoding) => IDENTITY.has(encoding));

const BEGINNING = 4096;
/** A nested message is a member of its own; one that would not be known for mail there is read here. */
const readsHere = (piece: Piece, entity: Entity, body: number): boolean =>
  NESTED.has(entity.type) &&
  isPlain(entity) &&
  identifyMail(piece.bytes(body, body + BEGINNING))?.mime !== 'message/rfc822';

const isLineEnd = (byte: number | undefined): boolean => byte === 10 || byte === 13;

/** What is wrong with a mail, in the order of the checks. */
const WRONG = {
  longHeader: 'A part of the mail has a header that is too long to be read.',
  cutOff: 'The mail ends in the middle of a line of an attachment.',
  longBoundary: 'A boundary in the mail is too long to be looked for.',
  severalBoundaries: 'Mail programs would divide the mail differently: it names several boundaries for the same parts.',
  nearBoundary: 'Mail programs would divide the mail differently: a line begins like a boundary and goes on.',
  noParts: 'Several parts are announced in the mail, but what divides them is not found.',
};

/**
 * The parts of a message, as positions, in their order (RFC 2046 5.1). It goes through the message once, and depth costs nothing.
 * Where mail programs would divide it differently, a `Trouble` says so: what one of them shows may lie across two parts.
 */
export async function* partsOf(piece: Piece, lines: Lines, start: number): AsyncGenerator<Part | Trouble> {
  const open = createBoundaries();
  const wrong = new Set<keyof typeof WRONG>();

  const delimiterFrom = async (from: number): Promise<{ line: Line; at: Delimiter } | undefined> => {
    for (let line = await lines.find('--', from); line; line = await lines.find('--', line.next)) {
      const at = open.match(line.text);
      if (at === 'near') wrong.add('nearBoundary');
      else if (at !== undefined) return { line, at };
    }
    return undefined;
  };
  // Mail that was cut short, as in a report of its failure, often announces parts that are not there.
  const mayHoldParts = async (from: number, end: number): Promise<boolean> => {
    for (let line = await lines.find('--', from); line && line.start < end; line = await lines.find('--', line.next))
      if (line.text.length > 2 && line.text[2] !== ' ') return true;
    return false;
  };
  // The line end before a delimiter belongs to it.
  const endBefore = (from: number, line: Line | undefined): number => {
    if (line === undefined) return piece.size;
    const [first, second] = piece.bytes(line.start - 2, line.start);
    return Math.max(from, line.start - (second !== 0x0a ? 0 : first === 0x0d ? 2 : 1));
  };

  let nested = false;
  for (let at = start; ; ) {
    const isDelimiter = (text: string) => typeof open.match(text) === 'object';
    const header = await readHeader(lines, at, isDelimiter);
    const entity = describe(header.fields, open.isDigest() && !nested ? 'message/rfc822' : 'text/plain');
    if (header.cut) wrong.add('longHeader');
    nested = header.body > at && readsHere(piece, entity, header.body);
    if (nested) {
      at = header.body;
      continue;
    }

    const boundary = entity.boundaries[0];
    const isMultipart = entity.type.startsWith('multipart/');
    if (isMultipart && entity.boundaries.length > 1) wrong.add('severalBoundaries');
    if (isMultipart && boundary !== undefined && boundary.length > LONGEST_BOUNDARY) wrong.add('longBoundary');
    const own =
      isMultipart && boundary !== undefined ? open.open(boundary, entity.type === 'multipart/digest') : undefined;
    let next = await delimiterFrom(header.body);
    const end = endBefore(header.body, next?.line);
    const whole = own === undefined || next?.at.level !== own;
    if (isMultipart && whole && isPlain(entity) && (await mayHoldParts(header.body, end))) wrong.add('noParts');
    const unclosed = next === undefined && own === undefined && open.isOpen();
    if (unclosed && !isLineEnd(piece.bytes(piece.size - 1, piece.size)[0])) wrong.add('cutOff');
    yield {
      entity: whole ? entity : undefined,
      starts: header.early === undefined ? [header.body] : [header.body, header.early],
      end,
      unclosed,
    };

    while (next?.at.closes) {
      // What follows a closed multipart is shown by nobody, unless its boundary comes again: some programs go on then.
      open.endBelow(next.at.level);
      const from: number = next.line.next;
      next = await delimiterFrom(from);
      yield { starts: [from], end: endBefore(from, next?.line), unclosed: false };
    }
    if (next === undefined) break;
    open.endBelow(next.at.level);
    at = next.line.next;
  }
  for (const what of wrong) yield { why: 'damaged', message: WRONG[what] };
}
