import type { EngineFile } from '../../../src/engines/contract';
import type { Component, Recognizer } from '../component';
import { alpine } from './alpine';
import { debianControl } from './debian';
import { manifest, pomProperties } from './java';
import { npm } from './npm';
import { elf, pe } from './program';
import { python } from './python';
import { rpm } from './rpm';
import { gemMetadata, gemspec } from './ruby';

/** By content first: a name can be anybody's, and what is told without it holds for the same content elsewhere, too. */
const RECOGNIZERS: Recognizer[] = [
  elf,
  pe,
  rpm,
  pomProperties,
  manifest,
  npm,
  python,
  gemMetadata,
  gemspec,
  debianControl,
  alpine,
];

const HEAD = 64;

/** The software that a file says it is, or was built from; undefined for a file that is of no such kind. */
export const recognize = async (file: EngineFile): Promise<Component[] | undefined> => {
  const head = Buffer.from(await file.bytes(0, Math.min(file.size, HEAD)));
  return RECOGNIZERS.find(({ fits }) => fits(file, head))?.read(file);
};
