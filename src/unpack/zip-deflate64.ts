import { configure, ERR_INVALID_UNCOMPRESSED_SIZE, Reader, ZipReader } from '@zip.js/zip.js';
import { troubleError } from './contract';
import type { Decoder } from './zip-inflate';

const METHOD = 9;
/** More does not fit into the headers that are made here. Bytes. */
const MOST = 0xffff_0000;

/** In how many of the last bytes zip.js looks for an end record; none of them may be content, which is read once. */
const MARGIN = 22 + 0xffff;

/** Headers of a zip of one member without a name; layout from APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16. */
const headersFor = (length: number) => {
  const local = Buffer.alloc(30);
  local.write('PK\x03\x04', 'latin1');
  local.writeUInt16LE(METHOD, 8);
  const central = Buffer.alloc(46 + 12);
  central.write('PK\x01\x02', 'latin1');
  central.writeUInt16LE(METHOD, 10);
  central.writeUInt32LE(length, 20);
  // The size in a zip64 field: zip.js ends where it is reached, so it is larger than any.
  central.writeUInt32LE(0xffff_ffff, 24);
  central.writeUInt16LE(12, 30);
  central.writeUInt16LE(1, 46);
  central.writeUInt16LE(8, 48);
  central.writeBigUInt64LE(BigInt(Number.MAX_SAFE_INTEGER), 50);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + length + MARGIN, 16);
  return { local, behind: Buffer.concat([Buffer.alloc(MARGIN), central, end]) };
};

/** Lets zip.js see packed bytes as a zip; it reads a member's content from its beginning on. */
class OneMember extends Reader<void> {
  constructor(packed: AsyncIterable<Uint8Array>, length: number) {
    super();
    const { local, behind } = headersFor(length);
    const pieces = packed[Symbol.asyncIterator]();
    let rest: Uint8Array = new Uint8Array();
    this.size = local.length + length + behind.length;
    this.readUint8Array = async (offset, wanted) => {
      if (offset >= local.length + length) {
        const at = offset - local.length - length;
        return Uint8Array.from(behind.subarray(at, at + wanted));
      }
      if (offset < local.length) return Uint8Array.from(local.subarray(offset, offset + wanted));
      while (rest.length === 0) {
        const { done, value } = await pieces.next();
        if (done) return rest;
        rest = value;
      }
      const bytes = rest.subarray(0, wanted);
      rest = rest.subarray(bytes.length);
      return bytes;
    };
  }
}

async function* unpacked(packed: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  if (length > MOST) throw troubleError('unsupported', 'It is compressed with Deflate64 and larger than 4 GB.');
  configure({ useWebWorkers: false });
  const zip = new ZipReader(new OneMember(packed, length));
  const [entry] = await zip.getEntries();
  if (entry === undefined || entry.directory) return;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const stop = new AbortController();
  // That size is not its own; all other errors say that the content is damaged.
  const reading = entry.getData(writable, { signal: stop.signal }).then(
    () => undefined,
    (error: Error) => (error.message === ERR_INVALID_UNCOMPRESSED_SIZE ? undefined : error),
  );
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) break;
      yield value;
    }
    const failure = await reading;
    if (failure !== undefined) throw failure;
  } finally {
    stop.abort();
    await reader.cancel().catch(() => {});
    await reading;
  }
}

/** Deflate64 (APPNOTE.TXT 4.4.5, method 9), which node:zlib does not know. */
export const deflate64: Decoder = {
  stream: async function* (packed, { length, used }) {
    yield* unpacked(packed, length);
    used(length);
  },
};
