import type { EngineFile } from '../../../src/engines/contract';
import { type Image, read } from './image';

const WRITABLE = 0x8000_0000;
const SECTION = 40;
const MOST = 1_024;
const DIRECTORIES = 16;

/** The headers of a Windows program (Microsoft, "PE Format"); undefined for what is none. Addresses count from where it is loaded. */
export const readPe = async (file: EngineFile): Promise<Image | undefined> => {
  const stub = await read(file, 0, 64);
  if (stub.length < 64 || stub.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const start = stub.readUInt32LE(0x3c);
  const coff = await read(file, start, 24);
  if (coff.length < 24 || coff.toString('latin1', 0, 4) !== 'PE\0\0') return undefined;
  const optionalSize = coff.readUInt16LE(20);
  const optional = await read(file, start + 24, optionalSize);
  if (optional.length < 96) return undefined;
  const wide = optional.readUInt16LE(0) === 0x20b;
  const at = wide ? 112 : 96;
  const count = Math.min(DIRECTORIES, Math.floor(Math.max(0, optional.length - at) / 8));
  const directories = Array.from({ length: count }, (_, i) => ({
    address: optional.readUInt32LE(at + i * 8),
    size: optional.readUInt32LE(at + i * 8 + 4),
  }));
  const table = await read(file, start + 24 + optionalSize, SECTION * Math.min(coff.readUInt16LE(6), MOST));
  const sections = Array.from({ length: Math.floor(table.length / SECTION) }, (_, i) => {
    const entry = table.subarray(i * SECTION, (i + 1) * SECTION);
    return {
      name: entry.toString('latin1', 0, 8).replace(/\0.*$/s, ''),
      addressSize: entry.readUInt32LE(8),
      address: entry.readUInt32LE(12),
      size: entry.readUInt32LE(16),
      offset: entry.readUInt32LE(20),
      writable: entry.readUInt32LE(36) >= WRITABLE,
    };
  });
  return { sections, loaded: sections, littleEndian: true, directories };
};

/** The address at which a Windows program is made to be loaded. */
export const imageBase = async (file: EngineFile): Promise<number> => {
  const start = (await read(file, 0x3c, 4)).readUInt32LE(0);
  const optional = await read(file, start + 24, 32);
  if (optional.length < 32) return 0;
  return optional.readUInt16LE(0) === 0x20b ? Number(optional.readBigUInt64LE(24)) : optional.readUInt32LE(28);
};
