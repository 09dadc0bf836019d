import { opendirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BlobReader, configure, type FileEntry, ZipReader } from '@zip.js/zip.js';

/** A text that may be a record, with where it is from, for people. */
export interface Document {
  from: string;
  /** Undefined when it is larger than any record, or cannot be read. */
  text?: string;
}

/** The largest records of OSV have a few megabytes. */
const LARGEST = 64 * 1024 * 1024;

/** Collects what a member unpacks to, and gives up beyond the limit, whatever its header says. */
const textOf = async (entry: FileEntry): Promise<string | undefined> => {
  const decoder = new TextDecoder();
  let length = 0;
  let text = '';
  const writable = new WritableStream<Uint8Array>({
    write: (piece) => {
      length += piece.length;
      if (length > LARGEST) throw new Error('too large');
      text += decoder.decode(piece, { stream: true });
    },
  });
  try {
    await entry.getData(writable);
    return text + decoder.decode();
  } catch {
    return undefined;
  }
};

async function* inZip(path: string): AsyncGenerator<Document> {
  configure({ useWebWorkers: false });
  const reader = new ZipReader(new BlobReader(Bun.file(path)));
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory || !entry.filename.endsWith('.json')) continue;
      yield { from: `${path}/${entry.filename}`, text: await textOf(entry) };
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new Error(`${path} cannot be read as a zip: ${why}`, { cause }), { code: 'DAMAGED_ZIP' });
  } finally {
    await reader.close();
  }
}

async function* inFolder(path: string): AsyncGenerator<Document> {
  const folder = opendirSync(path);
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) yield* inFolder(inner);
      else if (/\.(json|zip)$/.test(entry.name)) yield* documentsIn(inner);
    }
  } finally {
    folder.closeSync();
  }
}

/**
 * All documents of a folder with what is below it, of a zip, or of a file: one after the other, in flat memory.
 * @throws what the file system says; an Error with the code DAMAGED_ZIP
 */
export async function* documentsIn(path: string): AsyncGenerator<Document> {
  const found = statSync(path);
  if (found.isDirectory()) yield* inFolder(path);
  else if (path.endsWith('.zip')) yield* inZip(path);
  else yield { from: path, text: found.size > LARGEST ? undefined : await Bun.file(path).text() };
}
