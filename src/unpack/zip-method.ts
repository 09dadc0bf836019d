import { deflate64 } from './zip-deflate64';
import { type Decoder, deflate, stored, zstd } from './zip-inflate';

/** How members may be packed (APPNOTE.TXT 4.4.5), with what unpacks them; those without are known by name only. */
const METHODS: Record<number, { name: string; decoder?: Decoder }> = {
  0: { name: 'no compression', decoder: stored },
  1: { name: 'Shrink' },
  2: { name: 'Reduce' },
  3: { name: 'Reduce' },
  4: { name: 'Reduce' },
  5: { name: 'Reduce' },
  6: { name: 'Implode' },
  8: { name: 'Deflate', decoder: deflate },
  9: { name: 'Deflate64', decoder: deflate64 },
  10: { name: 'PKWARE DCL Implode' },
  12: { name: 'bzip2' },
  14: { name: 'LZMA' },
  16: { name: 'IBM CMPSC' },
  18: { name: 'IBM TERSE' },
  19: { name: 'IBM LZ77' },
  20: { name: 'Zstandard', decoder: zstd },
  93: { name: 'Zstandard', decoder: zstd },
  94: { name: 'MP3' },
  95: { name: 'XZ' },
  96: { name: 'JPEG' },
  97: { name: 'WavPack' },
  98: { name: 'PPMd' },
  99: { name: 'AES' },
};

/** Whether any program may know how to unpack it. */
export const isMethod = (method: number): boolean => method in METHODS;

/** What unpacks a method; undefined when nothing here does. */
export const decoderOf = (method: number): Decoder | undefined => METHODS[method]?.decoder;

export const methodName = (method: number): string => METHODS[method]?.name ?? `method ${method}`;
