import { WASMagic } from 'wasmagic';
import wasm from 'wasmagic/dist/libmagic-wrapper.wasm' with { type: 'file' };
import type { FileType } from '../core/findings';
import { identifyOle } from './ole';
import { identifySignature } from './signatures';
import { identifyText } from './text';

const EMPTY: FileType = { mime: 'inode/x-empty', description: 'Empty', container: false };

/** What libmagic names, in words; and what of it holds other files or cannot be read without a password. */
const KNOWN: { [mime: string]: Partial<FileType> & { description: string } } = {
  'application/octet-stream': { description: 'Data' },
  'application/x-dosexec': { description: 'Windows executable' },
  'application/vnd.microsoft.portable-executable': { description: 'Windows executable' },
  'application/msword': { description: 'Microsoft Word 97-2003 document' },
  'application/vnd.ms-excel': { description: 'Microsoft Excel 97-2003 workbook' },
  'application/vnd.ms-tnef': { description: 'TNEF attachment', container: true },
  'application/x-arj': { description: 'ARJ archive', container: true },
  'application/x-lzh-compressed': { description: 'LHA archive', container: true },
  'application/x-lzma': { description: 'LZMA compressed data', container: true },
  'application/x-compress': { description: 'compress(1) data', container: true },
  'application/zlib': { description: 'zlib compressed data', container: true },
};

/** Tells what a file is by the first 64 KiB of its content. */
export type Identify = (head: Uint8Array) => Promise<FileType>;

/** Makes an identifier; libmagic is loaded when the first file needs it, and serves one thread. */
export const createIdentify = (): Identify => {
  let magic: Promise<WASMagic> | undefined;
  return async (head) => {
    if (head.length === 0) return EMPTY;
    const certain = identifySignature(head) ?? identifyOle(head) ?? identifyText(head);
    if (certain !== undefined) return certain;
    magic ??= WASMagic.create({ locateFile: () => wasm } as Parameters<typeof WASMagic.create>[0]);
    const mime =
      (await magic).detect(Buffer.from(head.buffer, head.byteOffset, head.byteLength)) || 'application/octet-stream';
    return { mime, container: false, ...(KNOWN[mime] ?? { description: mime }) };
  };
};
