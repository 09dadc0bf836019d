import type { EngineFile } from '../../../src/engines/contract';

/** A part of a program by its name. Offsets and sizes in the file, in bytes. */
export interface Section {
  name: string;
  offset: number;
  size: number;
  /** Where it lies in memory. */
  address: number;
  addressSize: number;
  writable: boolean;
}

/** A program or library, as far as its headers tell. */
export interface Image {
  sections: Section[];
  /** What lies in memory with bytes of the file behind it: ELF's segments, PE's sections. */
  loaded: Section[];
  littleEndian: boolean;
  /** PE only: the data directories, as address and size. */
  directories?: { address: number; size: number }[];
}

/** Sections that are looked at; compilers make some dozens. */
export const MOST_SECTIONS = 4_096;

/** Bytes of a file from an offset on, fewer at its end; none for an offset that no file has. */
export const read = async (file: EngineFile, offset: number, length: number): Promise<Buffer> => {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset >= file.size || length <= 0) return Buffer.alloc(0);
  const bytes = await file.bytes(offset, Math.min(file.size, offset + length));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** The bytes at an address of memory. */
export const readAddress = async (file: EngineFile, image: Image, address: number, length: number): Promise<Buffer> => {
  const part = image.loaded.find((one) => address >= one.address && address < one.address + one.size);
  if (part === undefined) return Buffer.alloc(0);
  const into = address - part.address;
  return read(file, part.offset + into, Math.min(length, part.size - into));
};
