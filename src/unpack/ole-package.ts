import type { Member } from './contract';
import type { OleEntry } from './ole-directory';
import type { OleStorage } from './ole-storage';

/** A file within a stream, from `start` up to but not including `end`. */
export interface Packed {
  name: string;
  start: number;
  end: number;
}

/** Paths of the file's former place are before it; they do not fill more than this. Bytes. */
export const LONGEST_HEAD = 16 * 1024;

/**
 * Where the file lies in an OLE package: size, 2, label, path, 4 bytes, size and path of a temporary copy, size, content. Nowhere
 * specified; the structure is that of the packager's objects, as found in documents.
 */
export const findPacked = (head: Buffer, size: number): Packed | undefined => {
  const text = (at: number): [string, number] | undefined => {
    const end = head.indexOf(0, at);
    return end < 0 ? undefined : [head.toString('latin1', at, end), end + 1];
  };
  if (head.length < 6 || head.readUInt16LE(4) !== 2) return undefined;
  const label = text(6);
  const path = label && text(label[1]);
  if (path === undefined || path[1] + 8 > head.length) return undefined;
  const content = path[1] + 8 + head.readUInt32LE(path[1] + 4);
  if (content + 4 > head.length) return undefined;
  const start = content + 4;
  const end = start + head.readUInt32LE(content);
  if (end > size) return undefined;
  return { name: label?.[0] || (path[0].split(/[\\/]/).pop() ?? ''), start, end };
};

export function* slice(parts: Iterable<Uint8Array>, start: number, end: number): Generator<Uint8Array> {
  let at = 0;
  for (const part of parts) {
    const from = Math.max(0, start - at);
    if (from < part.length) yield part.subarray(from, Math.max(from, Math.min(part.length, end - at)));
    at += part.length;
    if (at >= end) return;
  }
}

/** The file that a stream of an embedded object holds; with no such file, what follows the object's size. */
export const openOlePackage = (ole: OleStorage, stream: OleEntry): Member => {
  const file = findPacked(ole.part(stream, 0, LONGEST_HEAD), stream.size) ?? {
    name: 'object',
    start: 4,
    end: stream.size,
  };
  return {
    name: stream.storage === '' ? file.name : `${stream.storage}/${file.name}`,
    size: file.end - file.start,
    open: async function* () {
      yield* slice(ole.read(stream), file.start, file.end);
    },
  };
};
