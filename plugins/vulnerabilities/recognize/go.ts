import type { EngineFile } from '../../../src/engines/contract';
import { type Image, read, readAddress, type Section } from '../binary/image';
import { imageBase } from '../binary/pe';
import { type Component, isWord } from '../component';

/** What Go's linker puts in front of the build information; it lies at a multiple of 16 (package debug/buildinfo). */
const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const ALIGNED = 16;
const HEADER = 32;
/** How much of the data is searched. Go itself puts the information at the beginning. */
const SEARCHED = 1024 * 1024;
/** The most that the list of modules may have. Bytes. */
const LONGEST = 4 * 1024 * 1024;
const MOST_MODULES = 10_000;
/** Linkers put these around the list of modules (package runtime/debug, "modinfo"). */
const MARK = 16;

const find = async (file: EngineFile, { offset, size }: Section): Promise<number | undefined> => {
  const data = await read(file, offset, Math.min(size, SEARCHED));
  for (let at = data.indexOf(MAGIC); at >= 0; at = data.indexOf(MAGIC, at + 1)) {
    if (at % ALIGNED === 0) return offset + at;
  }
  return undefined;
};

const sectionOf = ({ sections, loaded, directories }: Image): Section | undefined =>
  sections.find(({ name }) => name === '.go.buildinfo') ??
  (directories === undefined ? loaded : sections).find(({ writable, size }) => writable && size > 0);

/** A length in groups of seven bits, the lowest first. */
const readLength = (bytes: Buffer): { value: number; size: number } | undefined => {
  let value = 0;
  for (let size = 1; size <= 5; size++) {
    const byte = bytes[size - 1];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * (size - 1));
    if (byte < 0x80) return { value, size };
  }
  return undefined;
};

/** From Go 1.18 on: two strings behind the header, each after its length. */
const readInline = async (file: EngineFile, at: number): Promise<string[]> => {
  const strings: string[] = [];
  let start = at + HEADER;
  while (strings.length < 2) {
    const length = readLength(await read(file, start, 5));
    if (length === undefined || length.value > LONGEST) break;
    start += length.size;
    strings.push((await read(file, start, length.value)).toString('latin1'));
    start += length.value;
  }
  return strings;
};

/** Up to Go 1.17: addresses of two strings of Go, each an address and a length. */
const readPointed = async (file: EngineFile, image: Image, at: number): Promise<string[]> => {
  const header = await read(file, at, HEADER);
  const width = header[14] ?? 0;
  const isBig = ((header[15] ?? 0) & 1) === 1;
  if (width !== 4 && width !== 8) return [];
  const number = (bytes: Buffer, from: number): number =>
    width === 4
      ? isBig
        ? bytes.readUInt32BE(from)
        : bytes.readUInt32LE(from)
      : Number(isBig ? bytes.readBigUInt64BE(from) : bytes.readBigUInt64LE(from));
  const base = image.directories === undefined ? 0 : await imageBase(file);
  const strings: string[] = [];
  for (const from of [ALIGNED, ALIGNED + width]) {
    const pair = await readAddress(file, image, number(header, from) - base, 2 * width);
    if (pair.length < 2 * width) break;
    const length = number(pair, width);
    if (length > LONGEST) break;
    strings.push((await readAddress(file, image, number(pair, 0) - base, length)).toString('latin1'));
  }
  return strings;
};

/** "go1.21rc2" as Go's own records write it, "1.21.0-rc.2"; nothing for what was built from Go's sources in between. */
const versionOfGo = (text: string): string | undefined => {
  const [, major, minor, patch = '0', word, number] =
    /^go(\d+)\.(\d+)(?:\.(\d+))?(?:(rc|beta)(\d+))?(?:[ -]|$)/.exec(text) ?? [];
  if (major === undefined) return undefined;
  return `${major}.${minor}.${patch}${word === undefined ? '' : `-${word}.${number}`}`;
};

const toModule = (name: string | undefined, version: string | undefined): Component[] =>
  isWord(name) && isWord(version) && version !== '(devel)' ? [{ ecosystem: 'Go', names: [name], version }] : [];

/** Lines of fields with tabs between them: what was built, each module in it, and what took another's place. */
const modulesOf = (text: string): Component[] => {
  const modules: Component[][] = [];
  for (const line of text.split('\n', MOST_MODULES)) {
    const [kind, name, version] = line.split('\t', 3);
    if (kind === 'mod' || kind === 'dep') modules.push(toModule(name, version));
    if (kind === '=>') modules.splice(-1, 1, toModule(name, version));
  }
  return modules.flat();
};

/** The modules that a program of Go was built from, and Go itself. */
export const readGo = async (file: EngineFile, image: Image): Promise<Component[]> => {
  const section = sectionOf(image);
  const at = section && (await find(file, section));
  if (at === undefined) return [];
  const flags = (await read(file, at, HEADER))[15] ?? 0;
  const [go = '', modules = ''] = (flags & 2) === 0 ? await readPointed(file, image, at) : await readInline(file, at);
  const version = versionOfGo(go);
  return [
    ...(version === undefined ? [] : [{ ecosystem: 'Go', names: ['stdlib'], version }]),
    ...modulesOf(modules.slice(MARK, -MARK)),
  ];
};
