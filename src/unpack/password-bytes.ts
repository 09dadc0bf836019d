import { CP437 } from './zip-name';

/** What Windows-1252 has in place of the control characters 0x80 to 0x9f; blanks where it has nothing. */
const CP1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** A password in a code page of one byte a letter; undefined when it has a letter that is not in it. */
const inCodePage = (password: string, byteOf: (letter: string) => number): Uint8Array | undefined => {
  const bytes = Array.from(password, (letter) => (letter < '\x80' ? letter.charCodeAt(0) : byteOf(letter)));
  return bytes.every((byte) => byte >= 0) ? Uint8Array.from(bytes) : undefined;
};

const inCp1252 = (letter: string): number => {
  const low = CP1252.indexOf(letter);
  if (low >= 0) return 0x80 + low;
  return letter >= '\xa0' && letter <= '\xff' ? letter.charCodeAt(0) : -1;
};

const inCp437 = (letter: string): number => {
  const at = CP437.indexOf(letter);
  return at < 0 ? -1 : 0x80 + at;
};

/** The bytes that a program may have made of a password: UTF-8, and on Windows the code pages of its windows and of its consoles. */
export const passwordBytes = (password: string): Uint8Array[] => {
  const utf8 = Buffer.from(password);
  if (/^[\x00-\x7f]*$/.test(password)) return [utf8];
  const composed = password.normalize('NFC');
  const others = [inCodePage(composed, inCp1252), inCodePage(composed, inCp437)];
  return [utf8, ...others.filter((bytes) => bytes !== undefined)];
};
