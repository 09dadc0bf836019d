import type { FileType } from '../core/findings';

const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const HEADER = 512;
const ENTRY = 128;
const STREAM = 2;
/** The classes of installers, their patches and transforms: 000C1084, 000C1086, 000C1082. */
const INSTALLERS = /^8[246]100c0000000000c000000000000046$/;

const COMPOUND: FileType = {
  mime: 'application/x-ole-storage',
  description: 'Microsoft OLE compound file',
  container: false,
};
/** Formats by a stream that only they have, the first that is there; names in small letters. */
const BY_STREAM: [string, FileType][] = [
  [
    'encryptedpackage',
    {
      mime: 'application/encrypted',
      description: 'Encrypted Microsoft Office document',
      container: false,
      encrypted: 'document',
    },
  ],
  ['__properties_version1.0', { mime: 'application/vnd.ms-outlook', description: 'Outlook message', container: true }],
  ['worddocument', { mime: 'application/msword', description: 'Microsoft Word 97-2003 document', container: false }],
  [
    'powerpoint document',
    {
      mime: 'application/vnd.ms-powerpoint',
      description: 'Microsoft PowerPoint 97-2003 presentation',
      container: false,
    },
  ],
  ['workbook', { mime: 'application/vnd.ms-excel', description: 'Microsoft Excel 97-2003 workbook', container: false }],
  ['book', { mime: 'application/vnd.ms-excel', description: 'Microsoft Excel 5.0/95 workbook', container: false }],
  ['visiodocument', { mime: 'application/vnd.visio', description: 'Microsoft Visio drawing', container: false }],
];

/** Where the directory's entries begin, in order, as far as the head shows it. */
const entriesIn = (head: Buffer): number[] => {
  const shift = head.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return [];
  const size = 1 << shift;
  const startOf = (sector: number) => (sector + 1) * size;
  // The FAT's first sector tells of more of the file than the head holds.
  const fat = startOf(head.readUInt32LE(76));
  const entries: number[] = [];
  const seen = new Set<number>();
  let sector = head.readUInt32LE(48);
  while (!seen.has(sector) && startOf(sector) + size <= head.length) {
    seen.add(sector);
    for (let at = 0; at < size; at += ENTRY) entries.push(startOf(sector) + at);
    const next = fat + sector * 4;
    if (sector * 4 >= size || next + 4 > head.length) break;
    sector = head.readUInt32LE(next);
  }
  return entries;
};

/** The names of the streams in the root storage, in small letters. */
const rootStreams = (head: Buffer, entries: number[]): Set<string> => {
  const names = new Set<string>();
  const seen = new Set<number>([0]);
  const due = [head.readUInt32LE((entries[0] ?? 0) + 76)];
  for (let entry = due.pop(); entry !== undefined; entry = due.pop()) {
    const start = entries[entry];
    if (start === undefined || seen.has(entry)) continue;
    seen.add(entry);
    if (head[start + 66] === STREAM) {
      const length = Math.min(Math.max(head.readUInt16LE(start + 64) - 2, 0), 62);
      names.add(head.toString('utf16le', start, start + (length & ~1)).toLowerCase());
    }
    due.push(head.readUInt32LE(start + 68), head.readUInt32LE(start + 72));
  }
  return names;
};

/**
 * Tells what an OLE compound file is by its root's streams (MS-CFB 2.6); undefined when it is none.
 * Where the directory lies behind the head, it is only a compound file.
 */
export const identifyOle = (bytes: Uint8Array): FileType | undefined => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (head.length < HEADER || !head.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const entries = entriesIn(head);
  const root = entries[0];
  if (root === undefined) return COMPOUND;
  if (INSTALLERS.test(head.toString('hex', root + 80, root + 96))) {
    return { mime: 'application/x-msi', description: 'Windows installer package', container: true };
  }
  const names = rootStreams(head, entries);
  return BY_STREAM.find(([name]) => names.has(name))?.[1] ?? COMPOUND;
};
