import CFB from 'cfb';
import type { Removed } from '../core/sanitized';
import type { Sanitizer } from './contract';
import { clearWorkbook } from './ole-excel';
import { clearPresentation } from './ole-powerpoint';
import { clearWord } from './ole-word';

/** The last one for those whose directory lies far behind. */
const TYPES = /^application\/(msword|vnd\.ms-(excel|powerpoint)|x-ole-storage)$/;
/** The streams that programs begin with. */
const MAIN = ['worddocument', 'workbook', 'book', 'powerpoint document'];

/** Storages and streams that hold macros and embedded objects (MS-DOC 2.1, MS-XLS 2.1.7), by a part of their path. */
const ACTING: [RegExp, Removed['what']][] = [
  [/^Macros\//i, 'macro'],
  [/^_VBA_PROJECT_CUR\//i, 'macro'],
  [/^(VBA|PROJECT|PROJECTwm)(\/|$)/i, 'macro'],
  [/^ObjectPool\//i, 'embedded object'],
  [/^MBD[0-9A-F]{8}\//i, 'embedded object'],
  [/^LNK[0-9A-F]{8}\//i, 'external link'],
  [/^Ctls$/i, 'embedded object'],
  [/^PP97_DUALSTORAGE\//i, 'embedded object'],
  [/\u0001Ole10Native$/i, 'embedded object'],
];

interface Entry {
  type: number;
  content: Uint8Array;
}
const STREAM = 2;

/** Word, Excel and PowerPoint documents up to 2003: macros and embedded objects go with their storages; what lies among text and cells is blanked, or refused. */
export const ole: Sanitizer = {
  id: 'ole',
  sanitizes: ({ mime, encrypted }) => TYPES.test(mime) && encrypted === undefined,
  sanitize: async (document) => {
    const removed: Removed[] = [];
    const source = CFB.read(document, { type: 'array' });
    const [root = ''] = source.FullPaths;
    // Names are the same in letters of either case.
    const streams = new Map<string, { name: string; bytes: Uint8Array }>();
    for (const [index, path] of source.FullPaths.entries()) {
      const { type, content } = source.FileIndex[index] as unknown as Entry;
      const name = path.slice(root.length);
      if (type !== STREAM) continue;
      if (streams.has(name.toLowerCase())) throw new Error('It has two streams of one name.');
      const what = ACTING.find(([pattern]) => pattern.test(name))?.[1];
      if (what === undefined) streams.set(name.toLowerCase(), { name, bytes: new Uint8Array(content) });
      else removed.push({ what, where: name.replaceAll(/[\u0000-\u001f]/g, '') });
    }
    if (!MAIN.some((name) => streams.has(name))) return undefined;
    clear((name) => streams.get(name.toLowerCase())?.bytes, removed);
    const target = CFB.utils.cfb_new();
    for (const { name, bytes } of streams.values()) CFB.utils.cfb_add(target, `/${name}`, bytes);
    const written = CFB.write(target, { type: 'array' }) as unknown as Uint8Array;
    return { content: new Uint8Array(written), removed };
  },
};

/** Goes through the streams that programs begin with, whatever the document is said to be. */
const clear = (stream: (name: string) => Uint8Array | undefined, removed: Removed[]): void => {
  const [text, workbook, slides] = ['WordDocument', 'Workbook', 'PowerPoint Document'].map(stream);
  if (stream('Book') !== undefined) throw new Error('It is for Excel 5.0 or 95, or for these, too.');
  if (text !== undefined) clearWord(text, stream, removed);
  if (workbook !== undefined) clearWorkbook(workbook);
  if (slides !== undefined) clearPresentation(slides, stream('Current User'), removed);
};
