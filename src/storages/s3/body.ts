import type { Readable } from 'node:stream';

/** How long a body may bring nothing. Milliseconds. */
const STALLED_AFTER = 60_000;

/**
 * The bytes of an answer as they come; ending it early, or the signal, closes the connection.
 * @param length how many there must be: a connection that ends before is an error, not an end
 */
export const readBody = (body: Readable, length: number, signal: AbortSignal): AsyncIterable<Uint8Array> => {
  // Here, and not when the first piece is wanted: perhaps none ever is.
  const abort = () => body.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  return pieces(body, length, signal, abort);
};

async function* pieces(
  body: Readable,
  length: number,
  signal: AbortSignal,
  abort: () => void,
): AsyncGenerator<Uint8Array, void> {
  let timer: Timer | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      body.destroy(Object.assign(new Error('the answer stalled'), { code: 'ETIMEDOUT' }));
    }, STALLED_AFTER);
  };
  let read = 0;
  try {
    signal.throwIfAborted();
    watch();
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      // What the reader does with a piece takes as long as it takes.
      clearTimeout(timer);
      read += piece.length;
      yield piece;
      watch();
    }
    signal.throwIfAborted();
    if (read !== length) throw Object.assign(new Error('the answer was cut off'), { code: 'ECONNRESET' });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    body.destroy();
  }
}
