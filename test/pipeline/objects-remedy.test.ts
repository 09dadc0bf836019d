import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { newId } from '../../src/core/id';
import { WorkflowDefinition } from '../../src/core/workflow';
import { type ObjectServer, startObjects } from '../servers/objects';
import { addStorage, misbehaving, resultsOf, scanStorage, startTestApp, temporaryFolder } from './app';

let folder: ReturnType<typeof temporaryFolder>;
let server: ObjectServer;
let app: App;
let journal: string;

beforeEach(async () => {
  folder = temporaryFolder();
  journal = join(folder.path, 'journal');
  server = await startObjects();
  app = await startTestApp(join(folder.path, 'data'), {
    engines: { engines: { misbehaving: { journal } }, plugins: [misbehaving] },
    watch: { settle: 100, longest: 5_000, poll: 200 },
  });
});
afterEach(async () => {
  await app.stop();
  await server.stop();
  folder.remove();
});

/** A bucket whose files are treated so. */
const addBucket = async (remediation: object = {}, accessKeyId = 'key'): Promise<string> => {
  const id = newId();
  const definition = WorkflowDefinition.parse({ remediation });
  await app.store.workflows.insert({ id, name: id, revision: 1, definition, createdAt: 0 }, false);
  const where = { kind: 's3', bucket: 'bucket', endpoint: server.endpoint, region: 'us-east-1', prefix: '' } as const;
  const storage = { id, name: id, options: { ...where, accessKeyId }, workflowId: id, createdAt: Date.now() };
  await app.store.storages.put(storage, { secretAccessKey: 'secret' });
  return id;
};
const keys = () => [...server.objects.keys()].sort();
const textAt = (key: string) => server.objects.get(key)?.body.toString();
const until = async <T>(ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await Bun.sleep(10);
  }
};

describe('a blocked object', () => {
  test('comes back from quarantine with its type, its metadata and its tags', async () => {
    const id = await addBucket({ blocked: { original: { action: 'quarantine' } } });
    server.put('in/bad', 'bad');
    const headers = { 'content-type': 'text/x-bad', 'content-disposition': 'inline', 'x-amz-meta-owner': 'eve' };
    Object.assign(server.objects.get('in/bad')!, { headers, tags: { team: 'a & b' } });
    const { counts } = await scanStorage(app, id);
    expect([counts.failedRemediation, keys()]).toEqual([0, []]);
    const [entry] = await app.store.quarantine.list({ limit: 1 });
    await app.quarantine.restore(entry!.id, {}, 'test');
    expect(server.objects.get('in/bad')).toMatchObject({ headers, tags: { team: 'a & b' } });
    expect(textAt('in/bad')).toBe('bad');
  });

  test('comes back into a folder when its bucket was removed', async () => {
    const id = await addBucket({ blocked: { original: { action: 'quarantine' } } });
    server.put('in/bad', 'bad');
    await scanStorage(app, id);
    await app.store.storages.remove(id);
    const share = join(folder.path, 'share');
    mkdirSync(share);
    const storageId = await addStorage(app, share);
    const [entry] = await app.store.quarantine.list({ limit: 1 });
    await app.quarantine.restore(entry!.id, { to: { storageId, folder: 'back' } }, 'test');
    expect(readFileSync(join(share, 'back/bad'), 'utf8')).toBe('bad');
  });

  test('is copied to another bucket and tagged, and goes on when the server breaks off in passing', async () => {
    const other = await addBucket();
    const options = { blocked: { original: { tag: { seen: 'yes' }, copyTo: [{ storageId: other, folder: 'to' }] } } };
    const id = await addBucket(options);
    server.put('bad', 'bad');
    let broken = 0;
    server.instead = (asked, _, response) => {
      // As often as the client tries by itself.
      if (!asked.startsWith('PUT /bucket/to/bad?') || broken >= 3) return false;
      broken += 1;
      response.socket?.destroy();
      return true;
    };
    const { counts } = await scanStorage(app, id);
    expect([counts.failedRemediation, broken, keys(), textAt('to/bad')]).toEqual([0, 3, ['bad', 'to/bad'], 'bad']);
    expect(server.objects.get('bad')?.tags).toEqual({ seen: 'yes' });
  });

  test('that always breaks fails in the end, with the reason, and stays as it is', async () => {
    const id = await addBucket({ blocked: { original: { action: 'move', moveTo: { folder: 'to' } } } });
    server.put('bad', 'bad');
    server.instead = (asked, _, response) => {
      if (!asked.startsWith('PUT /bucket/to/bad?')) return false;
      response.writeHead(500).end('<Error><Code>InternalError</Code></Error>');
      return true;
    };
    const { id: scan, counts } = await scanStorage(app, id);
    expect([counts.failedRemediation, keys()]).toEqual([1, ['bad']]);
    const { file } = (await resultsOf(app, scan)).get('bad')!;
    const [act] = await app.store.remediations.ofFile(file.id);
    expect([file.state, act?.error]).toEqual(['FailedRemediation', expect.stringContaining('500 InternalError')]);
  });
});

