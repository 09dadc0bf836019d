import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { newId } from '../../src/core/id';
import { type ObjectServer, startObjects } from '../servers/objects';
import { resultsOf, scanStorage, startTestApp, temporaryFolder } from './app';

let folder: ReturnType<typeof temporaryFolder>;
let server: ObjectServer;
let app: App;

const start = () =>
  startTestApp(join(folder.path, 'data'), {
    spoolSize: 4_000_000,
  });

beforeEach(async () => {
  folder = temporaryFolder();
  server = await startObjects();
  app = await start();
});
afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

const addBucket = async (prefix = ''): Promise<string> => {
  const id = newId();
  const options = { kind: 's3', bucket: 'bucket', endpoint: server.endpoint, region: 'us-east-1', prefix } as const;
  const storage = { id, name: id, options: { ...options, accessKeyId: 'key' }, createdAt: Date.now() };
  await app.store.storages.put(storage, { secretAccessKey: 'secret' });
  return id;
};
/** Each file of a scan of the bucket by its name: its result, and why. */
const outcomes = async (scanId: string) =>
  Object.fromEntries(
    [...(await resultsOf(app, scanId))].map(([name, { file, history }]) => [
      name,
      [file.status ?? file.state, history.at(-1)?.verdict.explanation ?? ''],
    ]),
  );
const spooled = () => readdirSync(join(folder.path, 'data/fetched'));
const until = async <T>(ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await Bun.sleep(10);
  }
};

const isGet = (asked: string, key: string) => asked.startsWith(`GET /bucket/${key}?`);
const head = (more: { [name: string]: string | number }) => ({ etag: '"0"', ...more });
/** Half of what it says, then nothing more. */
const half = (response: ServerResponse, content: Buffer, etag: string) => {
  response.writeHead(200, head({ etag: `"${etag}"`, 'content-length': content.length }));
  response.write(content.subarray(0, content.length / 2), () => response.socket?.destroy());
};

