import type { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import { Fault } from '../../core/fault';
import type { Place } from '../../core/file';
import type { Backend } from '../contract';
import type { S3ActsDeps } from './acts';
import { attributesOf, toTagging, writeAttributes } from './attributes';
import { readBody, spanOf } from './body';
import { changed, toObjectFault } from './faults';
import { bare, identityOf, quoted, type Version, versionOf } from './identity';
import { keyOf } from './key';

type OpenDeps = Pick<S3ActsDeps, 'bucket' | 'send' | 'where' | 'checkInside'>;

const untold = ({ path }: Place): Fault =>
  new Fault('NOT_POSSIBLE', `${path} has no ETag, so that nobody can tell when it changes.`, {
    hint: 'The server must give one, as S3 does.',
  });

/** Opens objects, each in one exact version. */
export const createOpen = ({ bucket: Bucket, send, where, checkInside }: OpenDeps): Backend['open'] => {
  /** Tags are a request of their own: only for what is opened to be copied, and that is known by its identity. */
  const tagging = async (place: Place, { VersionId, TagCount = 0 }: GetObjectCommandOutput, signal: AbortSignal) => {
    if (TagCount === 0) return undefined;
    const ask = new GetObjectTaggingCommand({ Bucket, Key: keyOf(place), VersionId });
    const { TagSet = [] } = await send((client, abortSignal) => client.send(ask, { abortSignal }), signal);
    return toTagging(TagSet);
  };

  return async (place, { start = 0, end, identity }, signal) => {
    checkInside(place);
    const wanted: Version | undefined = identity === undefined ? undefined : versionOf(identity);
    const range = start === 0 && end === undefined ? undefined : `bytes=${start}-${end === undefined ? '' : end - 1}`;
    const request = new GetObjectCommand({
      Bucket,
      Key: keyOf(place),
      VersionId: wanted?.versionId,
      IfMatch: wanted && quoted(wanted.etag),
      Range: range,
    });
    const toFault = (error: unknown) => {
      signal.throwIfAborted();
      return toObjectFault(error, place.path, where);
    };
    let body: Readable | undefined;
    try {
      const answer = await send((client, abortSignal) => client.send(request, { abortSignal }), signal);
      body = answer.Body as Readable;
      const span = spanOf(answer, { start, end });
      const etag = bare(answer.ETag);
      if (etag === '') throw untold(place);
      const opened = identityOf({ etag, versionId: answer.VersionId });
      // A server that knows no If-Match gives what is there by now.
      if (identity !== undefined && opened !== identity) throw changed(place.path);
      const tags = wanted !== undefined && start === 0 ? await tagging(place, answer, signal) : undefined;
      const pieces = readBody(body, span, signal);
      return {
        size: span.size,
        hash: etag,
        identity: opened,
        attributes: writeAttributes({ ...attributesOf(answer), Tagging: tags }),
        stream: (async function* () {
          try {
            yield* pieces;
          } catch (error) {
            throw toFault(error);
          }
        })(),
      };
    } catch (error) {
      body?.destroy();
      throw toFault(error);
    }
  };
};
