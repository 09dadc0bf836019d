import type { EngineFile } from '../../../src/engines/contract';
import { type Image, MOST_SECTIONS, read, type Section } from './image';

const PT_LOAD = 1;
const WRITE_SEGMENT = 2;
const WRITE_SECTION = 1;
const NAMES = 256 * 1024;

/** Reads numbers of a header by the file's own width and order; what is too large to be an offset comes as one that no file has. */
const numbersOf = (header: Buffer, wide: boolean, little: boolean) => {
  const u16 = (at: number) => (little ? header.readUInt16LE(at) : header.readUInt16BE(at));
  const u32 = (at: number) => (little ? header.readUInt32LE(at) : header.readUInt32BE(at));
  const u64 = (at: number) => Number(little ? header.readBigUInt64LE(at) : header.readBigUInt64BE(at));
  return { u16, u32, word: wide ? u64 : u32 };
};

/** The headers of an ELF file (System V ABI, "Object files"); undefined for what is none. */
export const readElf = async (file: EngineFile): Promise<Image | undefined> => {
  const header = await read(file, 0, 64);
  if (header.length < 64 || header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  const wide = header[4] === 2;
  const littleEndian = header[5] !== 2;
  const { u16, word } = numbersOf(header, wide, littleEndian);
  const [programs, sections] = wide ? [word(32), word(40)] : [word(28), word(32)];
  const counts = wide ? 54 : 42;
  const [programSize, programCount, sectionSize, sectionCount, nameIndex] = [0, 2, 4, 6, 8].map((at) =>
    u16(counts + at),
  );

  const table = async (offset: number, size = 0, count = 0, least: number): Promise<Buffer[]> => {
    if (size < least) return [];
    const bytes = await read(file, offset, size * Math.min(count, MOST_SECTIONS));
    return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  };

  const loaded = (await table(programs, programSize, programCount, wide ? 56 : 32)).flatMap((entry): Section[] => {
    const { u32, word } = numbersOf(entry, wide, littleEndian);
    if (u32(0) !== PT_LOAD) return [];
    const flags = u32(wide ? 4 : 24);
    const [offset, address, size, addressSize] = wide
      ? [word(8), word(16), word(32), word(40)]
      : [word(4), word(8), word(16), word(20)];
    return [{ name: '', offset, address, size, addressSize, writable: (flags & WRITE_SEGMENT) !== 0 }];
  });

  const entries = (await table(sections, sectionSize, sectionCount, wide ? 64 : 40)).map((entry) => {
    const { u32, word } = numbersOf(entry, wide, littleEndian);
    const [flags, address, offset, size] = wide
      ? [word(8), word(16), word(24), word(32)]
      : [u32(8), u32(12), u32(16), u32(20)];
    return { nameAt: u32(0), flags, address, offset, size };
  });
  const namesAt = entries[nameIndex ?? 0];
  const names =
    namesAt === undefined ? Buffer.alloc(0) : await read(file, namesAt.offset, Math.min(namesAt.size, NAMES));
  const nameOf = (at: number): string => {
    const end = names.indexOf(0, at);
    return at >= names.length || end < 0 || end - at > 100 ? '' : names.toString('latin1', at, end);
  };
  return {
    littleEndian,
    loaded,
    sections: entries.map(({ nameAt, flags, address, offset, size }) => ({
      name: nameOf(nameAt),
      offset,
      size,
      address,
      addressSize: size,
      writable: (flags & WRITE_SECTION) !== 0,
    })),
  };
};