describe('an object', () => {
  test('whose transfer breaks is fetched from there on, and looked into whole', async () => {
    const id = await addBucket();
    const content = Buffer.concat([Buffer.from('bad'), Buffer.alloc(1_000_000, ' ')]);
    server.put('broken', content);
    const { etag } = server.objects.get('broken')!;
    const ranges: unknown[] = [];
    server.instead = (asked, { headers }, response) => {
      if (!isGet(asked, 'broken')) return false;
      ranges.push(headers.range);
      if (ranges.length > 1) return false;
      half(response, content, etag);
      return true;
    };
    const { id: scan, counts } = await scanStorage(app, id);
    expect(counts).toMatchObject({ total: 1, failed: 0 });
    const { file, history } = (await resultsOf(app, scan)).get('broken')!;
    expect([file.size, history[0]?.findings.content?.sha256]).toEqual([
      content.length,
      new Bun.CryptoHasher('sha256').update(content).digest('hex'),
    ]);
    expect([ranges.length, ranges[0], ranges[1]]).toEqual([2, undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(spooled()).toEqual([]);
  });

  test('that is overwritten while it is fetched is never put together of two', async () => {
    const id = await addBucket();
    const [old, young] = [Buffer.alloc(200_000, 'o'), Buffer.alloc(200_000, 'y')];
    server.put('changing', old);
    const { etag } = server.objects.get('changing')!;
    let asked = 0;
    server.instead = (what, request, response) => {
      if (!isGet(what, 'changing')) return false;
      asked += 1;
      if (asked === 1) {
        server.put('changing', young);
        half(response, old, etag);
        return true;
      }
      // It knows no conditions: it gives what is there by now.
      delete request.headers['if-match'];
      return false;
    };
    const { id: scan } = await scanStorage(app, id);
    const { history } = (await resultsOf(app, scan)).get('changing')!;
    const hashes = history.map(({ findings }) => findings.content?.sha256);
    expect(hashes).toEqual([new Bun.CryptoHasher('sha256').update(young).digest('hex')]);
    expect(spooled()).toEqual([]);
  });

  test('of a server that knows no ranges is fetched whole all the same', async () => {
    const id = await addBucket();
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));
    server.put('whole', content);
    const { etag } = server.objects.get('whole')!;
    let asked = 0;
    server.instead = (what, request, response) => {
      if (!isGet(what, 'whole')) return false;
      asked += 1;
      delete request.headers.range;
      if (asked > 1) return false;
      half(response, content, etag);
      return true;
    };
    const { id: scan } = await scanStorage(app, id);
    const { history } = (await resultsOf(app, scan)).get('whole')!;
    const sha256 = new Bun.CryptoHasher('sha256').update(content).digest('hex');
    expect([asked, history[0]?.findings.content?.sha256]).toEqual([2, sha256]);
  });

  test('that is gone, forbidden, archived, too large, or of which the server lies, has a result that says so; the others go on', async () => {
    const id = await addBucket();
    const answers: { [key: string]: (response: ServerResponse) => void } = {
      gone: (response) => response.writeHead(404).end(),
      html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
      untold: (response) => response.writeHead(200, { 'content-length': 3 }).end('abc'),
      busy: (response) => response.writeHead(503).end('<Error><Code>ServiceUnavailable</Code></Error>'),
      broken: (response) => response.socket?.destroy(),
      error: (response) => response.writeHead(500).end('<Error><Code>InternalError</Code></Error>'),
      garbage: (response) => response.writeHead(400).end('\u0000<<<&&&'),
      archived: (response) => response.writeHead(403).end('<Error><Code>InvalidObjectState</Code></Error>'),
      huge: (response) => {
        response.writeHead(200, head({ 'content-length': 9e12 }));
        response.write('x');
      },
      endless: (response) => {
        response.writeHead(200, head({}));
        const more = () => {
          if (!response.destroyed) response.write(Buffer.alloc(65_536), () => setImmediate(more));
        };
        more();
      },
      short: (response) => half(response, Buffer.alloc(100), '0'),
    };
    for (const key of [...Object.keys(answers), 'fine', 'bad']) server.put(key, key);
    server.instead = (asked, _, response) => {
      const key = Object.keys(answers).find((one) => isGet(asked, one));
      if (key === undefined) return false;
      answers[key]?.(response);
      return true;
    };
    const { id: scan, state, counts } = await scanStorage(app, id);
    const found = await outcomes(scan);
    expect([state, counts.total]).toEqual(['finished', 13]);
    expect([found.fine?.[0], found.bad?.[0]]).toEqual(['Allowed', 'Blocked']);
    for (const key of Object.keys(answers)) {
      expect([key, found[key]?.[0]]).toEqual([key, key === 'huge' ? 'Blocked' : 'Failed']);
      expect(found[key]?.[1]).not.toBe('');
    }
    expect(found.huge?.[1]).toContain('9000000000000');
    expect(found.archived?.[1]).toContain('archive storage class');
    expect(spooled()).toEqual([]);
    expect(app.scans.waiting(id)).toBeUndefined();
  }, 60_000);

  test('is fetched when there is room: all of them together never take more', async () => {
    const id = await addBucket();
    for (let n = 0; n < 12; n += 1) server.put(`large${n}`, Buffer.alloc(1_500_000, `${n}`));
    server.put('too large', Buffer.alloc(4_000_001));
    let most = 0;
    const watching = setInterval(() => {
      const sizes = spooled().map((name) => Bun.file(join(folder.path, 'data/fetched', name)).size);
      most = Math.max(
        most,
        sizes.reduce((sum, size) => sum + size, 0),
      );
    }, 1);
    const { id: scan, counts } = await scanStorage(app, id);
    clearInterval(watching);
    expect(counts).toMatchObject({ total: 13, allowed: 12 });
    expect((await outcomes(scan))['too large']?.[1]).toContain('scan.spoolSize');
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(4_000_000);
    expect(spooled()).toEqual([]);
  });
});

