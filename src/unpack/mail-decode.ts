type Chunks = AsyncIterable<Uint8Array>;

const NO_DIGIT = 64;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, letter] of [...ALPHABET].entries()) DIGITS[letter.charCodeAt(0)] = value;
const PADDING = 0x3d;

/** Whether a byte is one of base64's 64 letters. */
export const isBase64 = (byte: number): boolean => (DIGITS[byte] ?? NO_DIGIT) < NO_DIGIT;

/**
 * Decodes base64 (RFC 2045 6.8) as mail programs do: what is not of the alphabet counts for nothing, and padding ends a group, not the whole.
 * @param short is told when the last group is incomplete
 */
export async function* decodeBase64(chunks: Chunks, short: () => void = () => {}): AsyncGenerator<Uint8Array> {
  let bits = 0;
  let digits = 0;
  for await (const chunk of chunks) {
    const out = new Uint8Array(chunk.length + 3);
    let length = 0;
    // Each byte counts here: an iterator or a closure would take several times as long.
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      const digit = DIGITS[byte] as number;
      if (digit < NO_DIGIT) {
        bits = (bits << 6) | digit;
        if (++digits < 4) continue;
        out[length++] = bits >> 16;
        out[length++] = bits >> 8;
        out[length++] = bits;
        bits = digits = 0;
      } else if (byte === PADDING) {
        // An incomplete group of n digits holds n - 1 bytes.
        const group = bits << (6 * (4 - digits));
        if (digits > 1) out[length++] = group >> 16;
        if (digits > 2) out[length++] = group >> 8;
        bits = digits = 0;
      }
    }
    if (length > 0) yield out.subarray(0, length);
  }
  if (digits === 0) return;
  short();
  const rest = bits << (6 * (4 - digits));
  if (digits > 1) yield Uint8Array.of(rest >> 16, rest >> 8).subarray(0, digits - 1);
}

const hex = (byte: number): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
};
const isBlank = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0d;

/** Decodes quoted-printable (RFC 2045 6.7); what is not encoded as it should be stays as it is. */
export async function* decodeQuotedPrintable(chunks: Chunks): AsyncGenerator<Uint8Array> {
  // What follows an equals sign whose meaning is still open, with it; blanks there can be long.
  let open: number[] = [];
  for await (const chunk of chunks) {
    const out = new Uint8Array(chunk.length + open.length);
    let length = 0;
    const giveUp = () => {
      for (const byte of open) out[length++] = byte;
      open = [];
    };
    for (let i = 0; i < chunk.length; i++) {
      if (open.length === 0) {
        const next = chunk.indexOf(PADDING, i);
        const clear = chunk.subarray(i, next < 0 ? chunk.length : next);
        out.set(clear, length);
        length += clear.length;
        if (next < 0) break;
        open.push(PADDING);
        i = next;
        continue;
      }
      const byte = chunk[i] as number;
      const second = open[1] ?? -1;
      if (byte === 0x0a && (open.length === 1 || isBlank(second))) open = [];
      else if (open.length === 1 && (hex(byte) >= 0 || isBlank(byte))) open.push(byte);
      else if (open.length === 2 && hex(second) >= 0 && hex(byte) >= 0) {
        out[length++] = (hex(second) << 4) | hex(byte);
        open = [];
      } else if (isBlank(second) && isBlank(byte) && open.length < MAX_BLANKS) open.push(byte);
      else {
        giveUp();
        if (byte === PADDING) open.push(byte);
        else out[length++] = byte;
      }
    }
    if (length > 0) yield out.subarray(0, length);
  }
  if (open.length > 0) yield Uint8Array.from(open);
}

/** Blanks between an equals sign and the line's end that are still a soft line break. */
const MAX_BLANKS = 1000;
