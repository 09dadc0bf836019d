import { describe, expect, test } from 'bun:test';
import { decodeAscii85, decodeAsciiHex, decodeLzw, decodeRunLength } from './pdf-codings';

/** The bytes one at a time: where they are cut may make no difference. */
async function* singly(bytes: Uint8Array) {
  for (const byte of bytes) yield Uint8Array.of(byte);
}
const all = async (parts: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(parts));

/** LZW as the specification tells it, without any cleverness. */
const encodeLzw = (bytes: Uint8Array, early: number): Buffer => {
  let bits = '';
  let table = new Map<string, number>();
  let next = 258;
  const put = (code: number) => {
    const width = Math.min(12, Math.max(9, Math.floor(Math.log2(next - 1 + early)) + 1));
    bits += code.toString(2).padStart(width, '0');
  };
  const codeOf = (word: string) => (word.length === 1 ? word.charCodeAt(0) : table.get(word));
  put(256);
  let word = '';
  for (const byte of bytes) {
    const letter = String.fromCharCode(byte);
    if (codeOf(word + letter) !== undefined) {
      word += letter;
      continue;
    }
    put(codeOf(word)!);
    table.set(word + letter, next++);
    word = letter;
    if (next === 4094) {
      put(256);
      table = new Map();
      next = 258;
    }
  }
  put(codeOf(word)!);
  next++;
  put(257);
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
};

describe('the codings of PDF streams', () => {
  test('hexadecimal digits, an odd one included', async () => {
    expect(await all(decodeAsciiHex(singly(Buffer.from('48 65\n6C6c 6F2>junk'))))).toEqual(Buffer.from('Hello '));
  });

  test('letters in base 85, with a short end and the letter for zeros', async () => {
    expect(await all(decodeAscii85(singly(Buffer.from('87cURD]i,"Ebo80~>junk'))))).toEqual(Buffer.from('Hello World!'));
    expect(await all(decodeAscii85(singly(Buffer.from('z87cUR~>'))))).toEqual(Buffer.from('\0\0\0\0Hell'));
    expect(await all(decodeAscii85(singly(Buffer.from('87cURDZ~>'))))).toEqual(Buffer.from('Hello'));
  });

  test('runs, copied and repeated', async () => {
    const runs = Buffer.from([1, 0x41, 0x42, 254, 0x43, 128, 9, 9]);
    expect(await all(decodeRunLength(singly(runs)))).toEqual(Buffer.from('ABCCC'));
  });

  test('LZW, as the specification’s example has it', async () => {
    const example = Buffer.from('800b6050220c0c8501', 'hex');
    expect(await all(decodeLzw(singly(example), 1))).toEqual(Buffer.from([45, 45, 45, 45, 45, 65, 45, 45, 45, 66]));
  });

  test.each([0, 1])('LZW of much, with codes of all lengths (early change %p)', async (early) => {
    const much = Buffer.from(Array.from({ length: 60_000 }, (_, i) => ((i * i) >> 5) & 0x3f));
    expect((await all(decodeLzw(singly(encodeLzw(much, early)), early))).equals(much)).toBe(true);
  });
});
