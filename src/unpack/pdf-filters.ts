import { createInflate } from 'node:zlib';
import { troubleError } from './contract';
import { decodeAscii85, decodeAsciiHex, decodeLzw, decodeRunLength } from './pdf-codings';
import { undoPrediction } from './pdf-prediction';
import { entryOf, numberOf, type Value } from './pdf-value';

/** One step of the decoding of a stream. */
export interface Filter {
  name: string;
  parameters?: Value;
}

const FULL_NAMES: { [short: string]: string } = {
  Fl: 'FlateDecode',
  LZW: 'LZWDecode',
  AHx: 'ASCIIHexDecode',
  A85: 'ASCII85Decode',
  RL: 'RunLengthDecode',
};
/** What only pictures are encoded with: it stays as it is. */
const PICTURES = new Set(['DCTDecode', 'DCT', 'JPXDecode', 'JBIG2Decode', 'CCITTFaxDecode', 'CCF']);

const listOf = (value: Value | undefined): Value[] =>
  value === undefined ? [] : value.kind === 'array' ? value.items : [value];

/** The filters of a stream in their order (ISO 32000-2, 7.4); undefined where another object says which. */
export const filtersOf = (dictionary: Value): Filter[] | undefined => {
  const names = listOf(entryOf(dictionary, 'Filter') ?? entryOf(dictionary, 'F'));
  const parameters = listOf(entryOf(dictionary, 'DecodeParms') ?? entryOf(dictionary, 'DP'));
  const filters: Filter[] = [];
  for (const [i, name] of names.entries()) {
    if (name.kind === 'reference') return undefined;
    if (name.kind === 'name') filters.push({ name: FULL_NAMES[name.value] ?? name.value, parameters: parameters[i] });
  }
  return filters;
};

/** What is unpacked at once becomes a thousand times as much at most. Bytes. */
const SLICE = 16 * 1024;

/** Unpacks until the compressed data ends; what follows it is left alone. */
async function* inflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacker = createInflate({ chunkSize: 64 * 1024 });
  const state: { ended: boolean; failure?: Error; ready: Uint8Array[] } = { ended: false, ready: [] };
  let wake = () => {};
  unpacker.on('data', (bytes: Uint8Array) => state.ready.push(bytes));
  unpacker.on('end', () => {
    state.ended = true;
    wake();
  });
  unpacker.on('error', (error) => {
    state.failure = error;
    wake();
  });
  try {
    for await (const bytes of source) {
      for (let at = 0; at < bytes.length && !state.ended && state.failure === undefined; at += SLICE) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          unpacker.write(bytes.subarray(at, at + SLICE), () => resolve());
        });
        yield* state.ready.splice(0);
      }
      if (state.ended || state.failure !== undefined) break;
    }
    if (!state.ended && state.failure === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        unpacker.end();
      });
      yield* state.ready.splice(0);
    }
    if (state.failure !== undefined) throw new Error('Its compressed content is damaged or cut off.');
  } finally {
    unpacker.destroy();
  }
}

/**
 * Takes the filters of a stream off, in pieces of any size.
 * @throws a trouble when a filter is not known; what is damaged throws after what could be read
 */
export const decode = (source: AsyncIterable<Uint8Array>, filters: Filter[]): AsyncIterable<Uint8Array> =>
  filters.reduce((bytes, { name, parameters }) => {
    const predictor = numberOf(entryOf(parameters, 'Predictor'), 1);
    const predicted = (from: AsyncIterable<Uint8Array>) => (predictor < 2 ? from : undoPrediction(from, parameters));
    if (name === 'FlateDecode') return predicted(inflate(bytes));
    if (name === 'LZWDecode') return predicted(decodeLzw(bytes, numberOf(entryOf(parameters, 'EarlyChange'), 1)));
    if (name === 'ASCIIHexDecode') return decodeAsciiHex(bytes);
    if (name === 'ASCII85Decode') return decodeAscii85(bytes);
    if (name === 'RunLengthDecode') return decodeRunLength(bytes);
    if (name === 'Crypt' || PICTURES.has(name)) return bytes;
    throw troubleError('unsupported', 'A part of it is encoded in a way that is not known here.');
  }, source);
