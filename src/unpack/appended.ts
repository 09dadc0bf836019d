import type { Piece } from '../content/piece';
import type { Member, Reader } from './contract';
import { rangeOf } from './lines';
import { createWindow } from './window';
import { endAt, nearEnds } from './zip-end';
import { centralRecord, localHeader } from './zip-record';

/** The name of what lies behind a container's end. */
export const AFTER = 'data after the end';
const END_LENGTH = 22;

/**
 * Where a zip begins that lies behind something else, such as a program that unpacks it or a picture that hides it: programs find a zip
 * from its end. @param exact only one that ends where the file ends
 */
const startOfZip = (piece: Piece, exact: boolean): number | undefined => {
  const window = createWindow(piece);
  for (const at of nearEnds(window)) {
    if (exact && at + END_LENGTH + window.read(at, END_LENGTH).readUInt16LE(20) !== piece.size) continue;
    for (const directory of endAt(window, at).directories) {
      const offset = centralRecord(window, directory.at)?.offset ?? 0;
      const start = [offset + directory.base, offset].find((place) => localHeader(window, place) !== undefined);
      if (start !== undefined && start > 0) return start;
    }
  }
  return undefined;
};

/**
 * What reads a piece, with a zip that is appended to it.
 * @param own what reads its type
 */
export const withAppended = (own: Reader | undefined, piece: Piece): Reader | undefined => {
  const start = startOfZip(piece, own !== undefined);
  if (start === undefined) return own;
  return {
    id: own === undefined ? 'appended' : `${own.id}+appended`,
    reads: () => true,
    members: async function* (container, context) {
      if (own !== undefined) yield* own.members(container, context);
      yield {
        name: AFTER,
        size: container.size - start,
        open: () => rangeOf(container, start, container.size, context.signal),
      } satisfies Member;
    },
  };
};
