import type { Identify } from '../content/identify';
import { openFile, toUnread } from '../content/open';
import { type Digest, digest, readAt, streamOf } from '../content/read';
import type { Content, EngineAnswer, Findings, Unread } from '../core/findings';
import { type Asked, ask, sameAgain } from '../engines/ask';
import type { Definitions, EngineFile } from '../engines/contract';
import type { Job } from './host';

/** An engine with the definitions that its answers of this group were given with. */
export type Ready = Asked & { definitions?: Definitions };

const engineFile = (job: Job, fd: number, size: number, content: Content, { whole }: Digest): EngineFile => ({
  path: job.place.raw === undefined ? job.place.path : Buffer.from(job.place.raw).toString(),
  fd,
  size,
  sha256: content.sha256,
  sha1: content.sha1,
  md5: content.md5,
  type: content.type.mime,
  bytes: async (start = 0, end = size) => {
    if (whole !== undefined) return whole.subarray(start, end);
    const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
    return bytes.subarray(0, readAt(fd, bytes, start));
  },
  stream: () => streamOf(fd, size),
});

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

/** Looks into one file: opens it once, hashes it, tells its type, asks the engines. What goes wrong with the file is in the findings. */
export const inspect = async (
  job: Job,
  engines: Ready[],
  identify: Identify,
  signal: AbortSignal,
): Promise<Findings> => {
  const startedAt = Date.now();
  const unread = (why: Unread, content?: Content): Findings => ({
    content,
    unread: why,
    answers: [],
    startedAt,
    endedAt: Date.now(),
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
    const { sha256, sha1, md5 } = digested;
    const content: Content = { size: file.size, sha256, sha1, md5, type: await identify(digested.head) };
    const seen = engineFile(job, file.fd, file.size, content, digested);
    const asked = job.engines === 'all' ? engines : engines.filter(({ engine }) => job.engines.includes(engine.id));
    const earlier = job.earlier?.sha256 === sha256 ? job.earlier.answers : [];
    const answers = await Promise.all(
      asked.map((ready) => sameAgain(ready, ready.definitions, earlier) ?? ask(ready, seen, ready.definitions, signal)),
    );
    // If it changed since it was opened, nobody knows what was hashed and what the engines saw.
    if (file.hasChanged()) return unread(CHANGED, content);
    const absent =
      job.engines === 'all' ? [] : job.engines.filter((id) => !engines.some(({ engine }) => engine.id === id));
    return { content, answers: [...answers, ...absent.map(missing)], startedAt, endedAt: Date.now() };
  } catch (error) {
    if (signal.aborted) return unread({ why: 'timeout', message: `It was not read within ${job.timeout} ms.` });
    return unread(toUnread(error));
  } finally {
    file.close();
  }
};
