import type { Piece } from '../content/piece';
import type { FileType } from '../core/findings';
import { decode, encodingOf } from './decode';
import { headers } from './headers';
import { markup } from './markup';
import { pdf } from './pdf';
import { rtf } from './rtf';
import { strings } from './strings';
import { unread } from './unread';

export interface Reading {
  type: FileType;
  /** What lies in it comes out of it as files of their own, each with its own text. */
  isTakenApart: boolean;
  signal: AbortSignal;
}

type Text = AsyncIterable<string>;

/** What they hold is seen and heard, not read. */
const MEDIA = /^(image|audio|video|font)\/|^application\/ogg$/;
const MARKUP = /^(text\/html|text\/xml|image\/svg\+xml|application\/(xhtml\+)?xml|.*\+xml)$/;
const PLAIN = /^text\/|^application\/(json|x-pem-file|postscript|pgp-keys)$/;
/** Compound files: their streams are members. */
const COMPOUND = /^application\/(x-ole-storage|msword|vnd\.ms-(excel|powerpoint)|vnd\.visio)$/;
const MAIL = /^message\//;

/** Characters that are not seen, and stand in a word to break a search; and digits of full width. */
const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
const WIDE = /[\uff10-\uff19]/g;

async function* visible(text: Text): AsyncGenerator<string> {
  for await (const piece of text) {
    yield piece
      .replaceAll(UNSEEN, '')
      .replaceAll(WIDE, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 0x30));
  }
}

async function* nothing(): AsyncGenerator<string> {}

// biome-ignore lint/correctness/useYield: it has nothing to give but the reason.
async function* locked(): AsyncGenerator<string> {
  throw unread('skipped', 'it is encrypted');
}

/** What stands in it may be found; that nothing else is in it cannot be said: numbers, and what is compressed, are no characters. */
async function* fragments(piece: Piece, mime: string): AsyncGenerator<string> {
  if (piece.size === 0) return;
  yield* strings(piece.stream());
  throw unread('skipped', `of files of type ${mime} only the characters that stand in them are read`);
}

const ofBytes = (piece: Piece, mime: string): Text =>
  encodingOf(piece.bytes(0, 64 * 1024)).startsWith('utf-16') ? decode(piece.stream()) : fragments(piece, mime);

const readerOf = (piece: Piece, { type, isTakenApart, signal }: Reading): Text | undefined => {
  const { mime, container, encrypted } = type;
  if (mime === 'application/pdf') return pdf(piece, signal);
  if (MAIL.test(mime)) return headers(piece);
  // An archive may lie behind what somebody wrote.
  if (mime === 'application/zip' && Buffer.from(piece.bytes(0, 2)).toString('latin1') !== 'PK')
    return fragments(piece, mime);
  // Others are taken apart for what lies behind them: their own text is still to be read.
  if (isTakenApart && (container || COMPOUND.test(mime))) return PLAIN.test(mime) ? decode(piece.stream()) : nothing();
  if (encrypted !== undefined) return locked();
  if (container) return undefined;
  if (MARKUP.test(mime)) return markup(decode(piece.stream()));
  if (MEDIA.test(mime)) return undefined;
  if (mime === 'application/rtf') return rtf(piece.stream());
  if (PLAIN.test(mime)) return decode(piece.stream());
  return ofBytes(piece, mime);
};

/**
 * The text of a file, or of a member of one, decoded and without markup: its own, not that of what lies in it.
 * Undefined where its kind holds none that is read. What is thrown out of it says why the rest cannot be read.
 */
export const textOf = (piece: Piece, reading: Reading): Text | undefined => {
  const text = readerOf(piece, reading);
  return text === undefined ? undefined : visible(text);
};
