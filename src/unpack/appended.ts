import type { Piece } from '../content/piece';
import type { FileType } from '../core/findings';
import type { Member, Reader } from './contract';
import { startOfEmbedded } from './embedded';
import { rangeOf } from './lines';
import { IN_PARTS } from './parts';
import { startOfPdf } from './pdf-header';
import { AFTER } from './tail';
import { createWindow, type Window } from './window';
import { endAt, endsIn, nearEnds } from './zip-end';
import { centralRecord, localHeader } from './zip-record';

const END_LENGTH = 22;

const isExact = (window: Window, at: number): boolean =>
  at + END_LENGTH + window.read(at, END_LENGTH).readUInt16LE(20) === window.size;

/**
 * Where a zip begins that lies behind something else, such as a program that unpacks it or a picture that hides it: programs find a zip
 * from its end.
 */
const startOfZip = (window: Window, ends: number[]): number | undefined => {
  for (const at of ends) {
    for (const directory of endAt(window, at).directories) {
      const offset = centralRecord(window, directory.at)?.offset ?? 0;
      const start = [offset + directory.base, offset].find((place) => localHeader(window, place) !== undefined);
      if (start !== undefined && start > 0) return start;
    }
  }
  return undefined;
};

/** The last part of a zip in several files has the directory, and may begin amid a member (APPNOTE.TXT 8.3). */
const isLastPart = (window: Window, ends: number[]): boolean =>
  ends.some((at) => isExact(window, at) && endAt(window, at).isSplit);

/** Containers whose content does not lie in them as it is, so that what looks like an archive in them is behind them. */
const MAY_HIDE = new Set(['application/pdf', 'message/rfc822', 'application/rtf']);

/**
 * What reads a piece, with what is appended to it: a zip, or an archive that programs find behind anything.
 * @param own what reads its type
 */
export const withAppended = (own: Reader | undefined, type: FileType, piece: Piece): Reader | undefined => {
  const window = createWindow(piece);
  const isPlain = own === undefined;
  const hasDepth = isPlain || MAY_HIDE.has(type.mime);
  const ends = hasDepth ? endsIn(window) : nearEnds(window).filter((at) => isExact(window, at));
  const zip = startOfZip(window, ends);
  const found = hasDepth ? startOfEmbedded(piece, type) : undefined;
  // What lies in the zip is seen when that is taken apart.
  const archive = found !== undefined && found < (zip ?? piece.size) ? found : undefined;
  const document = isPlain ? startOfPdf(piece) : undefined;
  const starts = [...new Set([document, archive, zip].filter((start) => start !== undefined))];
  const isPart = isPlain && zip === undefined && isLastPart(window, ends);
  if (starts.length === 0 && !isPart) return own;
  return {
    id: isPlain ? 'appended' : `${own.id}+appended`,
    reads: () => true,
    members: async function* (container, context) {
      if (!isPlain) yield* own.members(container, context);
      for (const start of starts) {
        yield {
          name: AFTER,
          size: container.size - start,
          open: () => rangeOf(container, start, container.size, context.signal),
        } satisfies Member;
      }
      if (isPart) yield IN_PARTS;
    },
  };
};
