import type { Identify } from '../content/identify';
import { openFile, toUnread } from '../content/open';
import { pieceOf } from '../content/piece';
import { digest } from '../content/read';
import type { Scratch } from '../content/scratch';
import { nameOf } from '../core/file';
import type { Content, EngineAnswer, Inside, Unread } from '../core/findings';
import { sameAgain } from '../engines/ask';
import { createPasswords } from '../unpack/passwords';
import type { Inspected, Job } from './host';
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

/** What lay in the file before, when each engine would say the same of it again. */
const sameInside = (job: Job, sha256: string, asked: Ready[]): Inside | undefined => {
  const inside = job.earlier?.sha256 === sha256 ? job.earlier.inside : undefined;
  return inside?.whole &&
    inside.terms === termsOf(job) &&
    asked.every((ready) => sameAgain(ready, ready.definitions, inside.answers, job.showSensitive) !== undefined)
    ? inside
    : undefined;
};

export interface Inspecting {
  /** The engines that run. */
  engines: Ready[];
  identify: Identify;
  scratch: Scratch;
  /** The time for the file. */
  signal: AbortSignal;
}

/**
 * Looks into one file: opens it once, hashes it, tells its type, asks the engines, and does the same with all that lies in it.
 * What goes wrong with the file is in the findings.
 */
export const inspect = async (job: Job, { engines, identify, scratch, signal }: Inspecting): Promise<Inspected> => {
  const startedAt = Date.now();
  const unread = (why: Unread, content?: Content): Inspected => ({
    findings: { content, unread: why, answers: [], startedAt, endedAt: Date.now() },
  });

  const file = openFile(job.place);
  if ('why' in file) return unread(file);
  try {
    if (job.maxFileSize !== undefined && file.size > job.maxFileSize) {
      return unread({
        why: 'tooBig',
        message: `It has ${file.size} bytes; the workflow looks into files of up to ${job.maxFileSize}.`,
      });
    }
    const digested = await digest(file, signal);
    if (digested.length !== file.size && !file.hasChanged()) return unread(OTHER_SIZE);
    const path = job.place.raw === undefined ? job.place.path : Buffer.from(job.place.raw).toString();
    const name = nameOf(path);
    const piece = pieceOf(file.fd, file.size, digested.whole);
    const content = await contentOf(piece, digested, name, identify);
    const { sha256 } = content;
    const asked = job.engines === 'all' ? engines : engines.filter(({ engine }) => job.engines.includes(engine.id));
    const known = sameInside(job, sha256, asked);
    const passwords = createPasswords(job.passwords);
    const look = createLook({
      engines: asked,
      unpackBy: job.unpackBy,
      isKnown: known !== undefined,
      limits: job.limits,
      size: file.size,
      passwords,
      showSensitive: job.showSensitive ?? false,
      scratch,
      identify,
      signal,
    });
    const earlier = job.earlier?.sha256 === sha256 ? job.earlier.answers : [];
    const { answers, takenApart, troubles } = await look.file({ piece, content, path, name, level: 0 }, earlier);
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
        inside: known ?? (takenApart ? insideOf(look, termsOf(job)) : undefined),
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
  }
};
