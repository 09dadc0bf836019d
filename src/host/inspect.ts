import type { Buffers } from '../content/buffers';
import type { Identify } from '../content/identify';
import { mismatchOf } from '../content/mismatch';
import { type OpenFile, openFile, toUnread } from '../content/open';
import { pieceOf } from '../content/piece';
import { bufferFor, type Digest, digest, digestSha256 } from '../content/read';
import type { Scratch } from '../content/scratch';
import { type Known, nameOf } from '../core/file';
import type { Content, EngineAnswer, FileType, Inside, Unread } from '../core/findings';
import { version } from '../core/version';
import { sameAgain } from '../engines/ask';
import { createPasswords } from '../unpack/passwords';
import type { Inspected, Inspection, Job } from './host';
import { insideOf } from './inside';
import { contentOf, createLook, type Ready } from './look';

/** An engine that a workflow wants and that does not run: its silence must not pass for its word. */
const missing = (id: string): EngineAnswer => ({
  engineId: id,
  engineName: id,
  status: 'failed',
  reason: 'the workflow names this engine, but it does not run',
  retry: false,
  looksInside: false,
  scanTime: 0,
});

const CHANGED: Unread = { why: 'changed', message: 'It was being changed while it was looked into.' };

/** Some file systems make files up as they are read (proc(5), FUSE): engines that go by the size would not see what is in them. */
const OTHER_SIZE: Unread = { why: 'changed', message: 'It holds more, or less, than its size says.' };

const termsOf = ({ unpackBy, limits }: Job): string => Bun.hash(JSON.stringify([unpackBy, limits])).toString(36);

/** What lay in the same content before, taken apart to its end in the same way. */
const insideBefore = (job: Job, known: Known | undefined): Inside | undefined =>
  known?.inside?.whole && known.inside.terms === termsOf(job) ? known.inside : undefined;

/** The same engines would say the same again of what lies in it, and the same would come of that. */
const isSameAgain = (inside: Inside, asked: Ready[], { judging, showSensitive }: Job): boolean =>
  inside.judging === judging &&
  inside.answers.every(({ engineId }) => asked.some(({ engine }) => engine.id === engineId)) &&
  asked.every((ready) => sameAgain(ready, ready.definitions, inside.answers, showSensitive) !== undefined);

/** The answers that are known to be those about every member, by what a member is. */
const answersOfMembers = ({ answers, unanimous }: Inside) => {
  const about = (isPlain: boolean) =>
    answers.flatMap((answer) => {
      const how = unanimous.find(({ engineId }) => engineId === answer.engineId);
      if (how === undefined || (how.ofPlain && !isPlain)) return [];
      return how.ofPlain ? { ...answer, looksInside: false } : answer;
    });
  const [ofAll, ofPlain] = [about(false), about(true)];
  return ({ container, encrypted }: FileType) => (container || encrypted !== undefined ? ofAll : ofPlain);
};

/** Hashes a file by as little as tells what is to be done with it. */
const read = async (
  file: OpenFile,
  buffer: Uint8Array,
  { earlier, mayHoldOther }: Job,
  signal: AbortSignal,
): Promise<Digest | { holds: string }> => {
  if (earlier?.content === undefined && !mayHoldOther) return digest(file, buffer, signal);
  const first = await digestSha256(file, buffer, signal);
  const isSame = first.sha256 === earlier?.sha256;
  if (!isSame && mayHoldOther) return { holds: first.sha256 };
  if (!isSame || earlier.content === undefined) return digest(file, buffer, signal);
  const { sha1, md5 } = earlier.content;
  return { ...first, sha1, md5 };
};

export interface Inspecting {
  /** The engines that run. */
  engines: Ready[];
  identify: Identify;
  scratch: Scratch;
  buffers: Buffers;
  /** The time for the file. */
  signal: AbortSignal;
}

/**
 * Looks into one file: opens it once, hashes it, tells its type, asks the engines, and does the same with all that lies in it.
 * What goes wrong with the file is in the findings.
 */
export const inspect = async (
  job: Job,
  { engines, identify, scratch, buffers, signal }: Inspecting,
): Promise<Inspection> => {
  const startedAt = Date.now();
  const unread = (why: Unread, content?: Content, identity?: string): Inspected => ({
    findings: { content, unread: why, answers: [], identity, by: version, startedAt, endedAt: Date.now() },
  });

  const file = openFile(job.open === undefined ? job.place : { path: job.open });
  if ('why' in file) return unread(file);
  let buffer: Uint8Array | undefined;
  try {
    if (job.maxFileSize !== undefined && file.size > job.maxFileSize) {
      const message = `It has ${file.size} bytes; the workflow looks into files of up to ${job.maxFileSize}.`;
      return unread({ why: 'tooBig', message }, undefined, file.identity);
    }
    buffer = buffers.take(bufferFor(file.size));
    const digested = await read(file, buffer, job, signal);
    if ('holds' in digested) return digested;
    if (digested.length !== file.size && !file.hasChanged()) return unread(OTHER_SIZE);
    const path = job.place.raw === undefined ? job.place.path : Buffer.from(job.place.raw).toString();
    const name = nameOf(path);
    const piece = pieceOf(file.fd, file.size, digested.whole);
    const earlier = job.earlier?.sha256 === digested.sha256 ? job.earlier : undefined;
    const content = earlier?.content
      ? { ...earlier.content, mismatch: mismatchOf(name, earlier.content.type) }
      : await contentOf(piece, digested, name, identify);
    const asked = job.engines === 'all' ? engines : engines.filter(({ engine }) => job.engines.includes(engine.id));
    const { showSensitive = false } = job;
    const before = insideBefore(job, earlier);
    const known = before && isSameAgain(before, asked, job) ? before : undefined;
    const passwords = createPasswords(job.passwords);
    const look = createLook({
      engines: asked,
      unpackBy: job.unpackBy,
      isKnown: known !== undefined,
      ofMembers: before === undefined ? () => [] : answersOfMembers(before),
      limits: job.limits,
      size: file.size,
      passwords,
      showSensitive,
      scratch,
      identify,
      signal,
    });
    const { answers, takenApart, troubles } = await look.file(
      { piece, content, path, name, level: 0 },
      earlier?.answers ?? [],
    );
    // If it changed since it was opened, nobody knows what was hashed and what the engines saw.
    if (file.hasChanged()) return unread(CHANGED, content);
    const absent =
      job.engines === 'all' ? [] : job.engines.filter((id) => !engines.some(({ engine }) => engine.id === id));
    return {
      findings: {
        content,
        answers: [...answers, ...absent.map(missing)],
        takenApart,
        troubles,
        inside: known ?? (takenApart ? insideOf(look, { terms: termsOf(job), judging: job.judging }) : undefined),
        identity: file.identity,
        by: version,
        startedAt,
        endedAt: Date.now(),
      },
      members: known === undefined && look.members.length > 0 ? look.members : undefined,
      usedPassword: passwords.lastUsed(),
    };
  } catch (error) {
    if (signal.aborted) return unread({ why: 'timeout', message: `It was not read within ${job.timeout} ms.` });
    return unread(toUnread(error));
  } finally {
    file.close();
    // An engine that was given up may still hold it.
    if (buffer !== undefined && !signal.aborted) buffers.give(buffer);
  }
};
