import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { Fault } from '../../core/fault';
import type { Found } from '../../core/file';
import type { S3Options, StorageSecret } from '../../core/storage';
import type { Backend, StorageLimits } from '../contract';
import { createS3Acts } from './acts';
import { notAsS3 } from './body';
import { createClient, createSend, whereOf } from './client';
import { toBucketFault } from './faults';
import { bare, sizeOf, stampOf, timeOf } from './identity';
import { decodeKey, keyOf, LONGEST_KEY, placeOfKey } from './key';
import { createOpen } from './open';

/** Keys that one request lists; the API gives no more. */
const PAGE = 1000;
const HEADS_AT_ONCE = 16;

const LIMITS: StorageLimits = {
  tags: { most: 10, name: 128, value: 256 },
  path: LONGEST_KEY,
  folders: false,
  notes: [
    'What is put, copied or moved appears whole. A server that does not know If-None-Match is asked before whether the name is free, and then something that others put there in between is lost.',
    'A removal takes away exactly the version that was looked at; in a bucket that keeps versions, the one before it is then the current one. In a bucket without versions it rests on If-Match, which a few servers do not know.',
    'Tags of an object in a bucket without versions are set on what is there at that moment.',
    'An upload that was cut off leaves its parts to the bucket: a lifecycle rule removes them.',
  ],
};

/** The beginning that all keys of a folder share. @param folder as its keys begin, or from the storage's prefix on */
const prefixOf = (folder: string, { prefix }: S3Options): string => {
  if (folder === '') return prefix;
  const whole = folder.endsWith('/') ? folder : `${folder}/`;
  return whole.startsWith(prefix) ? whole : prefix + whole;
};

/** @throws Fault BAD_REQUEST for text that no request can carry */
const checkText = (text: string): void => {
  if (text.isWellFormed()) return;
  throw new Fault('BAD_REQUEST', `${text.toWellFormed()} is not the text of a key: it holds half a character.`);
};

const outside = (key: string, { prefix, bucket }: Pick<S3Options, 'prefix' | 'bucket'>): Fault =>
  new Fault('BAD_REQUEST', `${key} is outside of the storage, which is ${prefix}… of the bucket ${bucket}.`, {
    hint: 'Give the whole key of an object, as its bucket has it.',
  });

const doesNotGoOn = (bucket: string, after: string | undefined): Fault =>
  new Fault('NOT_POSSIBLE', `The listing of the bucket ${bucket} does not go on behind "${after ?? ''}".`, {
    hint: 'The server must know ListObjectsV2 with start-after.',
  });

/** Listings are in the order of UTF-8 (ListObjectsV2): one that goes back would never end. */
const isBehind = (key: string | undefined, after: string | undefined): boolean =>
  key !== undefined && (after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);

/**
 * A bucket of Amazon S3, or of a server that speaks like it; paths are whole keys, and nothing but data.
 * @param secretOf reads the secret, which is kept sealed
 */
