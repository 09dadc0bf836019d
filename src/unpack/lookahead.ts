/** A stream that is read in pieces of one's own choice, with a look at what comes next. */
export interface Lookahead {
  /** The next bytes, at least `size` of them unless the stream ends before; they stay. */
  peek: (size: number) => Promise<Buffer>;
  /** The next bytes, as many as are at hand, at most `size`; empty at the end. */
  take: (size: number) => Promise<Buffer>;
  /** Drops bytes that were seen by `peek`. */
  skip: (size: number) => void;
  /** Reads no more; what wrote the stream sees it closed. */
  cancel: () => Promise<void>;
}

const EMPTY = Buffer.alloc(0);
const bufferOf = (piece: Uint8Array): Buffer => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);

/** @param stream its pieces are used as they are, not copied */
export const createLookahead = (stream: ReadableStream<Uint8Array>): Lookahead => {
  const reader = stream.getReader();
  let ahead: Buffer = EMPTY;
  let ended = false;

  const more = async (): Promise<Buffer> => {
    const { done, value } = await reader.read();
    ended = done;
    return value === undefined ? EMPTY : bufferOf(value);
  };
  const skip = (size: number) => {
    ahead = ahead.subarray(size);
  };

  return {
    peek: async (size) => {
      if (ahead.length >= size || ended) return ahead;
      const pieces = [ahead];
      for (let length = ahead.length; length < size && !ended; ) {
        const piece = await more();
        pieces.push(piece);
        length += piece.length;
      }
      ahead = Buffer.concat(pieces);
      return ahead;
    },
    take: async (size) => {
      while (ahead.length === 0 && !ended) ahead = await more();
      const piece = ahead.subarray(0, size);
      skip(piece.length);
      return piece;
    },
    skip,
    cancel: () => reader.cancel(),
  };
};

/** Gives out all but the last bytes, which it returns at the end: as many as `size`, or a piece more. */
export async function* holdBack(source: Pick<Lookahead, 'take'>, size: number): AsyncGenerator<Buffer, Buffer, void> {
  const held: Buffer[] = [];
  let length = 0;
  for (;;) {
    const piece = await source.take(Number.MAX_SAFE_INTEGER);
    if (piece.length === 0) return Buffer.concat(held);
    held.push(piece);
    length += piece.length;
    for (let first = held[0]; first !== undefined && length - first.length >= size; first = held[0]) {
      held.shift();
      length -= first.length;
      yield first;
    }
  }
}
