import { closeSync, writeSync } from 'node:fs';
import { type Scratch, writeAll } from '../content/scratch';
import { troubleError } from './contract';
import type { StartRun } from './sevenzip-run';
import { decompress } from './sevenzip-stream';
import { CHECKSUM } from './sevenzip-trouble';
import type { Decoder } from './zip-inflate';
import { CENTRAL, type Facts, LOCAL } from './zip-record';

/** More does not fit into the headers that are made here. Bytes. */
const MOST = 0xffff_0000;
/** Bits that say how a method was used (APPNOTE.TXT 4.4.4); the others are of other things. */
const OF_METHOD = 0b110;
const NAME = Buffer.from('a');
const COMPRESSED_AT = 18;

/** What both headers of a member say (APPNOTE.TXT 4.3.7 and 4.3.12), from the flags on. */
const about = (method: number, { flags, crc, size }: Facts, compressed: number): Buffer => {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt16LE(flags & OF_METHOD, 0);
  bytes.writeUInt16LE(method, 2);
  bytes.writeUInt32LE(crc, 8);
  bytes.writeUInt32LE(compressed, 12);
  bytes.writeUInt32LE(Math.min(size, 0xffff_ffff), 16);
  bytes.writeUInt16LE(NAME.length, 20);
  return bytes;
};
const VERSION = Buffer.from([63, 0]);

/** What stands behind the packed bytes: the directory with the one member, and the end record (APPNOTE.TXT 4.3.16). */
const behind = (method: number, facts: Facts, compressed: number): Buffer => {
  const record = Buffer.concat([CENTRAL, VERSION, VERSION, about(method, facts, compressed), Buffer.alloc(14), NAME]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(record.length, 12);
  end.writeUInt32LE(LOCAL.length + 2 + 24 + NAME.length + compressed, 16);
  return Buffer.concat([record, end]);
};

/** Makes what unpacks a member by 7-Zip, which is given a zip of that member alone, in no other way than the view of it says. */
export const createBySevenZip =
  (load: () => Promise<StartRun>, scratch: Scratch, signal: AbortSignal) =>
  (method: number): Decoder => ({
    stream: async function* (packed, { facts, used }) {
      const fd = scratch.create();
      try {
        writeAll(fd, Buffer.concat([LOCAL, VERSION, about(method, facts, 0), NAME]));
        let length = 0;
        for await (const bytes of packed) {
          length += bytes.length;
          if (length > MOST) throw troubleError('unsupported', 'It is compressed in a rare way and larger than 4 GB.');
          writeAll(fd, bytes);
        }
        const compressed = Buffer.alloc(4);
        compressed.writeUInt32LE(length);
        writeSync(fd, compressed, 0, 4, COMPRESSED_AT);
        writeAll(fd, behind(method, facts, length));
        const trouble = yield* decompress(await load(), 'zip', fd, signal);
        // A sealed member has no checksum in its headers, and another one's is compared by whoever asks.
        if (trouble !== undefined && trouble !== CHECKSUM) throw troubleError(trouble.why, trouble.message);
        used(length);
      } finally {
        closeSync(fd);
      }
    },
  });
