import type { FileType } from '../core/findings';
import { cms } from './cms';
import { createCompressed } from './compressed';
import type { Reader } from './contract';
import { mail } from './mail';
import { mbox } from './mbox';
import { ole } from './ole';
import { pgp } from './pgp';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';
import { tnef } from './tnef';
import { written } from './written';
import { zip } from './zip';

/** Makes what takes containers apart; the first that reads a type has it. */
const createReaders = (): Reader[] => {
  const load = createLoadSevenZip();
  return [zip, createCompressed(load), createSevenZip(load), mail, mbox, tnef, written, cms, pgp, ole];
};

const READERS = createReaders();

/** What takes this type apart; undefined when nothing here does. */
export const readerOf = (type: FileType): Reader | undefined => READERS.find((reader) => reader.reads(type));
