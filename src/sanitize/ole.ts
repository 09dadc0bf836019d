import CFB from 'cfb';
import type { Removed } from '../core/sanitized';
import type { Sanitizer } from './contract';

const TYPES = /^application\/(msword|vnd\.ms-excel)$/;

/** Storages and streams that hold macros and embedded objects (MS-DOC 2.1, MS-XLS 2.1.7), by a part of their path. */
const ACTING: [RegExp, Removed['what']][] = [
  [/^Macros\//i, 'macro'],
  [/^_VBA_PROJECT_CUR\//i, 'macro'],
  [/^(VBA|PROJECT|PROJECTwm)(\/|$)/i, 'macro'],
  [/^ObjectPool\//i, 'embedded object'],
  [/^MBD[0-9A-F]{8}\//i, 'embedded object'],
  [/\u0001Ole10Native$/i, 'embedded object'],
];

interface Entry {
  type: number;
  content: Uint8Array;
}

/** Kinds of sheet that hold macros of Excel 4.0 and before (MS-XLS 2.4.28). */
const MACRO_SHEET = 1;
const VBA_SHEET = 6;
const BOUND_SHEET = 0x85;
const SUP_BOOK = 0x1ae;
const OBJ_PROJ = 0xd3;

/** The records of a workbook's stream, in place. */
function* recordsOf(stream: Uint8Array): Generator<{ type: number; at: number; data: Uint8Array }> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at + 4 <= stream.length; ) {
    const length = view.getUint16(at + 2, true);
    yield { type: view.getUint16(at, true), at, data: stream.subarray(at + 4, at + 4 + length) };
    at += 4 + length;
  }
}

/** @throws where macros or links lie among the cells, which cannot be taken out of there */
const clearWorkbook = (stream: Uint8Array): void => {
  for (const { type, at, data } of recordsOf(stream)) {
    const kind = data[5];
    if (type === BOUND_SHEET && (kind === MACRO_SHEET || kind === VBA_SHEET)) {
      throw new Error('It has a sheet of macros of Excel 4.0, which cannot be taken out.');
    }
    // A workbook's own (two bytes 0x0401) and that of add-ins (0x3A01) name no file (MS-XLS 2.4.271).
    const isOwn = data[3] === 0x04 || data[3] === 0x3a;
    if (type === SUP_BOOK && !(isOwn && data[2] === 0x01)) {
      throw new Error('Its cells refer to other files or programs, which cannot be taken out.');
    }
    // That it has a macro project, which it has no more: a record of no meaning instead.
    if (type === OBJ_PROJ) stream[at] = 0x5c;
  }
};

/** A field's beginning and the names that exchange data, in one byte a letter or in two (MS-DOC 2.8.25). */
const DDE = [
  /\x13\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT)/gi,
  /\x13\0(?:\s\0)*((?:D\0D\0E\0(?:A\0U\0T\0O\0)?)|L\0I\0N\0K\0|I\0N\0C\0L\0U\0D\0E\0(?:T\0E\0X\0T|P\0I\0C\0T\0U\0R\0E)\0?)/gi,
];

/** Blanks the names of fields that act, in place: what is left is a field that nobody knows. */
const clearText = (stream: Uint8Array, removed: Removed[]): void => {
  const text = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength).toString('latin1');
  for (const pattern of DDE) {
    for (const match of text.matchAll(pattern)) {
      const [whole, name = ''] = match;
      const from = match.index + whole.length - name.length;
      for (let i = from; i < from + name.length; i++) if (stream[i] !== 0) stream[i] = 0x20;
      removed.push({ what: 'dynamic data exchange', where: name.replaceAll('\0', '') });
    }
  }
};

/** Word and Excel documents up to 2003: macros and embedded objects go with their storages; what lies among text and cells is blanked, or refused. */
export const ole: Sanitizer = {
  id: 'ole',
  sanitizes: ({ mime, encrypted }) => TYPES.test(mime) && encrypted === undefined,
  sanitize: async (document) => {
    const removed: Removed[] = [];
    const source = CFB.read(document, { type: 'array' });
    const [root = ''] = source.FullPaths;
    const target = CFB.utils.cfb_new();
    for (const [index, path] of source.FullPaths.entries()) {
      const { type, content } = source.FileIndex[index] as unknown as Entry;
      const name = path.slice(root.length);
      const what = ACTING.find(([pattern]) => pattern.test(name))?.[1];
      if (what !== undefined) {
        if (type === 2) removed.push({ what, where: name.replaceAll(/[\u0000-\u001f]/g, '') });
        continue;
      }
      if (type !== 2) continue;
      const bytes = new Uint8Array(content);
      if (name === 'Workbook' || name === 'Book') clearWorkbook(bytes);
      if (name === 'WordDocument') clearText(bytes, removed);
      CFB.utils.cfb_add(target, `/${name}`, bytes);
    }
    const written = CFB.write(target, { type: 'array' }) as unknown as Uint8Array;
    return { content: new Uint8Array(written), removed };
  },
};
