import type { Window } from './window';

/** A piece of what is read at once, and how much of it between two looks at the other work of the thread. Bytes. */
const SLICE = 64 * 1024;
const TURN = 4 * 1024 * 1024;

/** Lets the thread's other work go on. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Bytes from `start` up to `end` piece by piece; fewer where the whole ends. */
export async function* slicesOf(
  window: Window,
  start: number,
  end: number,
  signal: AbortSignal,
  slice = SLICE,
): AsyncGenerator<Uint8Array> {
  let sinceTurn = 0;
  for (let at = start; at < end; ) {
    signal.throwIfAborted();
    const piece = window.read(at, Math.min(slice, end - at));
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
    sinceTurn += piece.length;
    if (sinceTurn < TURN) continue;
    sinceTurn = 0;
    await nextTurn();
  }
}
