import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import type { Removed } from '../core/sanitized';
import type { Sanitizer } from './contract';
import { clearContent } from './ooxml-content';
import { clearNames, clearRelationships, type Parts } from './ooxml-parts';
import { clearTypes } from './ooxml-types';
import { decodeXml } from './xml';

/** What the files of a document may hold together, unpacked. Bytes. */
const MOST = 512 * 1024 * 1024;
const MOST_PARTS = 20_000;

const isXml = (name: string): boolean => /\.(xml|rels|vml)$/i.test(name);

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
  let held = 0;
  for await (const entry of zip.getEntriesGenerator()) {
    signal.throwIfAborted();
    if (entry.directory) continue;
    const name = entry.filename.replace(/^\/+/, '');
    if (entry.encrypted) throw new Error('A part of it is encrypted.');
    // Programs differ in which of two they take.
    if (parts.has(name)) throw new Error('It has two parts of one name.');
    if (parts.size >= MOST_PARTS) throw new Error(`It has more than ${MOST_PARTS} parts.`);
    const { readable, writable } = limited((bytes) => {
      held += bytes;
      if (held > MOST) throw new Error(`It holds more than ${MOST / 1024 / 1024} MiB.`);
    });
    const [bytes] = await Promise.all([new Response(readable).bytes(), entry.getData(writable, { signal })]);
    parts.set(name, isXml(name) ? decodeXml(bytes) : bytes);
  }
  return parts;
};

const writeParts = async (parts: Parts): Promise<Uint8Array> => {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { extendedTimestamp: false });
  for (const [name, content] of parts) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    await zip.add(name, new Uint8ArrayReader(bytes), { lastModDate: new Date(1980, 0, 1) });
  }
  return zip.close();
};

// An encoding that the declaration names and the text has no more would keep the part from being read.
const inUtf8 = (source: string): string =>
  source.replace(/^\uFEFF?(<\?xml[^>]*?)\s+encoding=(["'])[^"']*\2/, '$1 encoding="UTF-8"');

/** Word, Excel and PowerPoint documents since 2007: macros, embedded objects, external links and DDE go, and the package is written anew. */
export const ooxml: Sanitizer = {
  id: 'ooxml',
  sanitizes: ({ mime, encrypted }) =>
    mime.startsWith('application/vnd.openxmlformats-officedocument.') && encrypted === undefined,
  sanitize: async (document, { signal }) => {
    configure({ useWebWorkers: false });
    const parts = await readParts(document, signal);
    const { removed, gone } = clearRelationships(parts);
    removed.push(...clearNames(parts));
    const found: Removed[] = [];
    for (const [name, source] of parts) {
      signal.throwIfAborted();
      if (typeof source !== 'string' || name.endsWith('.rels') || name === '[Content_Types].xml') continue;
      // Drawings of old are XML in name only; nothing in them acts but what they refer to.
      if (/\.vml$/i.test(name)) continue;
      parts.set(name, clearContent(name, source, gone.get(name) ?? new Set(), found));
    }
    const extension = clearTypes(parts);
    for (const [name, source] of parts) if (typeof source === 'string') parts.set(name, inUtf8(source));
    return { content: await writeParts(parts), removed: [...removed, ...found], extension };
  },
};
