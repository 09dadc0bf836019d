import { inflateSync } from 'node:zlib';
import type { EngineFile } from '../../../src/engines/contract';
import { type Image, read } from '../binary/image';
import { type Component, isWord } from '../component';

/** Where cargo-auditable puts what a program was built from: JSON under zlib (its PARSING.md). */
const SECTION = '.dep-v0';
/** As cargo-auditable's own readers have it. Bytes. */
const LONGEST = 8 * 1024 * 1024;
const MOST = 10_000;

interface Package {
  name?: unknown;
  version?: unknown;
  source?: unknown;
  kind?: unknown;
}

const toComponents = ({ name, version, source, kind }: Package): Component[] => {
  // What only the build needed is not in the program.
  if (kind === 'build' || source !== 'crates.io' || typeof name !== 'string' || typeof version !== 'string') return [];
  return isWord(name) && isWord(version) ? [{ ecosystem: 'crates.io', names: [name], version }] : [];
};

const parse = (packed: Buffer): Component[] => {
  try {
    const { packages } = JSON.parse(inflateSync(packed, { maxOutputLength: LONGEST }).toString()) as {
      packages?: unknown;
    };
    return Array.isArray(packages) ? packages.slice(0, MOST).flatMap((one) => toComponents(one ?? {})) : [];
  } catch {
    return [];
  }
};

/** The crates that a program was built from by cargo-auditable. */
export const readRust = async (file: EngineFile, { sections }: Image): Promise<Component[]> => {
  const section = sections.find(({ name }) => name === SECTION);
  return section === undefined ? [] : parse(await read(file, section.offset, Math.min(section.size, LONGEST)));
};
