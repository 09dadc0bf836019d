import { troubleError } from './contract';

/** What the dictionary holds before anything is read (MS-OXRTFCP 2.1.2.1). */
const AT_FIRST =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const DICTIONARY = 4096;
const HEADER = 16;
const PACKED = 'LZFu';
const STORED = 'MELA';
/** A run of eight tokens gives at most eight references of 17 bytes. */
const PIECE = 64 * 1024;

/** Undoes the packing of rich text in messages of Outlook (MS-OXRTFCP 2.2); the header's sizes do not matter. */
export async function* decompressRtf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const dictionary = Buffer.alloc(DICTIONARY);
  let at = dictionary.write(AT_FIRST, 'latin1');
  const header: number[] = [];
  let kind: string | undefined;
  let control = 0;
  let tokens = 0;
  let first: number | undefined;

  for await (const chunk of chunks) {
    let out = new Uint8Array(PIECE);
    let length = 0;
    const put = (byte: number) => {
      out[length++] = byte;
      dictionary[at] = byte;
      at = (at + 1) % DICTIONARY;
    };
    for (const byte of chunk) {
      if (header.length < HEADER) {
        header.push(byte);
        if (header.length < HEADER) continue;
        kind = String.fromCharCode(...header.slice(8, 12));
        if (kind !== PACKED && kind !== STORED)
          throw troubleError('damaged', 'Its rich text is packed in an unknown way.');
        continue;
      }
      if (length + 32 > PIECE) {
        yield out.subarray(0, length);
        out = new Uint8Array(PIECE);
        length = 0;
      }
      if (kind === STORED) put(byte);
      else if (tokens === 0) {
        control = byte;
        tokens = 8;
      } else if ((control & 1) === 0) {
        put(byte);
        control >>= 1;
        tokens--;
      } else if (first === undefined) first = byte;
      else {
        let from = (first << 4) | (byte >> 4);
        first = undefined;
        control >>= 1;
        tokens--;
        // A reference to where the next byte goes marks the end.
        if (from === at) {
          yield out.subarray(0, length);
          return;
        }
        for (let n = (byte & 0xf) + 2; n > 0; n--) {
          put(dictionary[from] ?? 0);
          from = (from + 1) % DICTIONARY;
        }
      }
    }
    if (length > 0) yield out.subarray(0, length);
  }
}
