import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { newId } from '../../src/core/id';
import { createS3 } from '../../src/storages/s3/s3';
import { type ObjectServer, startObjects } from '../servers/objects';
import { hasS3, type S3Server, startS3 } from '../servers/s3';
import { act, bytes, conformance, type Ground } from './conformance';

interface At {
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  bucket: string;
}

const backendOf = ({ secretAccessKey, ...where }: At, prefix: string) =>
  createS3({ kind: 's3', region: 'us-east-1', pathStyle: true, prefix, ...where }, async () => ({ secretAccessKey }));

/** Each ground is a prefix of its own. */
const openSwift = async ({ client, endpoint, accessKey, secretKey }: S3Server, bucket: string): Promise<Ground> => {
  const prefix = `${newId()}/`;
  const at = (Key: string) => ({ Bucket: bucket, Key: prefix + Key });
  const keys = async (of: S3Client) => {
    const request = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, EncodingType: 'url' });
    const { Contents = [] } = await of.send(request);
    return Contents.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')).slice(prefix.length));
  };
  return {
    storage: backendOf({ endpoint, accessKeyId: accessKey, secretAccessKey: secretKey, bucket }, prefix),
    at: (name) => ({ path: prefix + name }),
    write: async (name, content) =>
      void (await client.send(new PutObjectCommand({ ...at(name), Body: Buffer.from(content) }))),
    remove: async (name) => void (await client.send(new DeleteObjectCommand(at(name)))),
    read: async (name) => (await client.send(new GetObjectCommand(at(name)))).Body?.transformToString(),
    names: async () => (await keys(client)).sort(),
    outside: { path: 'outside' },
    clear: async () => {},
  };
};

const openObjects = (server: ObjectServer): Ground => {
  server.objects.clear();
  server.pageSize = 3;
  const { endpoint, objects } = server;
  return {
    storage: backendOf({ endpoint, accessKeyId: 'key', secretAccessKey: 'secret', bucket: 'bucket' }, 'ours/'),
    at: (name) => ({ path: `ours/${name}` }),
    write: async (name, content) => server.put(`ours/${name}`, content),
    remove: async (name) => void objects.delete(`ours/${name}`),
    read: async (name) => objects.get(`ours/${name}`)?.body.toString(),
    names: async () => [...objects.keys()].map((key) => key.slice('ours/'.length)).sort(),
    outside: { path: 'outside' },
    clear: async () => {},
  };
};

let objects: ObjectServer;
conformance('a bucket of a server that knows conditions and tags', {
  start: async () => {
    objects = await startObjects();
  },
  stop: () => objects.stop(),
  open: async () => openObjects(objects),
  tags: true,
});

test('a key that no request can carry is refused, wherever it is named', async () => {
  const at = { endpoint: 'http://127.0.0.1:9', accessKeyId: 'key', secretAccessKey: 'secret', bucket: 'bucket' };
  const storage = backendOf(at, '');
  const place = storage.placeOf('\ud800', [Buffer.from('a')]);
  const { signal } = new AbortController();
  for (const asked of [
    () => storage.find(['\ud800']),
    () => storage.list('\ud800', signal)[Symbol.asyncIterator]().next(),
    () => storage.open(place, {}, signal),
    () => storage.put(place, bytes('a'), act()),
    () => backendOf(at, '\ud800').test(),
  ]) {
    expect(await asked().then(String, ({ code }) => code)).toBe('BAD_REQUEST');
  }
});

describe('an act on an object', () => {
  let server: ObjectServer;
  beforeAll(async () => {
    server = await startObjects();
  });
  afterAll(() => server.stop());

  test('of which the answer to any one request is lost is done once all the same, and nothing is lost', async () => {
    for (let lostAt = 1; ; lostAt += 1) {
      const { storage, at, write, names } = openObjects(server);
      server.after = undefined;
      for (const name of ['a', 'b', 'c', 'to/a', 'to/b', 'to/p']) await write(name, name);
      const identities = await Promise.all(
        ['a', 'b', 'c'].map(async (name) => (await storage.stat(at(name)))!.identity),
      );
      let requests = 0;
      server.after = (response) => {
        requests += 1;
        if (requests !== lostAt) return false;
        response.socket?.destroy();
        return true;
      };
      await storage.copy(at('a'), identities[0]!, at('to/a'), act());
      await storage.move(at('b'), identities[1]!, at('to/b'), act());
      await storage.put(at('to/p'), bytes('put'), act());
      await storage.remove(at('c'), identities[2]!, act());
      expect([lostAt, await names()]).toEqual([
        lostAt,
        ['a', 'to/a', 'to/a (2)', 'to/b', 'to/b (2)', 'to/p', 'to/p (2)'],
      ]);
      if (requests < lostAt) break;
    }
    server.after = undefined;
  }, 60_000);

  test('on a server that knows no conditions touches nothing that changed before it', async () => {
    const { storage, at, write, read } = openObjects(server);
    server.instead = (_, { headers }) => {
      for (const name of ['if-match', 'if-none-match', 'x-amz-copy-source-if-match']) delete headers[name];
      return false;
    };
    await write('a', 'one');
    const { identity } = (await storage.stat(at('a')))!;
    await write('a', 'two');
    const acts = [
      () => storage.remove(at('a'), identity, act()),
      () => storage.move(at('a'), identity, at('b'), act()),
      () => storage.open(at('a'), { identity }, new AbortController().signal),
    ];
    for (const run of acts) await expect(run()).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    server.instead = undefined;
    expect([await read('a'), await read('b')]).toEqual(['two', undefined]);
  });

  test('that cannot be removed, or that changes while it is moved, leaves no copy behind', async () => {
    const { storage, at, write, names, read } = openObjects(server);
    for (const name of ['kept', 'changing']) await write(name, name);
    const [kept, changing] = await Promise.all(
      ['kept', 'changing'].map(async (name) => (await storage.stat(at(name)))!.identity),
    );
    server.instead = (asked, _, response) => {
      if (!asked.startsWith('DELETE /bucket/ours/kept')) return false;
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
      return true;
    };
    const moving = storage.move(at('kept'), kept!, at('to/kept'), act());
    await expect(moving).rejects.toMatchObject({ code: 'FORBIDDEN' });
    server.instead = (asked) => {
      if (asked.startsWith('DELETE /bucket/ours/changing')) server.put('ours/changing', 'changed');
      return false;
    };
    const losing = storage.move(at('changing'), changing!, at('to/changing'), act());
    await expect(losing).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    server.instead = undefined;
    expect([await names(), await read('changing')]).toEqual([['changing', 'kept'], 'changed']);
  });
});

describe.skipIf(!hasS3)('OpenStack Swift', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  }, 180_000);
  afterAll(() => server?.remove());

  conformance('a bucket', {
    start: () => server.bucket('plain'),
    open: () => openSwift(server, 'plain'),
    tags: false,
  });
  conformance('a bucket that keeps versions', {
    start: () => server.bucket('versioned', true),
    open: () => openSwift(server, 'versioned'),
    tags: false,
    versions: true,
    // Swift goes on listing them when their last version is removed.
    except: /%/,
  });
});
