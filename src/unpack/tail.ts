import type { Piece } from '../content/piece';
import type { Member } from './contract';
import { rangeOf } from './lines';

/** The name of what lies behind a container's end. */
export const AFTER = 'data after the end';

const STEP = 1024 * 1024;

/** What lies behind a container's end, without the padding in front of it; undefined when there is nothing else. */
export const tailOf = (container: Piece, end: number, signal: AbortSignal): Member | undefined => {
  for (let at = end; at < container.size; at += STEP) {
    signal.throwIfAborted();
    const first = container.bytes(at, Math.min(container.size, at + STEP)).findIndex((byte) => byte !== 0);
    if (first < 0) continue;
    const start = at + first;
    return {
      name: AFTER,
      size: container.size - start,
      open: () => rangeOf(container, start, container.size, signal),
    };
  }
  return undefined;
};
