import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openTestApi } from './fixtures/harness';

let t: Awaited<ReturnType<typeof openTestApi>>;
let told: [string, string[]][];

beforeEach(async () => {
  told = [];
  t = await openTestApi();
  t.deps.realtime.notice = async (storageId, paths) => {
    told.push([storageId, paths]);
    return paths.length;
  };
});
afterEach(() => t.close());

const notify = async (json: unknown) => {
  const answer = await t.call('/api/webhook/realtime', { method: 'POST', as: 'operator', json });
  return { status: answer.status, answer: (await answer.json()) as any };
};

const record = (key: string) => ({
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'b' }, object: { key, size: 1 } },
});

test.each([
  [
    'an event of S3',
    { EventName: 's3:ObjectCreated:Put', Records: [record('a+b/%C3%BC%2B'), record('c')] },
    ['a b/ü+', 'c'],
  ],
  ['one record of it', record('folder1/test+file.txt'), ['folder1/test file.txt']],
  ['a name, as file servers have it', { Name: 'folder1/a+b%41.txt' }, ['folder1/a+b%41.txt']],
  ['a path', { path: 'a+b' }, ['a+b']],
  ['paths', { paths: ['a', 'b'] }, ['a', 'b']],
])('a webhook tells of changes by %s, as an object or as its text', async (_, metadata, paths) => {
  const { id, name } = await t.addStorage();
  for (const storageClientId of [id, name]) {
    for (const form of [metadata, JSON.stringify(metadata)]) {
      const { status, answer } = await notify({ storageClientId, metadata: form, scanId: 'of a partition' });
      expect([status, typeof answer.correlationId]).toEqual([202, 'string']);
    }
  }
  expect((await notify({ StorageClientId: id, Metadata: metadata })).status).toBe(202);
  expect(told).toEqual(Array.from({ length: 5 }, () => [id, paths]));
});

test('an event of a bucket tells a storage of the objects below its prefix alone', async () => {
  const options = { kind: 's3', bucket: 'bucket', prefix: 'in/', accessKeyId: 'k', secretAccessKey: 'x' };
  const json = { name: 'bucket', options };
  const { id } = (await (await t.call('/api/storage', { method: 'POST', as: 'admin', json })).json()) as any;
  const metadata = { Records: [record('in/a'), record('out/b'), record('in')] };
  expect(await notify({ storageClientId: 'bucket', metadata })).toMatchObject({ status: 202 });
  expect(await notify({ storageClientId: 'bucket', metadata: record('out/b') })).toMatchObject({ status: 202 });
  expect(told).toEqual([
    [id, ['in/a']],
    [id, []],
  ]);
});

test.each([
  undefined,
  null,
  7,
  'no JSON',
  '"text"',
  '[]',
  {},
  { key: 'a' },
  { Records: [{}] },
  { s3: {} },
  { path: 7 },
  { path: 'a\0b' },
  { Name: '\ud800' },
])('a webhook whose metadata is %p is refused, with what it may be', async (metadata) => {
  const { id } = await t.addStorage();
  const { status, answer } = await notify({ storageClientId: id, metadata });
  expect([status, answer.responseKey, told]).toEqual([400, 'BAD_REQUEST', []]);
  expect(answer.responseMessage).toMatch(
    /^"metadata" is not valid: (not JSON|it is neither an event of S3)|^"metadata.\w+" is not valid: not a path/,
  );
});
