import type { FileType } from '../core/findings';
import { cms } from './cms';
import { createCompressed } from './compressed';
import type { Reader } from './contract';
import { mail } from './mail';
import { mbox } from './mbox';
import { msg } from './msg';
import { createOpenDocument } from './odf';
import { ole } from './ole';
import { pdf } from './pdf';
import { pgp } from './pgp';
import { rights } from './rights';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';
import { tnef } from './tnef';
import { written } from './written';
import { createZip } from './zip';

/** Makes what takes containers apart; the first that reads a type has it. */
const createReaders = (): Reader[] => {
  const load = createLoadSevenZip();
  const sevenZip = createSevenZip(load);
  const zip = createOpenDocument(createZip(load));
  return [zip, createCompressed(load, sevenZip), sevenZip, mail, mbox, msg, tnef, written, cms, pgp, rights, ole, pdf];
};

const READERS = createReaders();

/** What takes this type apart; undefined when nothing here does. */
export const readerOf = (type: FileType): Reader | undefined => READERS.find((reader) => reader.reads(type));
