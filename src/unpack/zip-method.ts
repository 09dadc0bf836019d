import { type Decoder, deflate, stored, zstd } from './zip-inflate';

/** How members may be packed (APPNOTE.TXT 4.4.5), with what unpacks them: code of node:zlib, or 7-Zip; those without are known by name only. */
const METHODS: Record<number, { name: string; decoder?: Decoder | 'sevenzip' }> = {
  0: { name: 'no compression', decoder: stored },
  1: { name: 'Shrink', decoder: 'sevenzip' },
  2: { name: 'Reduce' },
  3: { name: 'Reduce' },
  4: { name: 'Reduce' },
  5: { name: 'Reduce' },
  6: { name: 'Implode', decoder: 'sevenzip' },
  8: { name: 'Deflate', decoder: deflate },
  9: { name: 'Deflate64', decoder: 'sevenzip' },
  10: { name: 'PKWARE DCL Implode' },
  12: { name: 'bzip2', decoder: 'sevenzip' },
  14: { name: 'LZMA', decoder: 'sevenzip' },
  16: { name: 'IBM CMPSC' },
  18: { name: 'IBM TERSE' },
  19: { name: 'IBM LZ77' },
  20: { name: 'Zstandard', decoder: zstd },
  93: { name: 'Zstandard', decoder: zstd },
  94: { name: 'MP3' },
  95: { name: 'XZ', decoder: 'sevenzip' },
  96: { name: 'JPEG' },
  97: { name: 'WavPack' },
  98: { name: 'PPMd', decoder: 'sevenzip' },
  99: { name: 'AES' },
};

/** Whether any program may know how to unpack it. */
export const isMethod = (method: number): boolean => method in METHODS;

/** What unpacks a method; undefined when nothing here does. @param bySevenZip for what 7-Zip unpacks */
export const decoderOf = (method: number, bySevenZip: (method: number) => Decoder): Decoder | undefined => {
  const decoder = METHODS[method]?.decoder;
  return decoder === 'sevenzip' ? bySevenZip(method) : decoder;
};

export const methodName = (method: number): string => METHODS[method]?.name ?? `method ${method}`;
