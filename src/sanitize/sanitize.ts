import type { FileType } from '../core/findings';
import type { Sanitizer } from './contract';
import { html } from './html';
import { ole } from './ole';
import { ooxml } from './ooxml';
import { pdf } from './pdf';
import { svg } from './svg';

const SANITIZERS: Sanitizer[] = [ooxml, pdf, ole, svg, html];

/** What makes a harmless copy of a type; undefined when nothing here does. */
export const sanitizerOf = (type: FileType): Sanitizer | undefined => SANITIZERS.find((one) => one.sanitizes(type));
