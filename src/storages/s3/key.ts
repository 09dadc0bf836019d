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
