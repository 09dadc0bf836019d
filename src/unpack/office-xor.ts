/** Passwords are cut to this many letters, of one byte each. */
const LONGEST = 15;
/** What a short password is filled up with (MS-OFFCRYPTO 2.3.7.2). */
const PAD = Buffer.from('bbffffbaffffb98000be0f00bf0f0000', 'hex');

const rotateByte = (byte: number, by: number) => ((byte << by) | (byte >> (8 - by))) & 0xff;
const rotate15 = (value: number, by: number) => ((value << by) | (value >> (15 - by))) & 0x7fff;
// One step of the shift register that both tables of the specification come from.
const step = (value: number) => {
  const turned = ((value << 1) | (value >> 15)) & 0xffff;
  return turned & 1 ? turned ^ 0x1020 : turned;
};

const keyOf = (password: Buffer): number => {
  let [key, bit, end] = [0, 0x8000, 0xffff];
  for (const letter of password.toReversed()) {
    for (let i = 0; i < 8; i++) {
      bit = step(bit);
      end = step(end);
      if (letter & 0x7f & (1 << i)) key ^= bit;
    }
  }
  return key ^ end;
};

const verifierOf = (password: Buffer): number =>
  password.reduce((sum, letter, i) => sum ^ rotate15(letter, (i + 1) % 15), password.length ^ 0xce4b);

/** What the bytes of a document were mixed with: 16 bytes, again and again. Excel and Word differ in how far they turn them. */
export interface XorMask {
  excel: Buffer;
  word: Buffer;
}

/**
 * The mask that a password gives by the oldest obfuscation of Office (MS-OFFCRYPTO 2.3.7); undefined when the password is wrong.
 * @param key and @param verifier as the document has them, 16 bits each
 */
export const xorMask = (password: string, key: number, verifier: number): XorMask | undefined => {
  const letters = Buffer.from(password, 'latin1').subarray(0, LONGEST);
  if (letters.length === 0 || keyOf(letters) !== key || verifierOf(letters) !== verifier) return undefined;
  const filled = Buffer.concat([letters, PAD]).subarray(0, 16);
  const turned = (by: number) => filled.map((byte, i) => rotateByte(byte ^ ((key >> ((i & 1) * 8)) & 0xff), by));
  return { excel: Buffer.from(turned(2)), word: Buffer.from(turned(7)) };
};

/** Takes the mask off a part of an Excel record's data. @param index which byte of the mask is the first */
export const unmaskExcel = (bytes: Uint8Array, mask: Uint8Array, index: number): Buffer =>
  Buffer.from(bytes.map((byte, i) => rotateByte(byte, 3) ^ (mask[(index + i) & 15] ?? 0)));

/** Takes the mask off a part of a Word stream. @param position where in the stream it is */
export const unmaskWord = (bytes: Uint8Array, mask: Uint8Array, position: number): Buffer =>
  Buffer.from(
    bytes.map((byte, i) => {
      const by = mask[(position + i) & 15] ?? 0;
      // Zeros, and what would become zero, were left as they are (MS-OFFCRYPTO 2.3.7.6).
      return byte === 0 || byte === by ? byte : byte ^ by;
    }),
  );
