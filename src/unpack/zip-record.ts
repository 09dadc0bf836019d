import type { Window } from './window';

/** What a header says about a member; numbers are unsigned, names and extras are bytes. */
export interface Facts {
  method: number;
  flags: number;
  /** Time of the last change in MS-DOS's format; ZipCrypto may check a password by it. */
  time: number;
  crc: number;
  /** Bytes as they lie in the container. */
  compressed: number;
  /** Bytes when unpacked. */
  size: number;
  name: Buffer;
  extra: Buffer;
}

/** A member by the central directory. */
export interface CentralRecord extends Facts {
  /** Bytes of this record. */
  length: number;
  disk: number;
  /** Where the local header is said to be. */
  offset: number;
}

/** A member by the header in front of its content. */
export interface LocalHeader extends Facts {
  /** Where the header is, and where the content begins behind it. */
  at: number;
  contentAt: number;
}

export const LOCAL = Buffer.from('PK\x03\x04', 'latin1');
export const CENTRAL = Buffer.from('PK\x01\x02', 'latin1');
export const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1');

/** Bits of the general purpose flags (APPNOTE.TXT 4.4.4). */
export const FLAG = { encrypted: 1, descriptor: 8, strong: 0x40, utf8: 0x800, masked: 0x2000 };

const SATURATED = 0xffff_ffff;
const ZIP64 = 0x0001;

/** The field of an extra block with this id (APPNOTE.TXT 4.5.1); the first one, where there are several. */
export const extraField = (extra: Buffer, id: number): Buffer | undefined => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  return undefined;
};

/** Takes the values that did not fit into 32 bits out of the zip64 field, in its order (APPNOTE.TXT 4.5.3); it may be too short. */
const zip64Values = (extra: Buffer) => {
  const field = extraField(extra, ZIP64);
  let at = 0;
  return (value: number): number => {
    if (value !== SATURATED || field === undefined || at + 8 > field.length) return value;
    at += 8;
    return Number(field.readBigUInt64LE(at - 8));
  };
};

/** The record of the central directory at a place (APPNOTE.TXT 4.3.12); undefined where there is none, or not all of it. */
export const centralRecord = (window: Window, at: number): CentralRecord | undefined => {
  const fixed = window.read(at, 46);
  if (fixed.length < 46 || fixed.readUInt32LE(0) !== CENTRAL.readUInt32LE(0)) return undefined;
  const nameLength = fixed.readUInt16LE(28);
  const extraLength = fixed.readUInt16LE(30);
  const length = 46 + nameLength + extraLength + fixed.readUInt16LE(32);
  const record = window.read(at, length);
  if (record.length < length) return undefined;
  const extra = record.subarray(46 + nameLength, 46 + nameLength + extraLength);
  const wide = zip64Values(extra);
  return {
    flags: record.readUInt16LE(8),
    method: record.readUInt16LE(10),
    time: record.readUInt16LE(12),
    crc: record.readUInt32LE(16),
    // The order of the zip64 field: size, compressed size, offset.
    size: wide(record.readUInt32LE(24)),
    compressed: wide(record.readUInt32LE(20)),
    offset: wide(record.readUInt32LE(42)),
    disk: record.readUInt16LE(34),
    name: record.subarray(46, 46 + nameLength),
    extra,
    length,
  };
};

/** The local header at a place (APPNOTE.TXT 4.3.7); undefined where there is none, or not all of it. */
export const localHeader = (window: Window, at: number): LocalHeader | undefined => {
  const fixed = window.read(at, 30);
  if (fixed.length < 30 || fixed.readUInt32LE(0) !== LOCAL.readUInt32LE(0)) return undefined;
  const nameLength = fixed.readUInt16LE(26);
  const length = 30 + nameLength + fixed.readUInt16LE(28);
  const header = window.read(at, length);
  if (header.length < length) return undefined;
  const extra = header.subarray(30 + nameLength);
  const wide = zip64Values(extra);
  return {
    flags: header.readUInt16LE(6),
    method: header.readUInt16LE(8),
    time: header.readUInt16LE(10),
    crc: header.readUInt32LE(14),
    size: wide(header.readUInt32LE(22)),
    compressed: wide(header.readUInt32LE(18)),
    name: header.subarray(30, 30 + nameLength),
    extra,
    at,
    contentAt: at + length,
  };
};
