import type { Piece } from '../content/piece';
import type { FileType } from '../core/findings';
import { type Member, type ReadContext, type Reader, troubleError } from './contract';
import { inflate } from './inflate';
import { holdBack } from './lookahead';
import { lz4 } from './lz4';
import type { StartRun } from './sevenzip-run';
import { NO_MEMORY, troubleOfOne } from './sevenzip-trouble';

/** Formats of one stream that 7-Zip decompresses, by its own names; what another format needs is done here. */
const BY_SEVENZIP: { [mime: string]: string } = {
  'application/gzip': 'gzip',
  'application/zstd': 'zstd',
  'application/x-bzip2': 'bzip2',
  'application/x-xz': 'xz',
  'application/x-lzma': 'lzma',
  'application/x-compress': 'z',
};
const HERE: { [mime: string]: (container: Piece) => AsyncIterable<Uint8Array> } = {
  'application/x-lz4': lz4,
  'application/zlib': inflate,
};

/** How names end that say how a file is compressed, and what takes that place. */
const ENDINGS: [RegExp, string][] = [
  [/\.(gz|z|bz2|xz|lzma|zst|lz4|zz)$/i, ''],
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

/** More than the longest message with the longest name in it. Bytes. */
const MESSAGE = 64 * 1024;
const OUT_OF_MEMORY = 8;

/** What 7-Zip writes; a message about what is wrong comes behind it all. */
async function* decompress(start: StartRun, format: string, fd: number, signal: AbortSignal) {
  const args = ['x', '-so', '-ba', '-y', '-mmt=1', `-t${format}`];
  const run = start({ args, fd, input: '', joined: true, signal });
  try {
    const rest = yield* holdBack(run.output, MESSAGE);
    const exit = await run.exited;
    signal.throwIfAborted();
    if (exit === 0) {
      if (rest.length > 0) yield rest;
      return;
    }
    const at = rest.lastIndexOf('ERROR: ');
    const end = at < 0 ? rest.length : at;
    if (end > 0) yield rest.subarray(0, end);
    const wrong = rest.toString('latin1', end);
    const { why, message } = exit === OUT_OF_MEMORY ? NO_MEMORY : troubleOfOne(wrong.slice('ERROR: '.length));
    throw troubleError(why, message);
  } finally {
    await run.end();
  }
}

const isCompressed = ({ mime }: FileType): boolean => mime in BY_SEVENZIP || mime in HERE;

/** gzip, zstd, bzip2, xz, lzma, compress(1), lz4 and zlib: one member, of all the streams one after the other. */
export const createCompressed = (load: () => Promise<StartRun>): Reader => ({
  id: 'compressed',
  reads: isCompressed,
  members: async function* (container, context): AsyncGenerator<Member, void, void> {
    const here = HERE[context.type.mime];
    const format = BY_SEVENZIP[context.type.mime];
    const open = async function* () {
      if (here !== undefined) yield* here(container);
      else if (format !== undefined) yield* decompress(await load(), format, container.fd, context.signal);
    };
    yield { name: nameOf(container, context), open };
  },
});
