import type { FindLock, LegacyLock, Patch } from './office-legacy';
import { createBlocks, readRc4 } from './office-rc4';
import { unmaskWord, xorMask } from './office-xor';
import type { OleEntry } from './ole-directory';

/** What is never encrypted of the main stream: its header, longer since Word 97 (MS-DOC 2.2.6.1). Bytes. */
const HEADER = 68;
const HEADER_BEFORE_97 = 52;
const WORD_97 = 0x00c1;
const BLOCK = 512;
/** Flags of the header (MS-DOC 2.5.2). */
const [ENCRYPTED, SECOND_TABLE, OBFUSCATED] = [0x0100, 0x0200, 0x8000];

/** The bytes of a stream with something done to each part; `keep` bytes at its beginning stay. */
function* changed(
  parts: Iterable<Uint8Array>,
  keep: Buffer,
  change: (position: number, bytes: Uint8Array) => Uint8Array,
): Generator<Uint8Array> {
  let at = 0;
  for (const part of parts) {
    const kept = Math.min(part.length, Math.max(0, keep.length - at));
    if (kept > 0) yield keep.subarray(at, at + kept);
    if (kept < part.length) yield change(at + kept, part.subarray(kept));
    at += part.length;
  }
}

/** The encryption of a Word document (MS-DOC 2.2.6). */
export const findDocLock: FindLock = (ole, main) => {
  const header = ole.part(main, 0, HEADER);
  if (header.length < HEADER_BEFORE_97) return undefined;
  const flags = header.readUInt16LE(10);
  if ((flags & ENCRYPTED) === 0) return undefined;
  const isOld = header.readUInt16LE(2) < WORD_97;
  const table = isOld ? undefined : ole.find(main.storage, flags & SECOND_TABLE ? '1Table' : '0Table');
  const data = isOld ? undefined : ole.find(main.storage, 'Data');

  const plainHeader = Buffer.from(header.subarray(0, isOld ? HEADER_BEFORE_97 : HEADER));
  plainHeader.writeUInt16LE(flags & ~(ENCRYPTED | OBFUSCATED), 10);
  plainHeader.writeUInt32LE(0, 14);

  type Change = (position: number, bytes: Uint8Array) => Uint8Array;
  /** @param description how much of the table stream tells of the encryption, and is not encrypted itself */
  const patchesBy = (changeOf: () => Change, description: number): Patch[] => {
    const patch = (stream: OleEntry | undefined, keep: Buffer): Patch[] =>
      stream === undefined ? [] : [{ stream, bytes: () => changed(ole.read(stream), keep, changeOf()) }];
    return [
      ...patch(main, plainHeader),
      ...patch(table, table === undefined ? Buffer.alloc(0) : ole.part(table, 0, description)),
      ...patch(data, Buffer.alloc(0)),
    ];
  };

  if (isOld || flags & OBFUSCATED) {
    const [key, verifier] = [header.readUInt16LE(14), header.readUInt16LE(16)];
    return {
      keyOf: async (password) => xorMask(password, key, verifier)?.word,
      patches: (mask) => patchesBy(() => (position, bytes) => unmaskWord(bytes, mask, position), 0),
    } satisfies LegacyLock;
  }
  if (table === undefined) throw new Error('The description of its encryption is missing.');
  const description = Math.min(header.readUInt32LE(14), 4096);
  const rc4 = readRc4(ole.part(table, 0, description));
  return { keyOf: rc4.keyOf, patches: (key) => patchesBy(() => createBlocks(rc4, key, BLOCK), description) };
};
