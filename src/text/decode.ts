import { isUtf8 } from 'node:buffer';

type Known = NonNullable<ConstructorParameters<typeof TextDecoder>[0]>;
type Encoding = Known | 'utf-32le' | 'utf-32be';

/** How much of the beginning tells the encoding. Bytes. */
const SAMPLE = 64 * 1024;
/** A declaration of XML, HTML or CSS stands at the beginning. */
const DECLARED = /(?:encoding|charset)\s{0,4}=\s{0,4}["']?([\w.:-]{2,40})/i;

// A character that the sample's end cut in two does not make it another encoding.
const isUtf8Start = (sample: Uint8Array, cut: boolean): boolean =>
  isUtf8(sample) || (cut && [1, 2, 3].some((n) => isUtf8(sample.subarray(0, sample.length - n))));

const startsWith = (bytes: Uint8Array, ...start: number[]): boolean => start.every((byte, i) => bytes[i] === byte);

/** UTF-16 without a mark: of text in most alphabets every other byte is zero, or the same few. */
const isUtf16 = (sample: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = sample.length / 2 / 3;
  if (odd > many && even < odd / 20) return 'utf-16le';
  return even > many && odd < even / 20 ? 'utf-16be' : undefined;
};

const declared = (sample: Uint8Array): Known | undefined => {
  const label = DECLARED.exec(Buffer.from(sample.subarray(0, 1024)).toString('latin1'))?.[1];
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label as Known).encoding as Known;
  } catch {
    return undefined;
  }
};

/** The encoding of a text by its beginning: a mark, UTF-16's zeros, UTF-8, what it declares, or else Windows-1252, which has all of ASCII. */
export const encodingOf = (head: Uint8Array): Encoding => {
  if (startsWith(head, 0xff, 0xfe, 0, 0)) return 'utf-32le';
  if (startsWith(head, 0, 0, 0xfe, 0xff)) return 'utf-32be';
  if (startsWith(head, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(head, 0xfe, 0xff)) return 'utf-16be';
  const sample = head.subarray(0, SAMPLE);
  return (
    isUtf16(sample) ?? (isUtf8Start(sample, head.length >= SAMPLE) ? 'utf-8' : (declared(sample) ?? 'windows-1252'))
  );
};

/** UTF-32 (no decoder has it): four bytes a character. */
const createUtf32 = (little: boolean) => {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes: Uint8Array): string => {
    const all = Buffer.concat([rest, bytes]);
    const whole = all.length & ~3;
    let text = '';
    for (let at = 0; at < whole; at += 4) {
      const code = little ? all.readUInt32LE(at) : all.readUInt32BE(at);
      text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    }
    rest = all.subarray(whole);
    return text;
  };
};

const createDecoder = (encoding: Encoding): ((bytes: Uint8Array) => string) => {
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return createUtf32(encoding === 'utf-32le');
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes, { stream: true });
};

/** Decodes text in whatever encoding it is; what is no character becomes the sign for that. */
export async function* decode(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: ((bytes: Uint8Array) => string) | undefined;
  for await (const bytes of pieces) {
    decoder ??= createDecoder(encodingOf(bytes));
    yield decoder(bytes);
  }
}
