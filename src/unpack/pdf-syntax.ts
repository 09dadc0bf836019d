/** A token of PDF syntax (ISO 32000-2, 7.2). Names and strings are decoded; a reference comes as two numbers and the word `R`. */
export type Token =
  | { kind: 'name'; value: string }
  | { kind: 'string'; value: Buffer }
  | { kind: 'number'; value: number }
  /** A keyword, or one of `<<`, `>>`, `[` and `]`. */
  | { kind: 'word'; value: string };

const [SPACE, DELIMITER] = [1, 2];
const KIND = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) KIND[byte] = SPACE;
for (const letter of '()<>[]{}/%') KIND[letter.charCodeAt(0)] = DELIMITER;

const ESCAPES: { [letter: string]: number } = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** Whether a byte can be within a name or a keyword. */
export const isRegular = (byte: number | undefined): boolean => byte !== undefined && KIND[byte] === 0;

export const isSpace = (byte: number | undefined): boolean => byte !== undefined && KIND[byte] === SPACE;

/** The name without its escapes: `/E#46` is `EF`. */
export const decodeName = (raw: string): string =>
  raw.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Reads tokens one after the other; what fits no rule is skipped, and the end of the bytes ends whatever is open. */
export const createLexer = (bytes: Buffer, start: number) => {
  let at = start;

  const readLiteral = (): Buffer => {
    const out: number[] = [];
    for (let depth = 1; at < bytes.length; ) {
      const byte = bytes[at++] ?? 0;
      if (byte === 0x29 && --depth === 0) break;
      if (byte === 0x28) depth++;
      if (byte !== 0x5c) {
        out.push(byte);
        continue;
      }
      const escaped = bytes[at++] ?? 0;
      if (escaped === 13 || escaped === 10) {
        if (escaped === 13 && bytes[at] === 10) at++;
      } else if (escaped >= 0x30 && escaped <= 0x37) {
        let code = escaped - 0x30;
        for (let i = 0; i < 2; i++) {
          const digit = (bytes[at] ?? 0) - 0x30;
          if (digit < 0 || digit > 7) break;
          code = code * 8 + digit;
          at++;
        }
        out.push(code & 0xff);
      } else out.push(ESCAPES[String.fromCharCode(escaped)] ?? escaped);
    }
    return Buffer.from(out);
  };

  const readHex = (): Buffer => {
    const end = bytes.indexOf('>', at);
    const digits = bytes.toString('latin1', at, end < 0 ? bytes.length : end).replace(/[^0-9a-f]/gi, '');
    at = end < 0 ? bytes.length : end + 1;
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
  };

  const readRegular = (): string => {
    const from = at;
    while (isRegular(bytes[at])) at++;
    return bytes.toString('latin1', from, at);
  };

  return {
    /** Where the next token is looked for. */
    get position() {
      return at;
    },
    next: (): Token | undefined => {
      while (at < bytes.length) {
        const byte = bytes[at] ?? 0;
        if (KIND[byte] === SPACE) at++;
        else if (byte === 0x25) while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++;
        else break;
      }
      const byte = bytes[at];
      if (byte === undefined) return undefined;
      if (KIND[byte] !== DELIMITER) {
        const word = readRegular();
        return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(word)
          ? { kind: 'number', value: Number(word) }
          : { kind: 'word', value: word };
      }
      at++;
      if (byte === 0x2f) return { kind: 'name', value: decodeName(readRegular()) };
      if (byte === 0x28) return { kind: 'string', value: readLiteral() };
      const letter = String.fromCharCode(byte);
      if ((byte === 0x3c || byte === 0x3e) && bytes[at] === byte) {
        at++;
        return { kind: 'word', value: letter + letter };
      }
      if (byte === 0x3c) return { kind: 'string', value: readHex() };
      return { kind: 'word', value: letter };
    },
  };
};
