import type { Readable } from 'node:stream';

/** How long a body may take to bring so many bytes, or its end. Milliseconds; what is slower stalls. */
const STALLED_AFTER = 60_000;
const LEAST = 16 * 1024;

/** What an answer holds. */
export interface Span {
  /** Of the answer. Bytes. */
  length: number;
  /** Of the whole object. Bytes. */
  size: number;
  /** Which of its bytes are wanted: a server that knows no ranges gives all. */
  from: number;
  to: number;
}

/** An answer that no S3 server gives. */
export const notAsS3 = (says: string): Error => Object.assign(new Error(says), { code: 'EPROTO' });

/** @param start the first byte that was asked for; @param end behind the last one */
export const spanOf = (
  { ContentRange, ContentLength: length }: { ContentRange?: string; ContentLength?: number },
  { start, end }: { start: number; end?: number },
): Span => {
  if (length === undefined || !Number.isSafeInteger(length) || length < 0)
    throw notAsS3('the answer does not say how long it is');
  if (ContentRange === undefined) return { length, size: length, from: start, to: end ?? length };
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange) ?? [];
  if (Number(first) !== start) throw notAsS3('the answer is another range than the one that was asked for');
  return { length, size: Number(size), from: 0, to: length };
};

/**
 * The bytes of an answer as they come, only those that are wanted; ending it early, or the signal, closes the connection.
 * A connection that ends before all bytes are there, or brings more, is an error and not an end.
 */
export const readBody = (body: Readable, span: Span, signal: AbortSignal): AsyncIterable<Uint8Array> => {
  // Here, and not when the first piece is wanted: perhaps none ever is.
  const abort = () => body.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  return pieces(body, span, signal, abort);
};

/** Ends a body that brings too little for too long; what its reader does meanwhile takes as long as it takes. */
const watchOver = (body: Readable) => {
  let left = STALLED_AFTER;
  let came = 0;
  let since = 0;
  let timer: Timer | undefined;
  return {
    wait: () => {
      since = performance.now();
      timer = setTimeout(() => {
        body.destroy(Object.assign(new Error('the answer stalled'), { code: 'ETIMEDOUT' }));
      }, left);
    },
    got: (bytes: number) => {
      clearTimeout(timer);
      came += bytes;
      left -= performance.now() - since;
      if (came < LEAST) return;
      came = 0;
      left = STALLED_AFTER;
    },
    end: () => clearTimeout(timer),
  };
};

async function* pieces(
  body: Readable,
  { length, from, to }: Span,
  signal: AbortSignal,
  abort: () => void,
): AsyncGenerator<Uint8Array, void> {
  const watch = watchOver(body);
  let read = 0;
  try {
    signal.throwIfAborted();
    watch.wait();
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      watch.got(piece.length);
      const wanted = piece.subarray(Math.max(0, from - read), Math.max(0, to - read));
      read += piece.length;
      if (read > length) throw notAsS3('the answer is longer than it said');
      if (wanted.length > 0) yield wanted;
      watch.wait();
    }
    signal.throwIfAborted();
    if (read !== length) throw Object.assign(new Error('the answer was cut off'), { code: 'ECONNRESET' });
  } finally {
    watch.end();
    signal.removeEventListener('abort', abort);
    body.destroy();
  }
}
