import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import type { Removed } from '../core/sanitized';
import type { Sanitizer } from './contract';
import { clearContent } from './ooxml-content';
import { clearDrawing } from './ooxml-drawing';
import { clearNames, clearRelationships, type Parts, reachable } from './ooxml-parts';
import { CONTENT_TYPES, clearTypes } from './ooxml-types';
import { svg } from './svg';
import { decodeXml, encodeXml } from './xml';

/** What the files of a document may hold together, unpacked. Bytes. */
const MOST = 512 * 1024 * 1024;
const MOST_PARTS = 20_000;
/** What a document is told to be whose first parts do not say more. */
const ZIP = 'application/zip';

/** By its content, for a part's name says nothing: a mark of UTF, blanks, and then a tag; in two bytes a letter, too. */
const isXml = (bytes: Uint8Array): boolean => {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*</.test(start);
};

/** Counts what is written through it, and breaks off beyond the limit: a header's word on sizes counts for nothing. */
const limited = (count: (bytes: number) => void) =>
  new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      count(chunk.length);
      controller.enqueue(chunk);
    },
  });

const readParts = async (document: Uint8Array, signal: AbortSignal): Promise<Parts> => {
  const zip = new ZipReader(new Uint8ArrayReader(document), { checkSignature: true });
  const parts: Parts = new Map();
  const names = new Set<string>();
  let held = 0;
  for await (const entry of zip.getEntriesGenerator()) {
    signal.throwIfAborted();
    if (entry.directory) continue;
    const name = entry.filename.replace(/^\/+/, '');
    if (entry.encrypted) throw new Error('A part of it is encrypted.');
    // Programs differ in which of two they take.
    if (names.has(name.toLowerCase())) throw new Error('It has two parts of one name.');
    names.add(name.toLowerCase());
    if (parts.size >= MOST_PARTS) throw new Error(`It has more than ${MOST_PARTS} parts.`);
    const { readable, writable } = limited((bytes) => {
      held += bytes;
      if (held > MOST) throw new Error(`It holds more than ${MOST / 1024 / 1024} MiB.`);
    });
    const [bytes] = await Promise.all([new Response(readable).bytes(), entry.getData(writable, { signal })]);
    parts.set(name, isXml(bytes) ? decodeXml(bytes) : bytes);
  }
  return parts;
};

/** Whether a zip has the list that packages have; what nobody can read here is none. */
const isPackage = async (document: Uint8Array): Promise<boolean> => {
  try {
    const zip = new ZipReader(new Uint8ArrayReader(document));
    for await (const { filename } of zip.getEntriesGenerator()) if (filename === CONTENT_TYPES) return true;
  } catch {
    // What is wrong with it is told where it is taken apart.
  }
  return false;
};

/** There are packages of other things, too. */
const isOffice = (parts: Parts): boolean =>
  /\/relationships\/officeDocument["']/.test(String(parts.get('_rels/.rels')));

const writeParts = async (parts: Parts): Promise<Uint8Array> => {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { extendedTimestamp: false });
  for (const [name, content] of parts) {
    const bytes = typeof content === 'string' ? encodeXml(content) : content;
    await zip.add(name, new Uint8ArrayReader(bytes), { lastModDate: new Date(1980, 0, 1) });
  }
  return zip.close();
};

/** Leaves out what no relationship leads to, or none any more. @param inUse what one led to before anything was removed */
const sweep = (parts: Parts, inUse: ReadonlySet<string>): Removed[] => {
  const reached = reachable(parts);
  const removed: Removed[] = [];
  for (const name of parts.keys()) {
    if (name === CONTENT_TYPES || reached.has(name)) continue;
    parts.delete(name);
    if (!inUse.has(name) && !name.endsWith('.rels')) removed.push({ what: 'embedded object', where: name });
  }
  return removed;
};

const clearPart = async (
  name: string,
  source: string,
  gone: ReadonlySet<string>,
  removed: Removed[],
): Promise<string> => {
  // Drawings of old are XML in name only.
  if (/\.vml$/i.test(name)) return clearDrawing(source, removed);
  if (!/\.svg$/i.test(name)) return clearContent(name, source, gone, removed);
  const picture = await svg.sanitize(new TextEncoder().encode(source));
  removed.push(...picture.removed);
  return new TextDecoder().decode(picture.content);
};

/** Word, Excel and PowerPoint documents since 2007: macros, embedded objects, external links and DDE go, and the package is written anew. */
export const ooxml: Sanitizer = {
  id: 'ooxml',
  sanitizes: ({ mime }) =>
    mime.startsWith('application/vnd.openxmlformats-officedocument.') ||
    mime === 'application/encrypted' ||
    mime === ZIP,
  sanitize: async (document, { signal, type }) => {
    if (type.encrypted !== undefined) throw new Error('It is encrypted, and its copy would not be.');
    configure({ useWebWorkers: false });
    if (type.mime === ZIP && !(await isPackage(document))) return undefined;
    const parts = await readParts(document, signal);
    if (type.mime === ZIP && !isOffice(parts)) return undefined;
    const inUse = reachable(parts);
    const { removed, gone } = clearRelationships(parts);
    removed.push(...clearNames(parts), ...sweep(parts, inUse));
    for (const [name, source] of parts) {
      signal.throwIfAborted();
      if (typeof source !== 'string' || name.endsWith('.rels') || name === CONTENT_TYPES) continue;
      parts.set(name, await clearPart(name, source, gone.get(name) ?? new Set(), removed));
    }
    const extension = clearTypes(parts);
    return { content: await writeParts(parts), removed, extension };
  },
};
