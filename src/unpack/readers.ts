import type { FileType } from '../core/findings';
import type { Reader } from './contract';
import { mail } from './mail';
import { mbox } from './mbox';

/** What takes containers apart; the first that reads a type has it. */
const READERS: Reader[] = [mail, mbox];

/** What takes this type apart; undefined when nothing here does. */
export const readerOf = (type: FileType): Reader | undefined => READERS.find((reader) => reader.reads(type));
