type Bytes = AsyncIterable<Uint8Array>;

const isSpace = (byte: number) => byte <= 32;
const hexDigit = (byte: number) => Number.parseInt(String.fromCharCode(byte), 16);

/** Hexadecimal digits, up to `>` (ISO 32000-2, 7.4.2). */
export async function* decodeAsciiHex(source: Bytes): AsyncGenerator<Uint8Array> {
  let half: number | undefined;
  for await (const bytes of source) {
    const out: number[] = [];
    const end = bytes.indexOf(0x3e);
    for (const byte of end < 0 ? bytes : bytes.subarray(0, end)) {
      const digit = hexDigit(byte);
      if (Number.isNaN(digit)) continue;
      if (half === undefined) half = digit;
      else {
        out.push(half * 16 + digit);
        half = undefined;
      }
    }
    if (end >= 0 && half !== undefined) out.push(half * 16);
    yield Uint8Array.from(out);
    if (end >= 0) return;
  }
}

/** Five letters for four bytes, up to `~>` (ISO 32000-2, 7.4.3). */
export async function* decodeAscii85(source: Bytes): AsyncGenerator<Uint8Array> {
  let group: number[] = [];
  const flush = (out: number[]) => {
    if (group.length < 2) return;
    const count = group.length - 1;
    const value = [...group, 84, 84, 84, 84].slice(0, 5).reduce((sum, digit) => sum * 85 + digit, 0) >>> 0;
    for (let i = 0; i < count; i++) out.push((value >>> (24 - i * 8)) & 0xff);
    group = [];
  };
  for await (const bytes of source) {
    const out: number[] = [];
    let ended = false;
    for (const byte of bytes) {
      if (byte === 0x7e) {
        ended = true;
        break;
      }
      if (byte === 0x7a && group.length === 0) out.push(0, 0, 0, 0);
      else if (byte >= 0x21 && byte <= 0x75) {
        group.push(byte - 0x21);
        if (group.length === 5) flush(out);
      } else if (!isSpace(byte)) throw new Error('Its content holds letters that its encoding lacks.');
    }
    if (ended) flush(out);
    yield Uint8Array.from(out);
    if (ended) return;
  }
}

/** Runs of bytes, up to the byte 128 (ISO 32000-2, 7.4.5). */
export async function* decodeRunLength(source: Bytes): AsyncGenerator<Uint8Array> {
  let copy = 0;
  let repeat = 0;
  for await (const bytes of source) {
    const out: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (copy > 0) {
        const run = bytes.subarray(at, at + copy);
        out.push(run);
        at += run.length;
        copy -= run.length;
        continue;
      }
      const byte = bytes[at++] ?? 0;
      if (repeat > 0) {
        out.push(new Uint8Array(repeat).fill(byte));
        repeat = 0;
      } else if (byte === 128) {
        yield Buffer.concat(out);
        return;
      } else if (byte < 128) copy = byte + 1;
      else repeat = 257 - byte;
    }
    yield Buffer.concat(out);
  }
}

const CLEAR = 256;
const END = 257;
const LONGEST = 4096;

/** LZW with codes of 9 to 12 bits (ISO 32000-2, 7.4.4). @param early 1 where codes get longer one code too soon, else 0 */
export async function* decodeLzw(source: Bytes, early: number): AsyncGenerator<Uint8Array> {
  const words: Uint8Array[] = Array.from({ length: 258 }, (_, i) => Uint8Array.of(i));
  let last: Uint8Array | undefined;
  let [held, bits, width] = [0, 0, 9];
  for await (const bytes of source) {
    const out: Uint8Array[] = [];
    for (const byte of bytes) {
      held = ((held << 8) | byte) & 0xff_ffff;
      bits += 8;
      if (bits < width) continue;
      const code = (held >> (bits - width)) & ((1 << width) - 1);
      bits -= width;
      if (code === END) {
        yield Buffer.concat(out);
        return;
      }
      if (code === CLEAR) {
        words.length = 258;
        width = 9;
        last = undefined;
        continue;
      }
      const word: Uint8Array | undefined = words[code] ?? (last && Buffer.concat([last, last.subarray(0, 1)]));
      if (word === undefined || code > words.length) throw new Error('Its compressed content is damaged.');
      out.push(word);
      if (last !== undefined && words.length < LONGEST) words.push(Buffer.concat([last, word.subarray(0, 1)]));
      last = word;
      width = Math.min(12, Math.max(9, Math.floor(Math.log2(words.length + early)) + 1));
    }
    yield Buffer.concat(out);
  }
}