export const createS3 = (options: S3Options, secretOf: () => Promise<StorageSecret | undefined>): Backend => {
  const { bucket: Bucket } = options;
  const where = whereOf(options);
  const send = createSend(createClient(options, secretOf));
  const checkInside = ({ path }: { path: string }): void => {
    checkText(path);
    if (!path.startsWith(options.prefix)) throw outside(path, options);
  };
  const acts = createS3Acts({ bucket: Bucket, send, where, checkInside });

  const listPage = async (Prefix: string, StartAfter: string | undefined, signal?: AbortSignal, MaxKeys = PAGE) => {
    checkText(Prefix);
    try {
      // Behind a key instead of by the server's token: a token does not outlive a restart of either side.
      const request = new ListObjectsV2Command({ Bucket, Prefix, StartAfter, MaxKeys, EncodingType: 'url' });
      const page = await send((client, abortSignal) => client.send(request, { abortSignal }), signal);
      // What is no listing, such as the page of a proxy, must not pass for an empty one.
      if (typeof page.IsTruncated !== 'boolean') throw notAsS3('the answer is no listing');
      return page;
    } catch (error) {
      signal?.throwIfAborted();
      throw toBucketFault(error, where);
    }
  };

  const findOne = async (path: string): Promise<Found> => {
    const nothing = { path, size: 0, modifiedAt: 0 };
    try {
      const found = await acts.stat({ path });
      if (found === undefined) return nothing;
      const { size, modifiedAt, hash, stamp } = found;
      return { path, size, modifiedAt, hash, stamp };
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'STORAGE_UNREACHABLE') throw error;
      return nothing;
    }
  };

  const objectAt = async (folder: string): Promise<Found> => {
    const path = folder.startsWith(options.prefix) ? folder : options.prefix + folder;
    const found = await findOne(path);
    if (found.stamp !== undefined) return found;
    throw new Fault('NOT_FOUND', `Nothing is at ${path} in the bucket ${Bucket}, and nothing is below it.`, {
      hint: 'Give the key of an object, or the beginning of keys up to a "/", as the bucket has them or from the prefix of the storage on.',
    });
  };

  const test = async (): Promise<void> => {
    await listPage(options.prefix, undefined, undefined, 1);
  };

  return {
    isLocal: false,
    limits: LIMITS,
    ...acts,

    async *list(folder, signal, cursor) {
      const prefix = prefixOf(folder, options);
      let after = cursor === undefined ? undefined : decodeURIComponent(cursor);
      let isEmpty = after === undefined;
      for (;;) {
        const { Contents = [], IsTruncated, EncodingType } = await listPage(prefix, after, signal);
        const listed = Contents.map(({ Key = '', Size, LastModified, ETag }) => {
          const modifiedAt = timeOf(LastModified);
          const hash = bare(ETag);
          const place = placeOfKey(EncodingType === 'url' ? decodeKey(Key) : Key);
          return { ...place, size: sizeOf(Size), modifiedAt, hash, stamp: stampOf(hash, modifiedAt) };
        });
        const last = listed.at(-1);
        const key = last && keyOf(last);
        if (IsTruncated === true && !isBehind(key, after)) throw doesNotGoOn(Bucket, after);
        after = key;
        // A server that does not know prefixes lists what is not ours, too.
        const files = listed.filter((found) => keyOf(found).startsWith(prefix));
        if (files.length > 0) {
          isEmpty = false;
          yield { files, cursor: encodeURIComponent(key ?? '') };
        }
        if (IsTruncated !== true) break;
      }
      // A name that was mistyped must not pass for a folder in which all is well.
      if (isEmpty && prefix !== options.prefix) yield { files: [await objectAt(folder)] };
    },

    find: async (paths) => {
      for (const path of paths) checkInside({ path });
      const found: Found[] = new Array(paths.length);
      let next = 0;
      const lane = async () => {
        for (let index = next++; index < paths.length; index = next++)
          found[index] = await findOne(paths[index] as string);
      };
      await Promise.all(Array.from({ length: Math.min(HEADS_AT_ONCE, paths.length) }, lane));
      return found;
    },

    open: createOpen({ bucket: Bucket, send, where, checkInside }),

    // Objects are there as a whole or not at all.
    isWritten: async () => false,

    removeEmptyFolders: async () => {},

    namesOf: (place) =>
      keyOf(place)
        .slice(options.prefix.length)
        .split('/')
        .map((name) => Buffer.from(name)),

    // What is no UTF-8 cannot be in a key.
    placeOf: (folder, names) =>
      placeOfKey(prefixOf(folder, options) + names.map((name) => Buffer.from(name).toString()).join('/')),

    test,

    away: async () => {
      try {
        await test();
        return undefined;
      } catch (error) {
        if (error instanceof Fault) return error;
        throw error;
      }
    },
  };
};
