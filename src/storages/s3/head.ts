import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { Fault, type FaultCode } from '../../core/fault';
import type { Place } from '../../core/file';
import type { Claim } from '../act';
import type { Stated } from '../contract';
import type { S3ActsDeps } from './acts';
import { type Attributes, attributesOf, isMadeBy } from './attributes';
import { changed, toObjectFault } from './faults';
import { bare, identityOf, sizeOf, stampOf, timeOf, type Version } from './identity';
import { keyOf } from './key';

/** An object as it is now. */
export interface Headed extends Version {
  stated: Stated;
  attributes: Attributes;
}

const gone = ({ path }: Place): Fault => new Fault('NOT_FOUND', `${path} is not there any more.`);

export const isFault = (error: unknown, code: FaultCode): boolean => error instanceof Fault && error.code === code;

/** Looks at objects before they are acted on. */
export const createHead = ({
  bucket: Bucket,
  send,
  where,
  checkInside,
}: Pick<S3ActsDeps, 'bucket' | 'send' | 'where' | 'checkInside'>) => {
  /** Undefined when nothing is there. */
  const head = async (place: Place): Promise<Headed | undefined> => {
    const request = new HeadObjectCommand({ Bucket, Key: keyOf(place) });
    try {
      const answer = await send((client, abortSignal) => client.send(request, { abortSignal }));
      const version = { etag: bare(answer.ETag), versionId: answer.VersionId };
      const modifiedAt = timeOf(answer.LastModified);
      const stated = {
        ...place,
        size: sizeOf(answer.ContentLength),
        modifiedAt,
        hash: version.etag,
        stamp: stampOf(version.etag, modifiedAt),
        identity: identityOf(version),
      };
      return { ...version, stated, attributes: attributesOf(answer) };
    } catch (error) {
      const fault = toObjectFault(error, place.path, where);
      if (isFault(fault, 'NOT_FOUND')) return undefined;
      throw fault;
    }
  };

  return {
    head,

    /** @throws Fault NOT_FOUND, FILE_CHANGED */
    mustBe: async (place: Place, identity: string): Promise<Headed> => {
      checkInside(place);
      const now = await head(place);
      if (now === undefined) throw gone(place);
      if (now.stated.identity !== identity) throw changed(place.path);
      return now;
    },

    /** What an act made there, as it is now. */
    madeAt: async (place: Place, actId: string): Promise<Claim | undefined> => {
      const now = await head(place);
      return now && isMadeBy(actId, now.attributes) ? { place, identity: now.stated.identity } : undefined;
    },
  };
};
