import { afterEach, beforeEach, expect, test } from 'bun:test';
import { newId } from '../core/id';
import { openTestApi, type TestApi, WORKFLOW_ID } from './fixtures/harness';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi();
});
afterEach(() => t.close());

interface List {
  entries: { id: string; path: string; name: string }[];
  nextCursor: string | null;
  total: number;
}

const get = async (path: string) => (await t.call(path, { as: 'viewer' })).json();
const list = async (path: string) => (await get(path)) as List;
const post = (path: string, json?: unknown) => t.call(path, { method: 'POST', as: 'operator', json });

test('a scan is started, shown, paused, resumed and cancelled', async () => {
  const storage = await t.addStorage('the files');
  const res = await post('/api/scan', { storageId: storage.id, name: 'Nightly', path: 'a' });
  expect(res.status).toBe(202);
  const scan = (await res.json()) as { id: string };
  expect(scan).toMatchObject({
    name: 'Nightly',
    path: 'a',
    state: 'running',
    storageName: 'the files',
    created: '2026-01-01T00:00:00.000Z',
    progress: { percent: 0, done: 0, total: 0 },
  });
  for (const [verb, state] of [
    ['pause', 'paused'],
    ['resume', 'running'],
    ['cancel', 'canceled'],
  ]) {
    expect(await (await post(`/api/scan/${scan.id}/${verb}`)).json()).toMatchObject({ id: scan.id, state });
  }
  expect(await get(`/api/scan/${scan.id}`)).toMatchObject({ state: 'canceled', progress: { percent: 100 } });
  expect((await post(`/api/scan/${scan.id}/pause`)).status).toBe(409);
  const audit = await t.store.audit.list({ limit: 10 });
  expect(audit.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    'apikey:operator scan.resume',
    'apikey:operator scan.pause',
  ]);
});

test('what is unknown is 404, what is malformed 400', async () => {
  for (const path of ['', '/pause', '/resume', '/cancel']) {
    const id = newId();
    const res = path ? await post(`/api/scan/${id}${path}`) : await t.call(`/api/scan/${id}`, { as: 'viewer' });
    expect([path, res.status]).toEqual([path, 404]);
  }
  expect((await t.call(`/api/scan/${newId()}/files`, { as: 'viewer' })).status).toBe(404);
  expect((await post('/api/scan', { storageId: newId() })).status).toBe(404);
  for (const json of [{}, { storageId: 1 }, { storageId: 'x', nmae: 'typo' }]) {
    expect((await post('/api/scan', json)).status).toBe(400);
  }
  for (const query of ['limit=0', 'limit=1001', 'limit=x', 'cursor=abc', 'cursor=%00', 'cursor=', 'state=odd']) {
    const res = await t.call(`/api/scan?${query}`, { as: 'viewer' });
    expect([query, res.status]).toEqual([query, 400]);
    expect(((await res.json()) as { responseMessage: string }).responseMessage).toContain(`"${query.split('=')[0]}"`);
  }
});

test('a filter that is misspelled is refused: passed over, it would take every file', async () => {
  const { scan } = await t.addScan([{ path: '/srv/a' }]);
  for (const path of ['/api/scan', `/api/scan/${scan.id}/files`, `/api/scan/${scan.id}/report`, '/api/rescan']) {
    const res = await t.call(`${path}?stauts=Blocked`, { as: 'viewer' });
    expect([path, res.status]).toEqual([path, 400]);
    expect(((await res.json()) as { responseMessage: string }).responseMessage).toContain('stauts');
  }
});

test('scans are listed newest first, page by page, and by state and storage', async () => {
  const scans = [await t.addScan(), await t.addScan(), await t.addScan()].map(({ scan }) => scan);
  const first = await list('/api/scan?limit=2');
  expect(first.entries.map(({ id }) => id)).toEqual([scans[2]!.id, scans[1]!.id]);
  expect(first.total).toBe(3);
  const second = await list(`/api/scan?limit=2&cursor=${first.nextCursor}`);
  expect(second).toMatchObject({ entries: [{ id: scans[0]!.id }], nextCursor: null, total: 3 });
  expect((await list(`/api/scan?storageId=${scans[1]!.storageId}`)).total).toBe(1);
  await post(`/api/scan/${scans[1]!.id}/pause`);
  expect(await list('/api/scan?state=paused')).toMatchObject({ entries: [{ id: scans[1]!.id }], total: 1 });
});

