import type { Reader } from './contract';
import { breathe } from './lines';

/** A sector as it lies on the disc: 12 bytes of synchronization, its address, its mode, its data, and checksums (ECMA-130, 14). Bytes. */
const SECTOR = 2352;
const MODE_AT = 15;
const DATA = 2048;
/** In mode 2 a header of eight bytes goes before the data (CD-ROM XA). */
const DATA_AT = [undefined, 16, 24];
/** Sectors that are read at once. */
const AT_ONCE = 256;

/** The data of a disc's sectors, without what the drive puts around them. */
export const rawDisc: Reader = {
  id: 'raw-disc',
  reads: ({ mime }) => mime === 'application/x-raw-disc',
  members: async function* (container, { name, signal }) {
    yield {
      name: `${name.replace(/\.(bin|img|raw)$/i, '')}.iso`,
      open: async function* () {
        for (let at = 0; at < container.size; at += SECTOR * AT_ONCE) {
          await breathe(signal);
          const raw = container.bytes(at, at + SECTOR * AT_ONCE);
          const data = new Uint8Array(Math.ceil(raw.length / SECTOR) * DATA);
          for (let i = 0; i * SECTOR < raw.length; i++) {
            const from = i * SECTOR + (DATA_AT[raw[i * SECTOR + MODE_AT] ?? 0] ?? 16);
            data.set(raw.subarray(from, Math.min(raw.length, from + DATA)), i * DATA);
          }
          yield data;
        }
      },
    };
  },
};
