import type { Trouble } from '../core/findings';
import type { Member } from './contract';
import type { OleEntry } from './ole-directory';
import type { OleStorage } from './ole-storage';
import { decompressVba } from './vba-decompress';

/** A stream of macros is taken into memory up to here. Bytes. */
const LARGEST = 32 * 1024 * 1024;
/** Records of the project's directory (MS-OVBA 2.3.4.2). */
const RECORDS = { version: 0x0009, streamName: 0x001a, streamNameUnicode: 0x0032, offset: 0x0031 };
/** How a module begins, compressed: a byte of flags, and “Attribut” before the first repetition. */
const ATTRIBUTE = Buffer.from('\0Attribut\0', 'latin1');
const BEFORE_ATTRIBUTE = 3;

/** Where each module's source begins in its stream, by the stream's name, as the project's directory says. */
const readDirectory = (directory: Buffer): Map<string, number> => {
  const offsets = new Map<string, number>();
  let name: string | undefined;
  for (let at = 0; at + 6 <= directory.length; ) {
    const id = directory.readUInt16LE(at);
    // This one record says 4 and is 6 long (MS-OVBA 2.3.4.2.1.11).
    const size = id === RECORDS.version ? 6 : directory.readUInt32LE(at + 2);
    const data = directory.subarray(at + 6, at + 6 + size);
    if (id === RECORDS.streamNameUnicode) name = data.toString('utf16le', 0, data.length & ~1);
    if (id === RECORDS.streamName) name ??= data.toString('latin1');
    if (id === RECORDS.offset && data.length === 4 && name !== undefined) {
      offsets.set(name.toUpperCase(), data.readUInt32LE());
      name = undefined;
    }
    at += 6 + size;
  }
  return offsets;
};

/** Where sources begin in a stream: where the directory says, and wherever one is seen, for the directory may lie. */
function* findSources(stream: Buffer, told: number | undefined): Generator<number> {
  if (told !== undefined && stream[told] === 1) yield told;
  for (let at = stream.indexOf(ATTRIBUTE); at >= 0; at = stream.indexOf(ATTRIBUTE, at + 1)) {
    const start = at - BEFORE_ATTRIBUTE;
    if (start >= 0 && start !== told && stream[start] === 1) yield start;
  }
}

/** What it unpacks to, up to a number of bytes. */
const unpack = (compressed: Uint8Array, most: number): Buffer => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const chunk of decompressVba(compressed)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks);
};

/** Finds the macros in the streams of a compound file; each project's directory is read once. */
export const createVba = (ole: OleStorage) => {
  const projects = new Map<string, Map<string, number>>();
  const projectOf = (storage: string): Map<string, number> | undefined => {
    const known = projects.get(storage);
    if (known !== undefined) return known;
    const directory = ole.find(storage, 'dir');
    if (directory === undefined && ole.find(storage, '_VBA_PROJECT') === undefined) return undefined;
    const offsets = directory === undefined ? new Map() : readDirectory(unpack(ole.head(directory, LARGEST), LARGEST));
    projects.set(storage, offsets);
    return offsets;
  };

  /** The sources of macros that a stream holds, in the encoding of their project. */
  return function* macrosIn(stream: OleEntry): Generator<Member | Trouble> {
    const project = projectOf(stream.storage);
    if (project === undefined || stream.name.toUpperCase() === 'DIR') return;
    if (stream.size > LARGEST) {
      yield { why: 'unsupported', message: 'Its macros are larger than the 32 MB up to which they are read.' };
      return;
    }
    const bytes = ole.head(stream, LARGEST);
    let number = 0;
    for (const start of findSources(bytes, project.get(stream.name.toUpperCase()))) {
      number++;
      yield {
        name: `${stream.path}${number === 1 ? '' : `-${number}`}.bas`,
        open: async function* () {
          yield* decompressVba(bytes.subarray(start));
        },
      };
    }
  };
};
