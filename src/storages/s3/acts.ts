import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { Fault } from '../../core/fault';
import type { Place } from '../../core/file';
import type { Act, Claim } from '../act';
import type { Backend, Stated } from '../contract';
import { type Attributes, attributesOf, isMadeBy, madeBy, readAttributes, toTagging } from './attributes';
import type { Send } from './client';
import { toObjectFault, type Where } from './faults';
import { bare, identityOf, quoted, stampOf, type Version } from './identity';
import { encodeKey, keyOf, placeOfKey, withNumber } from './key';
import { copyInParts, ifFree, upload } from './upload';

/** The largest object that one request copies (CopyObject). Bytes. */
const COPY_AT_ONCE = 5 * 1024 ** 3;
const COPY_PART = 1024 ** 3;
/** How many objects of one name a folder takes before it is said that something is wrong. */
const MOST = 10_000;

export interface S3ActsDeps {
  bucket: string;
  send: Send;
  where: Where;
  /** @throws Fault BAD_REQUEST for what is outside of the storage */
  checkInside: (place: Place) => void;
  /** For tests: from which size an object is copied in parts, and how large these are. Bytes. */
  copyAtOnce?: number;
  copyPart?: number;
}

type Acts = Pick<Backend, 'stat' | 'remove' | 'move' | 'copy' | 'put' | 'tag'>;

interface Headed extends Version {
  stated: Stated;
  attributes: Attributes;
}

const changed = ({ path }: Place): Fault =>
  new Fault('FILE_CHANGED', `${path} is not what was looked into any more; it was left as it is.`, {
    hint: 'Look at the object again.',
  });
const gone = ({ path }: Place): Fault => new Fault('NOT_FOUND', `${path} is not there any more.`);
const isFault = (error: unknown, code: string): boolean => error instanceof Fault && error.code === code;

