import type { Location } from '../core/remediation';
import { placeOf, rawHexOf } from './place';

/** Where a file is, as a row keeps it in JSON; a path's bytes in hexadecimal. */
export type KeptLocation =
  | { is: 'moved'; storageId: string; path: string; raw: string }
  | Exclude<Location, { is: 'moved' }>;

export const locationText = (location: Location): string => {
  const { is } = location;
  if (is !== 'moved') return JSON.stringify(location);
  const { storageId, place } = location;
  const kept: KeptLocation = { is, storageId, path: place.path, raw: rawHexOf(place) };
  return JSON.stringify(kept);
};

export const locationOf = (kept: KeptLocation | null): Location | undefined => {
  if (kept === null || kept.is !== 'moved') return kept ?? undefined;
  return { is: 'moved', storageId: kept.storageId, place: placeOf(kept.path, kept.raw) };
};

export const readLocation = (text: unknown): Location | undefined =>
  typeof text === 'string' ? locationOf(JSON.parse(text) as KeptLocation) : undefined;
