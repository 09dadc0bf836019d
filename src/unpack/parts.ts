import type { Piece } from '../content/piece';
import type { FileType, Trouble } from '../core/findings';
import type { Reader } from './contract';
import { createWindow } from './window';

export const IN_PARTS: Trouble = {
  why: 'unsupported',
  message: 'It is one part of an archive in several files: they are not put together.',
};

/** Names that programs give to the parts of an archive that is cut into pieces of a size. */
const NAMES = /\.(7z|zip|rar|tar|t?gz|bz2|xz|zst|cab|iso|arj|lzh|wim)\.\d{3}$|\.z\d\d$/i;

/** A part of an archive that is not the first one has nothing but its name to tell it by. */
export const isPartByName = ({ mime }: FileType, name: string): boolean =>
  mime === 'application/octet-stream' && NAMES.test(name);

export const part: Reader = {
  id: 'part',
  reads: () => true,
  members: async function* () {
    yield IN_PARTS;
  },
};

const [VOLUME, CONTINUED] = [4, 8];
/** Headers of ARJ that are looked at. */
const MOST = 100_000;

/** Whether a header of ARJ says that its file, or the archive, goes on elsewhere (technote.txt of ARJ). */
const isArjInParts = (container: Piece): boolean => {
  const window = createWindow(container);
  for (let at = 0, n = 0; n < MOST; n++) {
    const head = window.read(at, 4 + 16);
    if (head.length < 20 || head.readUInt16LE(0) !== 0xea60) return false;
    const size = head.readUInt16LE(2);
    if (size === 0) return false;
    if (((head[4 + 4] ?? 0) & (VOLUME | CONTINUED)) !== 0) return true;
    at += 4 + size + 4;
    for (let extra = window.read(at, 2); ; extra = window.read(at, 2)) {
      if (extra.length < 2) return false;
      at += 2;
      if (extra.readUInt16LE(0) === 0) break;
      at += extra.readUInt16LE(0) + 4;
    }
    // The first header is that of the archive, which has no content.
    if (n > 0) at += head.readUInt32LE(4 + 12);
  }
  return false;
};

/** By 7-Zip's name of the format, whether a container says that it is one of several. */
const CHECKS: { [format: string]: (container: Piece) => boolean } = {
  arj: isArjInParts,
  // Flags of the header: a cabinet goes before it, or follows (MS-CAB 2.1).
  cab: (container) => ((container.bytes(30, 31)[0] ?? 0) & 3) !== 0,
  // The number of parts in the header.
  wim: (container) => Buffer.from([...container.bytes(42, 44), 0, 0]).readUInt16LE(0) > 1,
  // A first header that goes on with a file of the part before (GNU tar manual, "GNU tar Archive Format").
  tar: (container) => container.bytes(156, 157)[0] === 'M'.charCodeAt(0),
};

/** What is said of a container that is one part of several, of which 7-Zip tells nothing. */
export const troubleOfParts = (format: string, container: Piece): Trouble | undefined =>
  CHECKS[format]?.(container) ? IN_PARTS : undefined;