/** Acts on the objects of a bucket, each on exactly the version that is meant as far as the server can tell. */
export const createS3Acts = (deps: S3ActsDeps): Acts => {
  const { bucket: Bucket, send, where, checkInside, copyAtOnce = COPY_AT_ONCE, copyPart = COPY_PART } = deps;

  const ask = async <T>(place: Place, asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw toObjectFault(error, place.path, where);
    }
  };

  const head = async (place: Place): Promise<Headed | undefined> => {
    const request = new HeadObjectCommand({ Bucket, Key: keyOf(place) });
    try {
      const answer = await ask(
        place,
        send((client, abortSignal) => client.send(request, { abortSignal })),
      );
      const version = { etag: bare(answer.ETag), versionId: answer.VersionId };
      const modifiedAt = answer.LastModified?.getTime() ?? 0;
      const stated = {
        ...place,
        size: answer.ContentLength ?? 0,
        modifiedAt,
        hash: version.etag,
        stamp: stampOf(version.etag, modifiedAt),
        identity: identityOf(version),
      };
      return { ...version, stated, attributes: attributesOf(answer) };
    } catch (error) {
      if (isFault(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  };

  /** @throws Fault NOT_FOUND, FILE_CHANGED */
  const mustBe = async (place: Place, identity: string): Promise<Headed> => {
    checkInside(place);
    const now = await head(place);
    if (now === undefined) throw gone(place);
    if (now.stated.identity !== identity) throw changed(place);
    return now;
  };

  /** What an act that was cut off has made already. */
  const madeBefore = async ({ id, claimed }: Act): Promise<Claim | undefined> => {
    const now = claimed && (await head(claimed.place));
    return claimed && now && isMadeBy(id, now.attributes)
      ? { place: claimed.place, identity: now.stated.identity }
      : undefined;
  };

  /**
   * Makes an object at a key that nothing has: the one that is wanted, or else with a number.
   * @param make throws FILE_CHANGED when something has the key by then
   */
  const makeAt = async (
    to: Place,
    act: Act,
    exact: boolean,
    make: (place: Place) => Promise<Version>,
  ): Promise<Claim> => {
    checkInside(to);
    for (let number = 1; number <= MOST; number += 1) {
      const place = placeOfKey(withNumber(keyOf(to), number));
      if ((await head(place)) === undefined) {
        await act.claim({ place, identity: `act:${act.id}` });
        try {
          return { place, identity: identityOf(await ask(place, make(place))) };
        } catch (error) {
          // Somebody else was quicker: the next name. Whatever else is not as it was travels on.
          if (!isFault(error, 'FILE_CHANGED') || (await head(place)) === undefined) throw error;
        }
      }
      if (exact) throw new Fault('NAME_TAKEN', `${to.path} is there already.`, { hint: 'Move it away first.' });
    }
    throw new Fault('NOT_POSSIBLE', `There are ${MOST} objects of the name ${to.path} already.`);
  };

  const copyTo = async (place: Place, now: Headed, to: Place, act: Act): Promise<Version> => {
    const { etag, versionId, stated } = now;
    const CopySource = `${Bucket}/${encodeKey(keyOf(place))}${versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`}`;
    const attributes = madeBy(act.id, now.attributes);
    const Key = keyOf(to);
    if (stated.size > copyAtOnce) {
      const Tagging = await taggingOf(place, versionId);
      const target = { Bucket, Key, attributes: { ...attributes, Tagging } };
      return copyInParts(send, target, { CopySource, etag, size: stated.size }, copyPart);
    }
    const made = await ifFree((condition) => {
      const request = new CopyObjectCommand({
        Bucket,
        Key,
        CopySource,
        CopySourceIfMatch: quoted(etag),
        MetadataDirective: 'REPLACE',
        ...attributes,
        ...condition,
      });
      return send((client, abortSignal) => client.send(request, { abortSignal }));
    });
    return { etag: bare(made.CopyObjectResult?.ETag), versionId: made.VersionId };
  };

  const tagsOf = async (place: Place, VersionId: string | undefined) => {
    const request = new GetObjectTaggingCommand({ Bucket, Key: keyOf(place), VersionId });
    const { TagSet = [] } = await ask(
      place,
      send((client, abortSignal) => client.send(request, { abortSignal })),
    );
    return TagSet;
  };

  const taggingOf = async (place: Place, versionId: string | undefined): Promise<string | undefined> => {
    const tags = await tagsOf(place, versionId);
    return tags.length === 0 ? undefined : toTagging(tags);
  };

  const copy: Acts['copy'] = async (place, identity, to, act) => {
    const before = await madeBefore(act);
    if (before !== undefined) return before;
    return makeAt(to, act, false, async (free) => copyTo(place, await mustBe(place, identity), free, act));
  };

  const remove: Acts['remove'] = async (place, identity, act) => {
    try {
      const { etag, versionId } = await mustBe(place, identity);
      // A version by its id is that version and no other; without one, the server compares.
      const which = versionId === undefined ? { IfMatch: quoted(etag) } : { VersionId: versionId };
      const request = new DeleteObjectCommand({ Bucket, Key: keyOf(place), ...which });
      await ask(
        place,
        send((client, abortSignal) => client.send(request, { abortSignal })),
      );
    } catch (error) {
      if (act.again && isFault(error, 'NOT_FOUND')) return;
      throw error;
    }
  };

  return {
    stat: async (place) => (await head(place))?.stated,
    copy,
    remove,

    move: async (place, identity, to, act) => {
      const claim = await copy(place, identity, to, act);
      await remove(place, identity, { ...act, again: true });
      return claim;
    },

    put: async (to, content, act, { attributes, exact = false } = {}) => {
      const before = await madeBefore(act);
      if (before !== undefined) return before;
      const given = attributes === undefined ? {} : readAttributes(attributes);
      let isRead = false;
      return makeAt(to, act, exact, ({ path, raw }) => {
        if (isRead) {
          throw new Fault('BUSY', `${path} was put there by somebody else in this moment.`, { hint: 'Try again.' });
        }
        isRead = true;
        return upload(send, { Bucket, Key: keyOf({ path, raw }), attributes: madeBy(act.id, given) }, content);
      });
    },

    tag: async (place, identity, tags) => {
      const { versionId } = await mustBe(place, identity);
      const kept = (await tagsOf(place, versionId)).filter(({ Key = '' }) => !(Key in tags));
      const TagSet = [...kept, ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))];
      const request = new PutObjectTaggingCommand({
        Bucket,
        Key: keyOf(place),
        VersionId: versionId,
        Tagging: { TagSet },
      });
      await ask(
        place,
        send((client, abortSignal) => client.send(request, { abortSignal })),
      );
    },
  };
};
