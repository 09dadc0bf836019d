import type { Piece } from '../content/piece';
import type { FileType, Trouble } from '../core/findings';
import { type Member, type ReadContext, type Reader, troubleError } from './contract';
import { gunzipSmall } from './gzip';
import { inflate } from './inflate';
import { lz4 } from './lz4';
import { createLzip } from './lzip';
import type { StartRun } from './sevenzip-run';
import { decompress } from './sevenzip-stream';
import { MORE_BEHIND } from './sevenzip-trouble';

/** Formats of one stream that 7-Zip decompresses, by its own names; what another format needs is done here. */
const BY_SEVENZIP: { [mime: string]: string } = {
  'application/gzip': 'gzip',
  'application/zstd': 'zstd',
  'application/x-bzip2': 'bzip2',
  'application/x-xz': 'xz',
  'application/x-lzma': 'lzma',
  'application/x-compress': 'z',
};
/** What decompresses a container, and answers whether nothing follows it. */
type Decompress = (container: Piece, context: ReadContext) => AsyncGenerator<Uint8Array, boolean, void>;

/** How names end that say how a file is compressed, and what takes that place. */
const ENDINGS: [RegExp, string][] = [
  [/\.(gz|z|bz2|xz|lzma|lz|zst|lz4|zz)$/i, ''],
  [/\.(tgz|taz|tpz|tbz2?|txz|tlz|tzst)$/i, '.tar'],
];

const withoutEnding = (name: string): string => {
  const found = ENDINGS.find(([ending]) => ending.test(name));
  return found === undefined ? name : name.replace(found[0], () => found[1]);
};

const LONGEST_NAME = 4096;
const FEXTRA = 4;
const FNAME = 8;

/** The name in a gzip header (RFC 1952, 2.3), in Latin-1 as it demands. */
const gzipName = (container: Piece): string | undefined => {
  const head = Buffer.from(container.bytes(0, 12));
  if (head.length < 12) return undefined;
  const flags = head.readUInt8(3);
  if ((flags & FNAME) === 0) return undefined;
  const start = (flags & FEXTRA) === 0 ? 10 : 12 + head.readUInt16LE(10);
  const bytes = Buffer.from(container.bytes(start, start + LONGEST_NAME));
  const end = bytes.indexOf(0);
  return end <= 0 ? undefined : bytes.toString('latin1', 0, end);
};

const nameOf = (container: Piece, { name, type }: ReadContext): string =>
  (type.mime === 'application/gzip' ? gzipName(container) : undefined) ?? withoutEnding(name);

/** An Apple disk image begins with its compressed data, and says what it is in its last 512 bytes (UDIF, "koly"). */
const DISK_IMAGE: FileType = {
  mime: 'application/x-apple-diskimage',
  description: 'Apple disk image',
  container: true,
};
const TRAILER = 512;

const isDiskImage = (container: Piece): boolean => {
  const start = container.size - TRAILER;
  return start > 0 && Buffer.from(container.bytes(start, start + 4)).toString('latin1') === 'koly';
};

/**
 * gzip, zstd, bzip2, xz, lzma, lzip, compress(1), lz4 and zlib: one member, of all the streams one after the other.
 * @param images reads Apple disk images
 */
export const createCompressed = (load: () => Promise<StartRun>, images: Reader): Reader => {
  const here: { [mime: string]: Decompress } = {
    'application/x-lz4': lz4,
    'application/zlib': inflate,
    'application/x-lzip': createLzip(load),
  };
  return {
    id: 'compressed',
    reads: ({ mime }) => mime in BY_SEVENZIP || mime in here,
    members: async function* (container, context): AsyncGenerator<Member | Trouble, void, void> {
      if (isDiskImage(container)) return yield* images.members(container, { ...context, type: DISK_IMAGE });
      const small = context.type.mime === 'application/gzip' && container.whole && gunzipSmall(container.whole);
      const decompressHere = here[context.type.mime];
      const format = BY_SEVENZIP[context.type.mime];
      let clean = true;
      const open = async function* () {
        if (small) yield small;
        else if (decompressHere !== undefined) clean = yield* decompressHere(container, context);
        else if (format !== undefined) {
          const trouble = yield* decompress(await load(), format, container.fd, context.signal);
          clean = trouble !== MORE_BEHIND;
          if (trouble !== undefined && clean) throw troubleError(trouble.why, trouble.message);
        }
      };
      yield { name: nameOf(container, context), open };
      if (!clean) yield MORE_BEHIND;
    },
  };
};