describe('a document in a bucket', () => {
  test('gets a sanitized copy beside it, and nothing of it is left on this host', async () => {
    const id = await addBucket({ allowed: { sanitized: { where: 'beside' } } });
    server.put('in/a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="1"/></svg>');
    const { id: scan, counts } = await scanStorage(app, id);
    expect(counts).toMatchObject({ total: 1, allowed: 1, failedRemediation: 0 });
    expect(keys()).toEqual(['in/a (sanitized).svg', 'in/a.svg']);
    expect(textAt('in/a (sanitized).svg')).toContain('<rect');
    expect(textAt('in/a (sanitized).svg')).not.toContain('alert');
    expect((await resultsOf(app, scan)).get('a.svg')?.file.detections).toContain('Sanitized');
    for (const name of ['fetched', 'sanitized']) expect(readdirSync(join(folder.path, 'data', name))).toEqual([]);
  });
});

describe('a bucket under real-time processing', () => {
  test('is not looked into in a circle: what an act wrote there is left out, and what others write is not', async () => {
    const original = { action: 'move', moveTo: { folder: 'blocked' }, tag: { seen: 'yes' } };
    const id = await addBucket({ blocked: { original } });
    const scan = await app.realtime.start({ storageId: id }, 'test');
    await until(async () => (await app.realtime.list())[0]?.state === 'polling');
    server.put('bad', 'bad');
    await until(() => keys().includes('blocked/bad') && !keys().includes('bad'));
    server.put('blocked/good', 'x');
    await until(async () => (await resultsOf(app, scan.id)).get('good')?.file.state === 'Available');
    server.put('last', 'y');
    await until(async () => (await resultsOf(app, scan.id)).get('last')?.file.state === 'Available');
    expect([...(await resultsOf(app, scan.id)).keys()].sort()).toEqual(['bad', 'good', 'last']);
    const looked = readFileSync(journal, 'utf8').split('\n').filter(Boolean);
    expect(looked.sort()).toEqual(['bad', 'blocked/good', 'last']);
    expect((await app.store.scans.find(scan.id))?.storageType).toBe(6);
  });

  test('goes on at once when its credentials are set anew, with what came meanwhile', async () => {
    const id = await addBucket({}, 'old');
    const scan = await app.realtime.start({ storageId: id }, 'test');
    await until(async () => (await app.realtime.list())[0]?.state === 'polling');
    server.instead = (_, { headers }, response) => {
      if (!headers.authorization?.includes('Credential=old/')) return false;
      response.writeHead(403).end('<Error><Code>InvalidAccessKeyId</Code></Error>');
      return true;
    };
    server.put('new', 'bad');
    const away = await until(async () => {
      const [state] = await app.realtime.list();
      return state?.state === 'away' && state;
    });
    expect(away.reason).toContain('does not know the access key');
    const storage = (await app.store.storages.find(id))!;
    if (storage.options.kind !== 's3') throw new Error('it is a bucket');
    await app.store.storages.put({ ...storage, options: { ...storage.options, accessKeyId: 'new' } });
    await app.realtime.renew(id);
    await app.scans.retryStorage(id);
    await until(async () => (await resultsOf(app, scan.id)).get('new')?.file.status === 'Blocked');
    expect(app.scans.waiting(id)).toBeUndefined();
  });
});
