import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openTestApi } from './fixtures/harness';

let api: Awaited<ReturnType<typeof openTestApi>>;
beforeEach(async () => {
  api = await openTestApi();
  for (const id of ['1', '2', '3']) {
    await api.store.quarantine.insert(
      {
        id,
        fileId: 'file',
        storageId: 'storage',
        storageName: 'uploads',
        place: { path: `/srv/${id}` },
        size: 3,
        sha256: 'aa',
        resultCode: 1,
        reason: 'YARA found it.',
        attributes: '{"uid":0}',
        createdAt: 0,
      },
      new Uint8Array(32).fill(9),
    );
    if (id !== '3') await api.store.quarantine.hold(id, 'aa');
  }
});
afterEach(() => api.close());

test('what is held is listed with reason and origin, and neither what is still coming nor keys and attributes', async () => {
  const answer = await api.call('/api/quarantine?limit=1', { as: 'viewer' });
  const page = (await answer.json()) as { entries: object[]; nextCursor: string };
  expect(page).toMatchObject({
    total: 2,
    entries: [{ id: '2', state: 'held', path: '/srv/2', scanAllResultA: 'Infected', reason: 'YARA found it.' }],
  });
  expect(Object.keys(page.entries[0] ?? {})).not.toContain('attributes');
  expect(JSON.stringify(page)).not.toContain(Buffer.alloc(32, 9).toString('base64'));
  const next = await api.call(`/api/quarantine?limit=1&cursor=${page.nextCursor}`, { as: 'viewer' });
  expect(await next.json()).toMatchObject({ entries: [{ id: '1' }], nextCursor: null });
  expect((await api.call('/api/quarantine/3', { as: 'viewer' })).status).toBe(404);
  expect((await api.call('/api/quarantine/1', { as: 'viewer' })).status).toBe(200);
});

test('is given back and removed for good by administrators alone', async () => {
  for (const as of [undefined, 'viewer', 'operator'] as const) {
    for (const [path, method, json] of [
      ['/api/quarantine/1/restore', 'POST', {}],
      ['/api/quarantine/purge', 'POST', { before: '2030-01-01T00:00:00Z' }],
      ['/api/quarantine/1', 'DELETE', undefined],
    ] as const)
      expect((await api.call(path, { method, as, json })).status).toBe(as === undefined ? 401 : 403);
  }
  expect((await api.call('/api/quarantine/1', { method: 'DELETE', as: 'admin' })).status).toBe(200);
  expect((await api.call('/api/quarantine/1', { method: 'DELETE', as: 'admin' })).status).toBe(422);
  const json = { before: '2030-01-01T00:00:00Z' };
  expect(await (await api.call('/api/quarantine/purge', { method: 'POST', as: 'admin', json })).json()).toMatchObject({
    count: 1,
  });
  const states = (await api.store.quarantine.list({ limit: 10 })).map(({ id, state }) => `${id} ${state}`);
  expect(states).toEqual(['2 purged', '1 purged']);
  expect((await api.store.audit.list({ limit: 2 })).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    'apikey:admin quarantine.purge',
    'apikey:admin quarantine.purge',
  ]);
});
