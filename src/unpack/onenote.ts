import type { Reader } from './contract';
import { linesOf, rangeOf } from './lines';

/** What stands in front of each embedded file: {BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC}, its size and 12 bytes more (MS-ONESTORE 2.6.13). */
const MARK = '\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac';
const HEAD = 36;

/** The files that are embedded in a section of OneNote; its text lies in it as it is. */
export const oneNote: Reader = {
  id: 'onenote',
  reads: ({ mime }) => mime === 'application/onenote',
  members: async function* (container, { signal }) {
    const { indexOf } = linesOf(container, container.size, signal);
    for (let at = await indexOf(MARK, 0), n = 1; at >= 0; at = await indexOf(MARK, at + MARK.length), n++) {
      const head = Buffer.from(container.bytes(at, at + HEAD));
      const start = at + HEAD;
      const size = head.length < HEAD ? 0 : Number(head.readBigUInt64LE(MARK.length));
      yield {
        name: `file-${n}`,
        size,
        open: async function* () {
          yield* rangeOf(container, start, Math.min(container.size, start + size), signal);
          if (start + size > container.size) throw new Error('It ends before its end is due.');
        },
      };
    }
  },
};