test('progress says 100 only when the scan is over', async () => {
  const { scan, files } = await t.addScan([{ path: '/a' }, { path: '/b' }]);
  await t.finish(files[0]!.id);
  expect(await get(`/api/scan/${scan.id}`)).toMatchObject({ progress: { percent: 50, done: 1, total: 2 } });
  await t.finish(files[1]!.id);
  expect(await get(`/api/scan/${scan.id}`)).toMatchObject({ progress: { percent: 99, done: 2, total: 2 } });
  await t.store.scans.move(scan.id, ['running'], 'finished', t.deps.clock());
  expect(await get(`/api/scan/${scan.id}`)).toMatchObject({ progress: { percent: 100 }, counts: { allowed: 2 } });
});

/** One clean file, one infected, one infected and encrypted, one failed, one in progress. */
const mixed = async () => {
  const { scan, files } = await t.addScan(['/clean', '/bad', '/worse', '/failed', '/due'].map((path) => ({ path })));
  const id = (path: string) => files.find((file) => file.path === path)!.id;
  const blocked = { resultCode: 1, state: 'Available', status: 'Blocked', explanation: 'Eicar.' } as const;
  await t.finish(id('/clean'));
  await t.finish(id('/bad'), { verdict: { ...blocked, detections: ['Threat'] } });
  await t.finish(id('/worse'), { verdict: { ...blocked, detections: ['Threat', 'Encrypted'] } });
  await t.finish(id('/failed'), {
    verdict: { resultCode: 3, state: 'Failed', detections: [], explanation: 'No answer.' },
  });
  return scan;
};

test('the files of a scan, each with its outcome', async () => {
  const scan = await mixed();
  const { entries, total } = await list(`/api/scan/${scan.id}/files`);
  expect(total).toBe(5);
  const byName = Object.fromEntries(entries.map(({ id, ...entry }) => [entry.name, entry]));
  expect(byName.bad).toEqual({
    name: 'bad',
    path: '/bad',
    size: 10,
    created: '2026-01-01T00:00:00.000Z',
    state: 'Available',
    status: 'Blocked',
    scanAllResultI: 1,
    scanAllResultA: 'Infected',
    detections: ['Threat'],
    blockedReason: 'Eicar.',
    processed: '1970-01-01T00:00:02.500Z',
    workflow: { id: WORKFLOW_ID, name: 'Default', revision: 1 },
  } as never);
  expect(byName.failed).toMatchObject({ state: 'Failed', scanAllResultA: 'Failed', exceptionDetails: 'No answer.' });
  expect(byName.clean).not.toHaveProperty('blockedReason');
  expect(byName.due).toMatchObject({ state: 'InProgress', scanAllResultI: 255, scanAllResultA: 'In Progress' });
});

test.each([
  ['status=Blocked', ['/bad', '/worse']],
  ['status=Blocked&status=Failed', ['/bad', '/failed', '/worse']],
  ['detection=Threat', ['/bad', '/worse']],
  ['detection=Threat&detection=Encrypted', ['/worse']],
  ['status=Allowed&detection=Threat', []],
  ['search=WOR', ['/worse']],
  ["search=' OR 1=1 --", []],
  ['search=%25', []],
  ['search=_', []],
  ['search=%0A%00', []],
  ['search=%22);DROP TABLE files;--', []],
])('files filtered by %s', async (query, paths) => {
  const scan = await mixed();
  const { entries, total } = await list(`/api/scan/${scan.id}/files?${query}`);
  expect(entries.map(({ path }) => path).sort()).toEqual(paths);
  expect(total).toBe(paths.length);
  expect((await list(`/api/scan/${scan.id}/files`)).total).toBe(5);
});

test('pages of files show each once', async () => {
  const { scan } = await t.addScan(Array.from({ length: 7 }, (_, i) => ({ path: `/${i}` })));
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: List = await list(`/api/scan/${scan.id}/files?limit=3${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.entries.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toHaveLength(7);
  expect(new Set(seen).size).toBe(7);
});

test.each(['status=Nope', 'detection=threat', 'status=Allowed&status=Nope', 'limit=1001', 'cursor=!!'])(
  'the filter %s is refused by name',
  async (query) => {
    const { scan } = await t.addScan();
    const res = await t.call(`/api/scan/${scan.id}/files?${query}`, { as: 'viewer' });
    expect(res.status).toBe(400);
    expect(await res.json()).toMatchObject({
      responseKey: 'BAD_REQUEST',
      responseMessage: expect.stringContaining('"'),
    });
  },
);
