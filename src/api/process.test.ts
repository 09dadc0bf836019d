import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from './fixtures/harness';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi();
  await t.addStorage('share');
});
afterEach(() => t.close());

const send = (json: unknown, as: 'viewer' | 'operator' = 'operator') =>
  t.call('/api/file/process', { method: 'POST', as, json });

test.each([
  { filePaths: ['a', 'b'], storageName: 'share', storageType: 100 },
  { FilePaths: ['a', 'b'], StorageName: 'share', StorageType: 100 },
])('files are processed by their paths: %j', async (wish) => {
  const res = await send(wish);
  expect(res.status).toBe(202);
  const answer = (await res.json()) as { fileIds: string[]; scanId: string };
  expect(answer).toMatchObject({ responseKey: 'STARTED_PROCESSING_FILES', responseMessage: expect.any(String) });
  expect(answer.fileIds).toHaveLength(2);
  for (const id of answer.fileIds) {
    const file = await (await t.call(`/api/file/${id}`, { as: 'viewer' })).json();
    expect(file).toMatchObject({ scanId: answer.scanId, processingState: 0 });
  }
});

test.each([
  [{ storageName: 'share', storageType: 100 }, 400, 'filePaths'],
  [{ filePaths: [], storageName: 'share', storageType: 100 }, 400, 'filePaths'],
  [{ filePaths: 'a', storageName: 'share', storageType: 100 }, 400, 'filePaths'],
  [{ filePaths: ['a', ''], storageName: 'share', storageType: 100 }, 400, 'filePaths.1'],
  [{ filePaths: ['\ud800'], storageName: 'share', storageType: 100 }, 400, 'filePaths.0'],
  [{ filePaths: ['a\0b'], storageName: 'share', storageType: 100 }, 400, 'filePaths.0'],
  [{ filePaths: ['a'], storageName: 'share', storageType: '100' }, 400, 'storageType'],
  [{ filePaths: ['a'], storageName: 'share', storageType: 100, more: 1 }, 400, 'more'],
  [{ filePaths: ['a'], storageName: 'other', storageType: 100 }, 404, 'other'],
  [{ filePaths: ['a'], storageName: 'share', storageType: 0 }, 404, 'share'],
  [['a'], 400, 'object'],
  [null, 400, 'object'],
])('%j is no such wish', async (wish, status, word) => {
  const res = await send(wish);
  expect(res.status).toBe(status);
  expect(await res.json()).toMatchObject({ responseMessage: expect.stringContaining(word) });
  expect(await t.store.scans.count()).toBe(0);
});

test('a viewer may not', async () => {
  expect((await send({ filePaths: ['a'], storageName: 'share', storageType: 100 }, 'viewer')).status).toBe(403);
});
