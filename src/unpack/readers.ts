import type { Piece } from '../content/piece';
import type { FileType } from '../core/findings';
import { withAppended } from './appended';
import { cms } from './cms';
import { createCompressed } from './compressed';
import type { Reader } from './contract';
import { mail } from './mail';
import { mbox } from './mbox';
import { msg } from './msg';
import { createOpenDocument } from './odf';
import { ole } from './ole';
import { oneNote } from './onenote';
import { isPartByName, part } from './parts';
import { pdf } from './pdf';
import { pgp } from './pgp';
import { rawDisc } from './raw-disc';
import { rights } from './rights';
import { rtf } from './rtf';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';
import { tnef } from './tnef';
import { written } from './written';
import { createZip } from './zip';

/** Makes what takes containers apart; the first that reads a type has it. */
const createReaders = () => {
  const load = createLoadSevenZip();
  const zip = createOpenDocument(createZip(load));
  const sevenZip = createSevenZip(load);
  const others = [
    createCompressed(load, sevenZip),
    mail,
    mbox,
    msg,
    tnef,
    written,
    cms,
    pgp,
    rights,
    ole,
    oneNote,
    rawDisc,
    rtf,
    pdf,
  ];
  return (type: FileType, piece: Piece, name: string): Reader | undefined => {
    if (isPartByName(type, name)) return part;
    // These see by themselves what lies behind the end.
    const whole = [zip, sevenZip].find((reader) => reader.reads(type));
    return (
      whole ??
      withAppended(
        others.find((reader) => reader.reads(type)),
        type,
        piece,
      )
    );
  };
};

/** What takes a piece of this type apart; undefined when nothing here does. */
export const readerOf = createReaders();
