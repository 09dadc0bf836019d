import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { Fault } from '../../core/fault';
import type { Place } from '../../core/file';
import type { Act, Claim } from '../act';
import type { Backend } from '../contract';
import { takeAway } from '../take-away';
import { madeBy, readAttributes, toTagging } from './attributes';
import type { Send } from './client';
import { toObjectFault, type Where } from './faults';
import { createHead, type Headed, isFault } from './head';
import { bare, identityOf, quoted, type Version } from './identity';
import { encodeKey, keyOf, placeOfKey, withNumber } from './key';
import { createTurns } from './turns';
import { copyInParts, createUpload, ifFree, type Made } from './upload';

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

type Acts = Pick<Backend, 'stat' | 'remove' | 'move' | 'copy' | 'put' | 'made' | 'tag'>;

const inDoubt = ({ path }: Place): Fault =>
  new Fault('STORAGE_UNREACHABLE', `The server did not say whether ${path} was removed.`, {
    hint: 'It is asked again.',
  });
const attemptsOf = (error: unknown): number =>
  (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;

/** Acts on the objects of a bucket, each on exactly the version that is meant as far as the server can tell. */
export const createS3Acts = (deps: S3ActsDeps): Acts => {
  const { bucket: Bucket, send, where, checkInside, copyAtOnce = COPY_AT_ONCE, copyPart = COPY_PART } = deps;

  /** Two acts of ours must not take one free key: a server that knows no If-None-Match would let the second overwrite what the first made. */
  const inTurn = createTurns();

  const ask = async <T>(place: Place, asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw toObjectFault(error, place.path, where);
    }
  };

  const { head, mustBe, madeAt } = createHead(deps);
  const made: Acts['made'] = async ({ id, claimed }) => claimed && madeAt(claimed.place, id);

  /** Makes an object at a key if nothing has it. Undefined when something does, perhaps only since this moment. */
  const makeIfFree = async (
    place: Place,
    act: Act,
    make: (place: Place) => Promise<Made>,
  ): Promise<Claim | undefined> => {
    if ((await head(place)) !== undefined) return undefined;
    await act.claim({ place, identity: `act:${act.id}` });
    try {
      const version = await ask(place, make(place));
      // Some servers say another ETag, or no version, of what was made of parts.
      return (version.isOfParts ? await madeAt(place, act.id) : undefined) ?? { place, identity: identityOf(version) };
    } catch (error) {
      if (!isFault(error, 'FILE_CHANGED')) throw error;
      // Made by a request whose answer was lost, and that was sent again.
      const ours = await madeAt(place, act.id);
      if (ours !== undefined) return ours;
      // Somebody else was quicker. Whatever else is not as it was travels on.
      if ((await head(place)) === undefined) throw error;
      return undefined;
    }
  };

  /** Makes an object at the key that is wanted, or else with a number. */
  const makeAt = async (to: Place, act: Act, exact: boolean, make: (place: Place) => Promise<Made>): Promise<Claim> => {
    checkInside(to);
    for (let number = 1; number <= MOST; number += 1) {
      const key = withNumber(keyOf(to), number);
      const claim = await inTurn(key, () => makeIfFree(placeOfKey(key), act, make));
      if (claim !== undefined) return claim;
      if (exact) throw new Fault('NAME_TAKEN', `${to.path} is there already.`, { hint: 'Move it away first.' });
    }
    throw new Fault('NOT_POSSIBLE', `There are ${MOST} objects of the name ${to.path} already.`);
  };

  const copyTo = async (place: Place, now: Headed, to: Place, act: Act): Promise<Made> => {
    const { etag, versionId, stated } = now;
    const CopySource = `${Bucket}/${encodeKey(keyOf(place))}${versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`}`;
    const attributes = madeBy(act.id, now.attributes);
    const Key = keyOf(to);
    if (stated.size > copyAtOnce) {
      const Tagging = await taggingOf(place, versionId);
      const target = { Bucket, Key, attributes: { ...attributes, Tagging } };
      return copyInParts(send, target, { CopySource, etag, size: stated.size }, copyPart);
    }
    const copyIf = async (CopySourceIfMatch: string | undefined): Promise<Version> => {
      const { CopyObjectResult, VersionId } = await ifFree((condition) => {
        const request = new CopyObjectCommand({
          Bucket,
          Key,
          CopySource,
          CopySourceIfMatch,
          MetadataDirective: 'REPLACE',
          ...attributes,
          ...condition,
        });
        return send((client, abortSignal) => client.send(request, { abortSignal }));
      });
      return { etag: bare(CopyObjectResult?.ETag), versionId: VersionId };
    };
    try {
      return await copyIf(quoted(etag));
    } catch (error) {
      if (!isFault(toObjectFault(error, place.path, where), 'FILE_CHANGED')) throw error;
      await mustBe(place, stated.identity);
      if ((await head(to)) !== undefined) throw error;
      // It is what it was. Swift compares an object that was put in parts with something else than its ETag, so it is compared here.
      const made = await copyIf(undefined);
      try {
        await mustBe(place, stated.identity);
        return made;
      } catch (changed) {
        await removeExactly(to, made);
        throw changed;
      }
    }
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
    const before = await made(act);
    if (before !== undefined) return before;
    return makeAt(to, act, false, async (free) => copyTo(place, await mustBe(place, identity), free, act));
  };

  const removeExactly = async (place: Place, { etag, versionId }: Version): Promise<void> => {
    // A version by its id is that version and no other; without one, the server compares.
    const which = versionId === undefined ? { IfMatch: quoted(etag) } : { VersionId: versionId };
    const request = new DeleteObjectCommand({ Bucket, Key: keyOf(place), ...which });
    try {
      await send((client, abortSignal) => client.send(request, { abortSignal }));
    } catch (error) {
      const fault = toObjectFault(error, place.path, where);
      if (!isFault(fault, 'FILE_CHANGED') && !isFault(fault, 'NOT_FOUND')) throw fault;
      if ((await head(place)) === undefined) return;
      // Sent twice: perhaps the first one removed it, and this is another object by now. What asks again takes it so.
      if (attemptsOf(error) > 1) throw inDoubt(place);
      throw fault;
    }
  };

  const remove: Acts['remove'] = async (place, identity, act) => {
    try {
      await removeExactly(place, await mustBe(place, identity));
    } catch (error) {
      if (act.again && isFault(error, 'NOT_FOUND')) return;
      throw error;
    }
  };

  const stat: Acts['stat'] = async (place) => (await head(place))?.stated;

  return {
    stat,
    copy,
    remove,

    move: async (place, identity, to, act) => {
      const claim = await copy(place, identity, to, act);
      const undo = () => remove(claim.place, claim.identity, { ...act, again: true });
      await takeAway({ remove, stat }, { place, identity }, act, undo);
      return claim;
    },

    put: async (to, content, act, { attributes, exact = false } = {}) => {
      const before = await made(act);
      if (before !== undefined) return before;
      const given = readAttributes(attributes);
      const upload = createUpload(send, content);
      return makeAt(to, act, exact, (free) => upload({ Bucket, Key: keyOf(free), attributes: madeBy(act.id, given) }));
    },

    made,

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
