import type { FindLock, Patch } from './office-legacy';
import { type Rc4, readRc4 } from './office-rc4';
import type { OleEntry } from './ole-directory';
import type { OleStorage } from './ole-storage';

/** Records (MS-PPT 2.13.24). */
const [USER_EDIT, DIRECTORY, CRYPT_SESSION] = [0x0ff5, 0x1772, 0x2f14];
const HEADER = 8;
/** A user's edit that names an encryption is longer by this field (MS-PPT 2.3.3). Bytes. */
const EDIT_ENCRYPTED = 32;
/** Edits that are followed back, and objects that are found by them. */
const MOST_EDITS = 1000;
const MOST_OBJECTS = 1_000_000;
/** What the stream of the current user says in front (MS-PPT 2.3.2), and where. */
const [TOKEN, TOKEN_AT] = [0xe391c05f, 12];

interface Edit {
  at: number;
  /** The object that tells of the encryption; zero when there is none. */
  session: number;
}

/** The edits of a document, the latest first, and its objects by number; where several have one, the latest. */
const readDirectory = (ole: OleStorage, main: OleEntry, latest: number) => {
  const edits: Edit[] = [];
  const objects = new Map<number, number>();
  const seen = new Set<number>();
  for (let at = latest; at !== 0 && !seen.has(at) && edits.length < MOST_EDITS; ) {
    seen.add(at);
    const edit = ole.part(main, at, HEADER + EDIT_ENCRYPTED);
    if (edit.length < HEADER + 28 || edit.readUInt16LE(2) !== USER_EDIT) break;
    const isLong = edit.readUInt32LE(4) >= EDIT_ENCRYPTED && edit.length >= HEADER + EDIT_ENCRYPTED;
    edits.push({ at, session: isLong ? edit.readUInt32LE(36) : 0 });
    readObjects(ole, main, edit.readUInt32LE(20), objects);
    at = edit.readUInt32LE(16);
  }
  return { edits, objects };
};

const readObjects = (ole: OleStorage, main: OleEntry, at: number, objects: Map<number, number>): void => {
  const header = ole.part(main, at, HEADER);
  if (header.length < HEADER || header.readUInt16LE(2) !== DIRECTORY) return;
  const entries = ole.part(main, at + HEADER, Math.min(header.readUInt32LE(4), MOST_OBJECTS * 4));
  for (let i = 0; i + 4 <= entries.length; ) {
    // Twenty bits are the first number, twelve say how many follow it (MS-PPT 2.3.5).
    const entry = entries.readUInt32LE(i);
    const [first, count] = [entry & 0xf_ffff, entry >>> 20];
    i += 4;
    for (let k = 0; k < count && i + 4 <= entries.length && objects.size < MOST_OBJECTS; k++, i += 4) {
      if (!objects.has(first + k)) objects.set(first + k, entries.readUInt32LE(i));
    }
  }
};

/** The document's stream, each object decrypted by its own number; `plain` are bytes that take the place of others. */
function* decryptObjects(
  parts: Iterable<Uint8Array>,
  rc4: Rc4,
  key: Buffer,
  objects: [at: number, id: number][],
  plain: Map<number, Buffer>,
): Generator<Uint8Array> {
  let [at, next] = [0, 0];
  let cipher: ReturnType<Rc4['cipherOf']> | undefined;
  let header: number[] = [];
  let end = 0;
  for (const part of parts) {
    const out = Buffer.from(part);
    for (let i = 0; i < out.length; ) {
      const upcoming = objects[next];
      if (upcoming !== undefined && upcoming[0] <= at) {
        next++;
        cipher = rc4.cipherOf(key, upcoming[1]);
        header = [];
        end = at + HEADER;
      }
      const stop = Math.min(objects[next]?.[0] ?? Number.POSITIVE_INFINITY, cipher ? end : Number.POSITIVE_INFINITY);
      const n = Math.min(stop - at, out.length - i);
      if (cipher !== undefined) {
        const bytes = cipher(out.subarray(i, i + n));
        out.set(bytes, i);
        if (header.length < HEADER) {
          header.push(...bytes);
          if (header.length === HEADER) end = at + n + Buffer.from(header).readUInt32LE(4);
        }
      }
      at += n;
      i += n;
      if (at >= end && header.length === HEADER) cipher = undefined;
    }
    for (const [place, bytes] of plain) {
      const offset = place - (at - out.length);
      for (const [k, byte] of bytes.entries()) if (out[offset + k] !== undefined) out[offset + k] = byte;
    }
    yield out;
  }
}

/** The encryption of a PowerPoint presentation (MS-PPT 2.3.7 and the list of what is encrypted there). */
export const findPptLock: FindLock = (ole, main) => {
  const user = ole.find(main.storage, 'Current User');
  if (user === undefined) return undefined;
  const current = ole.part(user, 0, 20);
  if (current.length < 20) return undefined;
  const { edits, objects } = readDirectory(ole, main, current.readUInt32LE(16));
  const session = edits.find((edit) => edit.session !== 0)?.session;
  if (session === undefined) return undefined;
  const described = objects.get(session);
  const header = described === undefined ? Buffer.alloc(0) : ole.part(main, described, HEADER);
  if (described === undefined || header.length < HEADER || header.readUInt16LE(2) !== CRYPT_SESSION) {
    throw new Error('The description of its encryption is missing.');
  }
  const rc4 = readRc4(ole.part(main, described + HEADER, Math.min(header.readUInt32LE(4), 4096)));

  return {
    keyOf: rc4.keyOf,
    patches: (key) => {
      const encrypted = [...objects].filter(([id]) => id !== session).map(([id, at]): [number, number] => [at, id]);
      encrypted.sort((a, b) => a[0] - b[0]);
      const plain = new Map(edits.map((edit) => [edit.at + 36, Buffer.alloc(edit.session === 0 ? 0 : 4)]));
      const document: Patch = {
        stream: main,
        bytes: () => decryptObjects(ole.read(main), rc4, key, encrypted, plain),
      };
      const start = ole.part(user, 0, user.size);
      start.writeUInt32LE(TOKEN, TOKEN_AT);
      return [document, { stream: user, bytes: () => [start] }];
    },
  };
};
