import { readElf } from '../binary/elf';
import { readPe } from '../binary/pe';
import type { Recognizer } from '../component';
import { readGo } from './go';
import { readRust } from './rust';
import { readWindows } from './windows';

/** Programs and libraries of Linux. */
export const elf: Recognizer = {
  fits: (_file, head) => head.toString('latin1', 0, 4) === '\x7fELF',
  read: async (file) => {
    const image = await readElf(file);
    return image === undefined ? [] : [...(await readGo(file, image)), ...(await readRust(file, image))];
  },
};

/** Programs and libraries of Windows. */
export const pe: Recognizer = {
  fits: (_file, head) => head.toString('latin1', 0, 2) === 'MZ',
  read: async (file) => {
    const image = await readPe(file);
    if (image === undefined) return [];
    const built = [...(await readGo(file, image)), ...(await readRust(file, image))];
    return [...built, ...(await readWindows(file, image))];
  },
};
