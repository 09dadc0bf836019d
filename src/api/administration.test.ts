import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Fault } from '../core/fault';
import { newId } from '../core/id';
import { openTestApi, type TestApi, WORKFLOW_ID } from './fixtures/harness';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi({
    storages: {
      test: async ({ options }) => {
        if (options.kind === 'local' && options.path === '/gone')
          throw new Fault('STORAGE_UNREACHABLE', '/gone is not there.', { hint: 'Mount it.' });
      },
    },
  });
});
afterEach(() => t.close());

const send = async (method: string, path: string, json?: unknown) => {
  const res = await t.call(path, { method, as: 'admin', json });
  return { status: res.status, answer: (await res.json()) as Record<string, never> };
};

describe('users', () => {
  test('are created, listed, changed and removed, and their passwords never shown', async () => {
    const json = { userName: 'ada', password: 'a good password', role: 'viewer' };
    const { status, answer } = await send('POST', '/api/user', json);
    expect(status).toBe(201);
    expect(answer).toEqual({
      id: expect.any(String),
      userName: 'ada',
      role: 'viewer',
      created: expect.any(String),
    } as never);
    const changed = await send('PATCH', `/api/user/${answer.id}`, { role: 'admin', password: 'another password' });
    expect(changed.answer).toMatchObject({ role: 'admin' });
    await t.addUser('eve', 'her own password', 'admin');
    const { answer: list } = await send('GET', '/api/user');
    expect(list).toMatchObject({ total: 2, nextCursor: null, entries: [{ userName: 'ada' }, { userName: 'eve' }] });
    expect((await send('DELETE', `/api/user/${answer.id}`)).answer).toMatchObject({ responseKey: 'USER_REMOVED' });
    expect((await send('DELETE', `/api/user/${answer.id}`)).status).toBe(404);
    const { answer: audit } = await send('GET', '/api/audit');
    for (const secret of ['password":"', 'a good', 'another', '$argon2id']) {
      expect(JSON.stringify([list, audit])).not.toContain(secret);
    }
    expect(audit).toMatchObject({
      total: 3,
      entries: [
        { actor: 'apikey:admin', action: 'user.remove', detail: { userName: 'ada' } },
        { action: 'user.change', detail: { passwordChanged: true, role: 'admin' } },
        { action: 'user.create' },
      ],
    });
  });

  test('the last admin can neither be removed nor lose the role', async () => {
    const { id } = await t.addUser('ada', 'a good password', 'admin');
    await t.addUser('eve', 'a good password', 'viewer');
    const removed = await send('DELETE', `/api/user/${id}`);
    expect(removed).toMatchObject({ status: 409, answer: { responseKey: 'LAST_ADMIN' } });
    expect((await send('PATCH', `/api/user/${id}`, { role: 'viewer' })).status).toBe(409);
    expect((await send('PATCH', `/api/user/${id}`, { role: 'admin' })).status).toBe(200);
  });

  test('of two admins who are removed at once one stays', async () => {
    const ids = [await t.addUser('ada', 'x', 'admin'), await t.addUser('eve', 'x', 'admin')].map(({ id }) => id);
    const all = await Promise.all(ids.map((id) => send('DELETE', `/api/user/${id}`)));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('a name is taken once', async () => {
    await t.addUser('ada', 'x', 'admin');
    const { status, answer } = await send('POST', '/api/user', {
      userName: 'ada',
      password: '12345678',
      role: 'admin',
    });
    expect(status).toBe(409);
    expect(answer).toMatchObject({ responseKey: 'NAME_TAKEN' });
    expect(JSON.stringify(answer)).not.toContain('argon2');
  });

  test.each([
    { userName: 'local', password: '12345678', role: 'admin' },
    { userName: 'apikey:x', password: '12345678', role: 'admin' },
    { userName: 'a\nb', password: '12345678', role: 'admin' },
    { userName: '', password: '12345678', role: 'admin' },
    { userName: 'ada', password: '1234567', role: 'admin' },
    { userName: 'ada', password: '12345678', role: 'root' },
    { userName: 'ada', password: '12345678', role: 'admin', passwordHash: 'x' },
  ])('%j is refused', async (json) => {
    const { status, answer } = await send('POST', '/api/user', json);
    expect(status).toBe(400);
    expect(JSON.stringify(answer)).not.toContain(json.password);
  });
});

describe('API keys', () => {
  test('are shown once, work, and stop working', async () => {
    const { status, answer } = await send('POST', '/api/apikey', { name: 'backup', role: 'viewer' });
    expect(status).toBe(201);
    const key: string = answer.key!;
    const ask = async () => (await t.call('/api/scan', { headers: { ApiKey: key } })).status;
    expect(await ask()).toBe(200);
    const { answer: list } = await send('GET', '/api/apikey');
    const { answer: audit } = await send('GET', '/api/audit');
    expect(JSON.stringify([list, audit])).not.toContain(key);
    expect(JSON.stringify(list)).not.toContain('hash');
    expect(list).toMatchObject({ total: 4 });
    expect((await send('DELETE', `/api/apikey/${answer.id}`)).status).toBe(200);
    expect(await ask()).toBe(401);
    expect((await send('DELETE', `/api/apikey/${answer.id}`)).status).toBe(404);
  });
});

describe('storages', () => {
  const options = { kind: 'local', path: '/srv' };

  test('are created, shown, changed and removed', async () => {
    const { status, answer } = await send('POST', '/api/storage', { name: 'Files', options, workflowId: WORKFLOW_ID });
    expect(status).toBe(201);
    const path = `/api/storage/${answer.id}`;
    expect(answer).toMatchObject({ name: 'Files', storageType: 100, options, workflowId: WORKFLOW_ID });
    expect((await send('GET', path)).answer).toEqual(answer);
    expect((await send('PATCH', path, { name: 'Other' })).answer).toMatchObject({ name: 'Other', options });
    const { answer: changed } = await send('PATCH', path, { workflowId: null });
    expect(changed).not.toHaveProperty('workflowId');
    expect((await send('GET', '/api/storage')).answer).toMatchObject({ total: 1, entries: [{ name: 'Other' }] });
    expect((await send('DELETE', path)).answer).toMatchObject({ responseKey: 'STORAGE_REMOVED' });
    for (const method of ['GET', 'DELETE']) expect((await send(method, path)).status).toBe(404);
  });

  test('are known by what holds them from the beginning on, after a change, and when they are tried out', async () => {
    const mount = async (id = '') => (await t.store.storages.find(id))?.root?.mount;
    const { answer } = await send('POST', '/api/storage', {
      name: 'Processes',
      options: { ...options, path: '/proc' },
    });
    expect(await mount(answer.id)).toBe('/proc');
    await send('PATCH', `/api/storage/${answer.id}`, { options: { ...options, path: '/' } });
    expect(await mount(answer.id)).toBe('/');
    await send('PATCH', `/api/storage/${answer.id}`, { options: { ...options, path: '/usr' } });
    expect(await mount(answer.id)).toBe('/');
    await send('PATCH', `/api/storage/${answer.id}`, { options: { ...options, path: '/gone' } });
    expect(await mount(answer.id)).toBeUndefined();
    await t.store.storages.put({
      ...(await t.store.storages.find(answer.id!))!,
      options: { kind: 'local', path: '/proc' },
    });
    await send('POST', `/api/storage/${answer.id}/test`);
    expect(await mount(answer.id)).toBe('/proc');
  });

  test('are not removed while a scan or a rescan needs them', async () => {
    const { scan, storage, files } = await t.addScan([{ path: '/srv/a' }]);
    const remove = () => send('DELETE', `/api/storage/${storage.id}`);
    expect(await remove()).toMatchObject({
      status: 409,
      answer: { responseKey: 'STORAGE_IN_USE', hint: expect.stringContaining('real-time') as never },
    });
    await t.finish(files[0]!.id);
    await t.store.scans.move(scan.id, ['running'], 'finished', 1);
    await send('POST', '/api/file/ondemandscan', { fileId: files[0]!.id });
    expect((await remove()).status).toBe(409);
    await t.finish(files[0]!.id);
    expect((await remove()).status).toBe(200);
  });

  test('are tried out', async () => {
    const { answer: here } = await send('POST', '/api/storage', { name: 'Here', options });
    const { answer: gone } = await send('POST', '/api/storage', {
      name: 'Gone',
      options: { ...options, path: '/gone' },
    });
    expect((await send('POST', `/api/storage/${here.id}/test`)).answer).toMatchObject({
      responseKey: 'STORAGE_REACHABLE',
    });
    expect(await send('POST', `/api/storage/${gone.id}/test`)).toEqual({
      status: 422,
      answer: {
        responseKey: 'STORAGE_UNREACHABLE',
        responseMessage: '/gone is not there.',
        hint: 'Mount it.',
      } as never,
    });
  });

  test.each([
    { name: '', options },
    { name: 'Files' },
    { name: 'Files', options: { kind: 'floppy', path: '/srv' } },
    { name: 'Files', options: { kind: 'local' } },
    { name: 'Files', options: { ...options, secret: 'x' } },
    { name: 'Files', options, workflowId: newId() },
  ])('%j is refused', async (json) => {
    expect(await send('POST', '/api/storage', json)).toMatchObject({
      status: 400,
      answer: { responseKey: 'BAD_REQUEST' },
    });
  });

  test('a name is taken once', async () => {
    await t.addStorage('Files');
    expect((await send('POST', '/api/storage', { name: 'Files', options })).status).toBe(409);
  });
});

test('the audit comes newest first, page by page', async () => {
  for (let i = 0; i < 5; i++) await t.store.audit.append('somebody', `act.${i}`, {}, i);
  const { answer: first } = await send('GET', '/api/audit?limit=3');
  expect(first).toMatchObject({ total: 5, entries: [{ action: 'act.4' }, { action: 'act.3' }, { action: 'act.2' }] });
  const { answer: rest } = await send('GET', `/api/audit?limit=3&cursor=${first.nextCursor}`);
  expect(rest).toMatchObject({
    nextCursor: null,
    entries: [{ action: 'act.1' }, { action: 'act.0', time: expect.any(String) }],
  });
});
