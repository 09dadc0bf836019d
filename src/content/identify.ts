import { WASMagic } from 'wasmagic';
import wasm from 'wasmagic/dist/libmagic-wrapper.wasm' with { type: 'file' };
import type { FileType } from '../core/findings';
import { identifyMail } from './mail';
import { identifyOle } from './ole';
import { identifySignature, identifyZipBehind } from './signatures';
import { identifyText } from './text';

const EMPTY: FileType = { mime: 'inode/x-empty', description: 'Empty', container: false };

const DATA = 'application/octet-stream';
/** What libmagic names, in words; and what of it holds other files or cannot be read without a password. */
const KNOWN: { [mime: string]: Partial<FileType> & { description: string } } = {
  'application/x-dosexec': { description: 'Windows executable' },
  'application/vnd.microsoft.portable-executable': { description: 'Windows executable' },
  'application/msword': { description: 'Microsoft Word 97-2003 document' },
  'application/vnd.ms-excel': { description: 'Microsoft Excel 97-2003 workbook' },
  'application/x-mach-binary': { description: 'Mach-O executable or library' },
  'application/x-ms-shortcut': { description: 'Windows shortcut' },
  'application/x-java-applet': { description: 'Java class' },
  // Archives that a signature of two bytes or a checksum gives away.
  'application/x-tar': { description: 'tar archive', container: true },
  'application/x-cpio': { description: 'cpio archive', container: true },
  'application/x-arc': { description: 'ARC archive', container: true },
  'application/x-arj': { description: 'ARJ archive', container: true },
  'application/x-lzh-compressed': { description: 'LHA archive', container: true },
  'application/x-lzma': { description: 'LZMA compressed data', container: true },
  'application/zlib': { description: 'zlib compressed data', container: true },
};

/** Tells what a file is by the first 64 KiB of its content. */
export type Identify = (head: Uint8Array) => Promise<FileType>;

/** Makes an identifier; libmagic is loaded when the first file needs it, and serves one thread. */
export const createIdentify = (): Identify => {
  let magic: Promise<WASMagic> | undefined;
  return async (head) => {
    if (head.length === 0) return EMPTY;
    const certain = identifySignature(head) ?? identifyOle(head) ?? identifyMail(head) ?? identifyText(head);
    if (certain !== undefined) return certain;
    magic ??= WASMagic.create({ locateFile: () => wasm } as Parameters<typeof WASMagic.create>[0]);
    const mime = (await magic).detect(Buffer.from(head.buffer, head.byteOffset, head.byteLength)) || DATA;
    if (mime === DATA) return identifyZipBehind(head) ?? { mime, container: false, description: 'Data' };
    return { mime, container: false, ...(KNOWN[mime] ?? { description: mime }) };
  };
};
