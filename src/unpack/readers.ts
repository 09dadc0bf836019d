import type { FileType } from '../core/findings';
import { cms } from './cms';
import type { Reader } from './contract';
import { mail } from './mail';
import { mbox } from './mbox';
import { pgp } from './pgp';
import { written } from './written';
import { zip } from './zip';

/** What takes containers apart; the first that reads a type has it. */
const READERS: Reader[] = [zip, mail, mbox, written, cms, pgp];

/** What takes this type apart; undefined when nothing here does. */
export const readerOf = (type: FileType): Reader | undefined => READERS.find((reader) => reader.reads(type));
