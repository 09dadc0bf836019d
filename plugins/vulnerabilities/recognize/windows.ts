import type { EngineFile } from '../../../src/engines/contract';
import { type Image, readAddress } from '../binary/image';
import { type Component, isWord } from '../component';

/** Data directories of PE: where the resources are, and where .NET's header is. */
const RESOURCES = 2;
const DOTNET = 14;
const VERSION = 16;
/** A version resource is some hundred bytes long. */
const LARGEST = 64 * 1024;
const IS_FOLDER = 0x8000_0000;
const ENTRY = 8;
const HEAD = 16;
const MOST_ENTRIES = 4_096;

/** The first entry of a folder of resources that has a number, or the first of all. Microsoft, "PE Format", "The .rsrc Section". */
const entryOf = async (
  at: (offset: number, length: number) => Promise<Buffer>,
  folder: number,
  number?: number,
): Promise<number | undefined> => {
  const head = await at(folder, HEAD);
  if (head.length < HEAD) return undefined;
  const count = Math.min(head.readUInt16LE(12) + head.readUInt16LE(14), MOST_ENTRIES);
  const entries = await at(folder + HEAD, count * ENTRY);
  for (let from = 0; from + ENTRY <= entries.length; from += ENTRY) {
    if (number === undefined || entries.readUInt32LE(from) === number) return entries.readUInt32LE(from + 4);
  }
  return undefined;
};

const readVersion = async (file: EngineFile, image: Image): Promise<Buffer | undefined> => {
  const base = image.directories?.[RESOURCES]?.address ?? 0;
  if (base === 0) return undefined;
  const at = (offset: number, length: number) => readAddress(file, image, base + offset, length);
  const names = await entryOf(at, 0, VERSION);
  if (names === undefined || names < IS_FOLDER) return undefined;
  const languages = await entryOf(at, names - IS_FOLDER);
  if (languages === undefined || languages < IS_FOLDER) return undefined;
  const data = await entryOf(at, languages - IS_FOLDER);
  if (data === undefined || data >= IS_FOLDER) return undefined;
  const entry = await at(data, 8);
  if (entry.length < 8) return undefined;
  return readAddress(file, image, entry.readUInt32LE(0), Math.min(entry.readUInt32LE(4), LARGEST));
};

/** A string of the resource: its name, padding to a multiple of four, its value (VS_VERSIONINFO, "String"). */
const stringOf = (resource: Buffer, name: string): string | undefined => {
  const key = Buffer.from(`${name}\0`, 'utf16le');
  const at = resource.indexOf(key);
  if (at < 0) return undefined;
  const start = Math.ceil((at + key.length) / 4) * 4;
  const text = resource.toString('utf16le', start, start + 600);
  return text.slice(0, Math.max(0, text.indexOf('\0'))).trim();
};

/** A program or library of Windows by its version resource. OSV knows of those of .NET, by the names of their packages. */
export const readWindows = async (file: EngineFile, image: Image): Promise<Component[]> => {
  const resource = await readVersion(file, image);
  if (resource === undefined) return [];
  const [internal, original, product] = ['InternalName', 'OriginalFilename', 'ProductName'].map((name) =>
    stringOf(resource, name)?.replace(/\.(dll|exe)$/i, ''),
  );
  // "6.0.5+abc", "6.0.522.21309 @Commit: …": what follows is about the build.
  const version = (stringOf(resource, 'ProductVersion') || stringOf(resource, 'FileVersion'))?.split(/[\s,]/, 1)[0];
  const names = [...new Set([internal, original, product].filter(isWord))];
  if (!isWord(version) || names.length === 0) return [];
  const isDotnet = (image.directories?.[DOTNET]?.size ?? 0) > 0;
  const vendor = stringOf(resource, 'CompanyName')?.slice(0, 100) || undefined;
  return [{ ecosystem: isDotnet ? 'NuGet' : undefined, names, version, vendor }];
};
