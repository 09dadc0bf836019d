import type { Place } from '../core/file';

/** A path as a row keeps it: its bytes too, in hexadecimal, where they are not UTF-8. */
export const placeOf = (path: string, rawHex: string): Place =>
  rawHex === '' ? { path } : { path, raw: Uint8Array.fromHex(rawHex) };

export const rawHexOf = (place: Place): string => (place.raw === undefined ? '' : place.raw.toHex());
