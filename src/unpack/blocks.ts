import type { Piece } from '../content/piece';
import { decodeUu, decodeYenc } from './blocks-decode';
import { type Member, troubleError } from './contract';
import { type Line, type Lines, linesOf, rangeOf } from './lines';
import { decodeBase64 } from './mail-decode';

type Decode = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

interface Kind {
  /** How its first line begins. */
  prefix: string;
  /** What its first line is; its group is the name. */
  first: RegExp;
  /** How its last line begins. */
  last: string;
  decode: Decode;
  /** How its second line looks, where only that tells it from words that happen to begin like it. */
  second?: RegExp;
  /** Its first and last line belong to the content. */
  whole?: boolean;
}

/** Files that are written into text: uuencode(5), yEnc (yenc-draft.1.3), and encrypted messages of OpenPGP (RFC 4880 6.2). */
const KINDS: Kind[] = [
  { prefix: 'begin ', first: /^begin +[0-7]{3,6} +(\S[\s\S]*)$/, last: 'end', decode: decodeUu, second: /^M[ -`]{60}/ },
  {
    prefix: 'begin-base64',
    first: /^begin-base64(?:-encoded)? +[0-7]{3,6} +(\S[\s\S]*)$/,
    last: '====',
    decode: decodeBase64,
  },
  { prefix: '=ybegin ', first: /^=ybegin .*?\bname=([\s\S]+)$/, last: '=yend', decode: decodeYenc },
  {
    prefix: '-----BEGIN PGP MESSAGE',
    first: /^-----BEGIN PGP MESSAGE.*-----/,
    last: '-----END PGP MESSAGE',
    decode: (chunks) => chunks,
    whole: true,
  },
];

/** A line that begins one of them, in Latin-1, and how much of it must be seen. */
const MARKER = /(?:^|\n)(?:begin(?:-base64\S*)? +[0-7]{3}|=ybegin |-----BEGIN PGP MESSAGE)/;
const MARKER_LENGTH = 64;

/** Whether a text may hold files that are written into it. */
export const mayHoldBlocks = async (text: AsyncIterable<Uint8Array>): Promise<boolean> => {
  let tail = '\n';
  for await (const chunk of text) {
    const seen = `${tail}${Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')}`;
    if (MARKER.test(seen)) return true;
    tail = `\0${seen.slice(-MARKER_LENGTH)}`;
  }
  return false;
};

const textOf = (name: string): string => Buffer.from(name, 'latin1').toString('utf8').trim();

const isLast = (kind: Kind, line: Line): boolean => (kind.last === 'end' ? line.text.trimEnd() === 'end' : true);

const findLast = async (kind: Kind, lines: Lines, from: number): Promise<Line | undefined> => {
  for (let line = await lines.find(kind.last, from); line; line = await lines.find(kind.last, line.next)) {
    if (isLast(kind, line)) return line;
  }
  return undefined;
};

const CUT = troubleError('damaged', 'It ends before its end is due.');

/** What is decoded, and that it has no end. */
async function* withoutEnd(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* content;
  throw CUT;
}

/** The next first line of a kind, and what it says. */
const findFirst = async (kind: Kind, lines: Lines, from: number) => {
  for (let line = await lines.find(kind.prefix, from); line; line = await lines.find(kind.prefix, line.next)) {
    const said = kind.first.exec(line.text);
    if (said !== null) return { line, name: said[1] };
  }
  return undefined;
};

/**
 * The files that are written into a text, decoded; one without an end goes on to the text's end. What begins within another is given
 * out as well, for programs differ in which they see; it goes up to the next one, so that no text is gone over more than twice.
 */
export async function* blocksIn(piece: Piece, start: number, end: number, signal: AbortSignal): AsyncGenerator<Member> {
  for (const kind of KINDS) {
    const lines = linesOf(piece, end, signal);
    const ends = linesOf(piece, end, signal);
    let outer = { to: start, next: start, isOpen: false };
    let following = await findFirst(kind, lines, start);
    while (following !== undefined) {
      const { line, name } = following;
      const isWithin = line.start < outer.next;
      if (!isWithin) {
        const last = await findLast(kind, ends, line.next);
        outer =
          last === undefined
            ? { to: end, next: end, isOpen: true }
            : { to: kind.whole ? last.next : last.start, next: last.next, isOpen: false };
      }
      const second = (await lines.at(line.next))?.text ?? '';
      following = await findFirst(kind, lines, line.next);
      const from = kind.whole ? line.start : line.next;
      const to = isWithin && following !== undefined ? Math.min(following.line.start, outer.to) : outer.to;
      const isCut = (outer.isOpen || to < outer.to) && !kind.whole && (kind.second?.test(second) ?? true);
      yield {
        name: name === undefined ? 'message.asc' : textOf(name),
        open: () => {
          const content = kind.decode(rangeOf(piece, from, to, signal));
          return isCut ? withoutEnd(content) : content;
        },
      };
    }
  }
}
