import type { Place } from '../../core/file';

const NUL = '\0';

/** The place of an object by its key. SQLite takes no NUL in a text, so a key that has one is kept as bytes. */
export const placeOfKey = (key: string): Place =>
  key.includes(NUL) ? { path: key.replaceAll(NUL, '\uFFFD'), raw: Buffer.from(key) } : { path: key };

export const keyOf = ({ path, raw }: Place): string => (raw === undefined ? path : Buffer.from(raw).toString());

/** A key as a listing with `encoding-type=url` writes it: without it, keys that XML cannot hold would make the listing unreadable. */
export const decodeKey = (written: string): string => {
  try {
    // Amazon writes a space as "+", others as "%20"; a plus is "%2B" everywhere.
    return decodeURIComponent(written.replaceAll('+', ' '));
  } catch {
    return written;
  }
};

/** A key where a header takes it (x-amz-copy-source). */
export const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

/** The longest key. Bytes of UTF-8. */
export const LONGEST_KEY = 1024;

/** Text of at most so many bytes, cut between its letters. */
const cut = (text: string, most: number): string => {
  let end = text.length;
  while (Buffer.byteLength(text.slice(0, end)) > most) end -= 1;
  return text.slice(0, end);
};

/** A key with a number in its name, before the extension: "a/b.txt" is "a/b (2).txt"; 1 is the key itself. */
export const withNumber = (key: string, number: number): string => {
  if (number === 1) return key;
  const name = key.slice(key.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  const ending = ` (${number})${extension}`;
  return cut(key.slice(0, key.length - extension.length), LONGEST_KEY - Buffer.byteLength(ending)) + ending;
};
