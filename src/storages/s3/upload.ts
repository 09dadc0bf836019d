import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Fault } from '../../core/fault';
import type { Attributes } from './attributes';
import type { Send } from './client';
import { bare, quoted, type Version } from './identity';

/** What is not larger is put at once; what is larger, in parts of this size. Bytes. */
const PART = 16 * 1024 * 1024;
/** Parts of one upload that the API takes. */
const MOST_PARTS = 10_000;

/** The object to make. */
export interface Target {
  Bucket: string;
  Key: string;
  attributes: Attributes;
}

/** What the server says that it made. */
export interface Made extends Version {
  isOfParts?: boolean;
}

/** Asks with If-None-Match: *, and without it on a server that does not know it. */
export const ifFree = async <T>(ask: (condition: { IfNoneMatch?: '*' }) => Promise<T>): Promise<T> => {
  try {
    return await ask({ IfNoneMatch: '*' });
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== 501) throw error;
    return ask({});
  }
};

/** The pieces of a stream, put together to parts; at least one, which may be empty. */
async function* partsOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let kept: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    for (let rest = piece; rest.length > 0; ) {
      const taken = rest.subarray(0, PART - size);
      kept.push(taken.slice());
      size += taken.length;
      rest = rest.subarray(taken.length);
      if (size < PART) continue;
      yield Buffer.concat(kept);
      kept = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(kept);
}

const versionOfAnswer = ({ ETag, VersionId }: { ETag?: string; VersionId?: string }): Version => ({
  etag: bare(ETag),
  versionId: VersionId,
});

interface Part {
  PartNumber: number;
  ETag?: string;
}

/** Makes an object of parts; what fails leaves none of them behind. */
const inParts = async (
  send: Send,
  { Bucket, Key, attributes }: Target,
  upload: (UploadId: string) => Promise<Part[]>,
): Promise<Made> => {
  const begin = new CreateMultipartUploadCommand({ Bucket, Key, ...attributes });
  const { UploadId = '' } = await send((client, abortSignal) => client.send(begin, { abortSignal }));
  try {
    const Parts = await upload(UploadId);
    const made = await ifFree((condition) => {
      const end = new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts },
        ...condition,
      });
      return send((client, abortSignal) => client.send(end, { abortSignal }));
    });
    return { ...versionOfAnswer(made), isOfParts: true };
  } catch (error) {
    const abort = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
    await send((client, abortSignal) => client.send(abort, { abortSignal })).catch(() => {});
    throw error;
  }
};

/**
 * Makes an object of a stream where nothing has its key; once more under another key, as long as the stream was not longer than one part.
 * @throws what the client throws; 412 when something has the key
 */
export const createUpload = (send: Send, content: AsyncIterable<Uint8Array>) => {
  const parts = partsOf(content);
  let begun: Promise<[IteratorResult<Uint8Array, void>, IteratorResult<Uint8Array, void>]> | undefined;
  let isSpent = false;
  const begin = async () => {
    const first = await parts.next();
    return [first, first.done ? first : await parts.next()] satisfies [unknown, unknown];
  };

  return async (target: Target): Promise<Made> => {
    const { Bucket, Key, attributes } = target;
    begun ??= begin() as NonNullable<typeof begun>;
    const [first, second] = await begun;
    if (second.done) {
      const Body = first.done ? new Uint8Array() : first.value;
      const made = await ifFree((condition) => {
        const put = new PutObjectCommand({ Bucket, Key, Body, ...attributes, ...condition });
        return send((client, abortSignal) => client.send(put, { abortSignal }));
      });
      return versionOfAnswer(made);
    }
    if (isSpent)
      throw new Fault('BUSY', 'Somebody else put something of the same name there in this moment.', {
        hint: 'Try again.',
      });
    isSpent = true;
    return inParts(send, target, async (UploadId) => {
      const done: Part[] = [];
      for (
        let part: IteratorResult<Uint8Array, void> = first;
        !part.done;
        part = done.length === 1 ? second : await parts.next()
      ) {
        const PartNumber = done.length + 1;
        if (PartNumber > MOST_PARTS) {
          throw new Fault(
            'NOT_POSSIBLE',
            `It has more than ${MOST_PARTS * PART} bytes, which is more than can be put into a bucket.`,
          );
        }
        const put = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: part.value });
        const { ETag } = await send((client, abortSignal) => client.send(put, { abortSignal }));
        done.push({ PartNumber, ETag });
      }
      return done;
    });
  };
};

/** A large object copied by the server in ranges of `part` bytes. */
export const copyInParts = (
  send: Send,
  target: Target,
  source: { CopySource: string; etag: string; size: number },
  part: number,
): Promise<Made> =>
  inParts(send, target, async (UploadId) => {
    const { Bucket, Key } = target;
    const done: Part[] = [];
    for (let start = 0; start < source.size; start += part) {
      const PartNumber = done.length + 1;
      const copy = new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber,
        CopySource: source.CopySource,
        CopySourceIfMatch: quoted(source.etag),
        CopySourceRange: `bytes=${start}-${Math.min(start + part, source.size) - 1}`,
      });
      const { CopyPartResult } = await send((client, abortSignal) => client.send(copy, { abortSignal }));
      done.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    return done;
  });
