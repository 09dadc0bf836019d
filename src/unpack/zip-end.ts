import type { Window } from './window';
import { CENTRAL } from './zip-record';

/** A place where a central directory begins. */
export interface Directory {
  at: number;
  /** What to add to the offsets that its records name: bytes in front of the archive. */
  base: number;
}

/** What an end record says (APPNOTE.TXT 4.3.16). */
export interface End {
  at: number;
  /** How many members there are; by the old record modulo 65,536. */
  entries: number;
  isSplit: boolean;
  /** The directory is encrypted in PKWARE's own way (APPNOTE.TXT 7). */
  isEncrypted: boolean;
  /** Where its directory may begin: programs differ in whether they believe its offset, or count its size back from its end. */
  directories: Directory[];
}

const END = Buffer.from('PK\x05\x06', 'latin1');
const LOCATOR = 0x0706_4b50;
const END_64 = 0x0606_4b50;
const DECRYPTION_HEADER = 0x0806_4b50;
const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;
const END_64_LENGTH = 56;
/** How far from the container's end programs look for an end record, and how far we do where there is none so near. Bytes. */
const NEAR = END_LENGTH + 0xffff;
const FAR = 16 * 1024 * 1024;
/** How much of that is searched at once. Bytes. */
const STEP = 1024 * 1024;

const isAt = (window: Window, at: number, signature: number): boolean => {
  const bytes = window.read(at, 4);
  return bytes.length === 4 && bytes.readUInt32LE(0) === signature;
};

/** Where end records are so near to the container's end that every program finds them, the last one first. */
export const nearEnds = (window: Window): number[] => {
  const found: number[] = [];
  const start = Math.max(0, window.size - NEAR);
  const tail = window.read(start, NEAR);
  for (let at = tail.lastIndexOf(END); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(END, at - 1)) {
    if (at + END_LENGTH <= tail.length) found.push(start + at);
  }
  return found;
};

/** Where end records are, the last one first. */
export const endsIn = (window: Window): number[] => {
  const found = nearEnds(window);
  if (found.length > 0 || window.size <= NEAR) return found;
  const farStart = Math.max(0, window.size - FAR);
  for (let end = window.size; end > farStart; end -= STEP) {
    const start = Math.max(farStart, end - STEP);
    // One that lies across the border is met with the first of its bytes.
    const at = window.scan(start, end - start + END.length - 1).lastIndexOf(END);
    if (at >= 0) return start + at + END_LENGTH <= window.size ? [start + at] : [];
  }
  return [];
};

interface Claim {
  /** Where the directory ends, if it lies right in front of its end record. */
  end: number;
  size: number;
  offset: number;
}

/** What the zip64 end record of an end record says (APPNOTE.TXT 4.3.14), by its locator or right in front of that. */
const wideClaims = (window: Window, locatorAt: number): (Claim & { entries: number; isSplit: boolean })[] => {
  if (!isAt(window, locatorAt, LOCATOR)) return [];
  const named = Number(window.read(locatorAt, LOCATOR_LENGTH).readBigUInt64LE(8));
  const places = new Set([named, locatorAt - END_64_LENGTH]);
  return [...places].flatMap((end) => {
    const record = window.read(end, END_64_LENGTH);
    if (record.length < END_64_LENGTH || record.readUInt32LE(0) !== END_64) return [];
    return {
      end,
      entries: Number(record.readBigUInt64LE(32)),
      size: Number(record.readBigUInt64LE(40)),
      offset: Number(record.readBigUInt64LE(48)),
      isSplit: record.readUInt32LE(16) !== 0 || record.readUInt32LE(20) !== 0,
    };
  });
};

/** Reads the end record at a place. */
export const endAt = (window: Window, at: number): End => {
  const record = window.read(at, END_LENGTH);
  const disks = [record.readUInt16LE(4), record.readUInt16LE(6)];
  const narrow = { end: at, size: record.readUInt32LE(12), offset: record.readUInt32LE(16) };
  const wide = wideClaims(window, at - LOCATOR_LENGTH);
  const claims: Claim[] = [...wide, narrow];
  const directories = claims
    .flatMap(({ end, size, offset }) => [
      { at: end - size, base: end - size - offset },
      { at: offset, base: 0 },
    ])
    .filter(({ at: place }, i, all) => all.findIndex((other) => other.at === place) === i);
  return {
    at,
    entries: Math.max(record.readUInt16LE(10), ...wide.map(({ entries }) => entries)),
    // 0xffff says that the zip64 record knows.
    isSplit: disks.some((disk) => disk !== 0 && disk !== 0xffff) || wide.some(({ isSplit }) => isSplit),
    isEncrypted: directories.some((directory) => isAt(window, directory.at, DECRYPTION_HEADER)),
    directories: directories.filter((directory) => isAt(window, directory.at, CENTRAL.readUInt32LE(0))),
  };
};
