import { closeSync, constants, openSync, rmSync } from 'node:fs';
import type { Identify } from '../content/identify';
import { openFile } from '../content/open';
import { pieceOf } from '../content/piece';
import { bufferFor, digest } from '../content/read';
import { writeAll } from '../content/scratch';
import { nameOf, type Place } from '../core/file';
import type { SanitizedCopy } from '../core/sanitized';
import { version } from '../core/version';
import { sanitizerOf } from '../sanitize/sanitize';
import type { Inspected, Job } from './host';

/** Larger documents are not sanitized: it is done in memory. Bytes. */
const LARGEST = 256 * 1024 * 1024;
/** How much of what was removed is told one by one. */
const SHOWN = 100;

/** How much of a text that comes out of a document is told. Letters. */
const LONGEST = 200;

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

const write = (to: string, content: Uint8Array): void => {
  const fd = openSync(to, NEW_FILE, 0o600);
  try {
    writeAll(fd, content);
  } catch (error) {
    rmSync(to, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
};

/** What a sanitizer says is a sentence about the document; what a library says in it is not. */
const reasonOf = (error: unknown): string => {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST);
  return /^(Its?|A part of it) /.test(message) ? message : `It cannot be read to its end: ${message}.`;
};

const make = async (
  place: Place,
  { to, sha256 }: NonNullable<Job['sanitize']>,
  identify: Identify,
  signal: AbortSignal,
): Promise<SanitizedCopy> => {
  const file = openFile(place);
  if ('why' in file) return { reason: file.message };
  try {
    if (file.size > LARGEST) return { reason: `It is larger than ${LARGEST / 1024 / 1024} MiB.` };
    const read = await digest(file, new Uint8Array(bufferFor(file.size)), signal);
    if (read.sha256 !== sha256) return { reason: 'It is not what was looked into any more.' };
    const type = await identify(read.head);
    const sanitizer = sanitizerOf(type);
    const unsuited = {
      reason: `Nothing here sanitizes this kind of file: ${type.description}.`,
      isUnsuited: true as const,
    };
    if (sanitizer === undefined) return unsuited;
    const document = pieceOf(file.fd, file.size, read.whole).bytes(0, file.size);
    const made = await sanitizer.sanitize(document, { name: nameOf(place.path), type, signal });
    if (made === undefined) return unsuited;
    const { content, removed, extension } = made;
    write(to, content);
    const shown = removed.slice(0, SHOWN).map(({ what, where }) => ({ what, where: where.slice(0, LONGEST) }));
    return { size: content.length, removed: shown, count: removed.length, extension };
  } catch (error) {
    if (signal.aborted) return { reason: 'It took longer than the time for a file.' };
    return { reason: reasonOf(error) };
  } finally {
    file.close();
  }
};

/** Makes a harmless copy of one file, at a path of Assay's own. What goes wrong is in the answer. */
export const sanitizeCopy = async (
  place: Place,
  wish: NonNullable<Job['sanitize']>,
  identify: Identify,
  signal: AbortSignal,
): Promise<Inspected> => {
  const startedAt = Date.now();
  const sanitized = await make(place, wish, identify, signal);
  return { findings: { answers: [], by: version, startedAt, endedAt: Date.now() }, sanitized };
};