describe('a listing', () => {
  /** Whether the bucket can be used is answered as ever. */
  const listing = (answer: (response: ServerResponse) => void) => {
    server.instead = (asked, _, response) => {
      if (!asked.includes('list-type=2') || asked.includes('max-keys=1&')) return false;
      answer(response);
      return true;
    };
  };
  const page = (entries: string[], more: boolean) =>
    `<ListBucketResult><IsTruncated>${more}</IsTruncated>${entries.map((key) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>"1"</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`).join('')}</ListBucketResult>`;

  test('that goes in a circle, or nowhere, makes the scan fail, with what to do', async () => {
    const id = await addBucket();
    for (const key of ['a', 'b']) server.put(key, key);
    for (const pages of [[['a', 'b']], [['a'], ['b'], ['a']], [['a'], []]]) {
      let at = 0;
      listing((response) => {
        response.end(page(pages[at % pages.length] ?? [], true));
        at += 1;
      });
      const { state, error } = await scanStorage(app, id);
      expect([state, error]).toEqual(['failed', expect.stringContaining('does not go on behind')]);
      expect(at).toBeLessThan(9);
    }
  });

  test('of what was not asked for leaves that out', async () => {
    const id = await addBucket('ours/');
    for (const key of ['ours/a', 'theirs/b']) server.put(key, key);
    listing((response) => response.end(page(['ours/a', 'theirs/b'], false)));
    const { counts } = await scanStorage(app, id);
    expect(counts.total).toBe(1);
  });

  test('that is nonsense, or does not end, is waited for, and hurts nobody', async () => {
    const id = await addBucket();
    server.put('a', 'a');
    const nonsense: ((response: ServerResponse) => void)[] = [
      (response) => response.end('<html><body>Sign in'),
      (response) => response.end('{"not": "xml"}'),
      (response) => response.end(''),
      (response) => response.end('<html><body>Sign in</body></html>'),
      (response) => response.end('<ListBucketResult><Contents><Size>many</Size><LastModified>then</LastModified>'),
      (response) => response.writeHead(500).end('\u0000'),
      (response) => response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>'),
      (response) => response.writeHead(301).end('<Error><Code>PermanentRedirect</Code></Error>'),
      (response) => response.socket?.destroy(),
      (response) => {
        response.writeHead(200);
        const more = () => {
          if (!response.destroyed) response.write(Buffer.alloc(1_000_000, ' '), () => setImmediate(more));
        };
        more();
      },
    ];
    for (const answer of nonsense) {
      listing(answer);
      const { id: scan } = await app.scans.start({ storageId: id }, 'test');
      await until(() => app.scans.waiting(id));
      expect((await app.store.scans.find(scan))?.state).toBe('running');
      server.instead = undefined;
      await app.scans.retryStorage(id);
      await app.scans.ended(scan);
      expect((await app.store.scans.find(scan))?.counts).toMatchObject({ total: 1, allowed: 1 });
    }
  }, 60_000);

  test('with sizes and times that are none is taken as far as it goes', async () => {
    const id = await addBucket();
    server.put('a', 'a');
    const entry = '<Contents><Key>a</Key><Size>-1e400</Size><LastModified>0000-99-99</LastModified></Contents>';
    listing((response) =>
      response.end(`<ListBucketResult>${entry}<IsTruncated>false</IsTruncated></ListBucketResult>`),
    );
    const { id: scan } = await app.scans.start({ storageId: id }, 'test');
    await until(async () => app.scans.waiting(id) ?? (await app.store.scans.find(scan))?.counts.total === 1);
    server.instead = undefined;
    await app.scans.retryStorage(id);
    await app.scans.ended(scan);
    expect((await app.store.scans.find(scan))?.counts.total).toBe(1);
  });
});
