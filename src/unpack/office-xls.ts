import type { FindLock, LegacyLock } from './office-legacy';
import { blocksOf } from './office-lock';
import { createBlocks, readRc4 } from './office-rc4';
import { unmaskExcel, xorMask } from './office-xor';

const BLOCK = 1024;
/** Records (MS-XLS 2.3). */
const [BEGINNING, FILE_PASS, BOUND_SHEET] = [0x0809, 0x002f, 0x0085];
/** Records that are never encrypted (MS-XLS 2.2.10). */
const PLAIN = new Set([BEGINNING, FILE_PASS, 0x0194, 0x0195, 0x00e1, 0x0196, 0x0138]);
/** Of a sheet's record its place in the stream stays plain. Bytes. */
const PLACE = 4;
const BIFF8 = 0x0600;
const PART = 256 * 1024;
/** The record that says how it is encrypted is among the first. Bytes. */
const BEGINNING_OF_STREAM = 64 * 1024;

/** @param size of the record, in bytes */
type Decrypt = (position: number, bytes: Uint8Array, size: number) => Uint8Array;

/** A stream of records without its encryption, and without the record that speaks of it. */
function* decryptRecords(parts: Iterable<Uint8Array>, decrypt: Decrypt): Generator<Uint8Array> {
  const header = Buffer.alloc(4);
  let [at, headerBytes] = [0, 0];
  let record = { id: 0, start: 0, size: 0 };
  for (const part of parts) {
    const out = Buffer.from(part);
    for (let i = 0; i < out.length; ) {
      if (headerBytes < 4) {
        header[headerBytes++] = out[i] ?? 0;
        i++;
        at++;
        if (headerBytes < 4) continue;
        record = { id: header.readUInt16LE(0), start: at, size: header.readUInt16LE(2) };
        // Its id lies four bytes back, if it is in this part; it is zero then, which no program looks at.
        if (record.id === FILE_PASS && i >= 4) out.writeUInt16LE(0, i - 4);
      } else {
        const plain = PLAIN.has(record.id) ? record.size : record.id === BOUND_SHEET ? PLACE : 0;
        const done = at - record.start;
        const n = Math.min((done < plain ? plain : record.size) - done, record.size - done, out.length - i);
        if (done >= plain) out.set(decrypt(at, out.subarray(i, i + n), record.size), i);
        i += n;
        at += n;
      }
      if (headerBytes === 4 && at === record.start + record.size) headerBytes = 0;
    }
    yield out;
  }
}

/** The encryption of an Excel workbook (MS-XLS 2.2.10, 2.4.117). */
export const findXlsLock: FindLock = (ole, main) => {
  const beginning = ole.part(main, 0, BEGINNING_OF_STREAM);
  let version = 0;
  let found: Buffer | undefined;
  for (let at = 0; at + 4 <= beginning.length && found === undefined; ) {
    const [id, size] = [beginning.readUInt16LE(at), beginning.readUInt16LE(at + 2)];
    const data = beginning.subarray(at + 4, at + 4 + size);
    if (id === BEGINNING && version === 0 && size >= 2) version = data.readUInt16LE(0);
    if (id === FILE_PASS) found = data;
    at += 4 + size;
  }
  if (found === undefined) return undefined;
  const how = version === BIFF8 ? found.subarray(2) : found;
  if (version === BIFF8 && found.readUInt16LE(0) !== 0) {
    const rc4 = readRc4(how);
    const patches: LegacyLock['patches'] = (key) => [
      { stream: main, bytes: () => decryptRecords(blocksOf(ole.read(main), PART), createBlocks(rc4, key, BLOCK)) },
    ];
    return { keyOf: rc4.keyOf, patches };
  }
  const [key, verifier] = [how.readUInt16LE(0), how.readUInt16LE(2)];
  return {
    keyOf: async (password) => xorMask(password, key, verifier)?.excel,
    patches: (mask) => [
      {
        stream: main,
        bytes: () =>
          // The mask begins where the record ends, as if that were a place in it (MS-XLS 2.2.10).
          decryptRecords(blocksOf(ole.read(main), PART), (position, bytes, size) =>
            unmaskExcel(bytes, mask, position + size),
          ),
      },
    ],
  };
};
