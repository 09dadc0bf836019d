import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { newId } from '../core/id';
import { WorkflowDefinition } from '../core/workflow';
import { openTestApi, type TestApi, WORKFLOW_ID } from './fixtures/harness';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi();
});
afterEach(() => t.close());

const get = async (path: string) => (await t.call(path, { as: 'viewer' })).json();

/** A scan that is over, with one clean file. */
const finished = async () => {
  const { scan, files, storage } = await t.addScan([{ path: '/srv/files/a.txt' }]);
  const file = files[0]!;
  await t.finish(file.id);
  await t.store.scans.move(scan.id, ['running'], 'finished', t.deps.clock());
  return { scan, storage, file };
};

const rescan = (json: unknown) => t.call('/api/file/ondemandscan', { method: 'POST', as: 'operator', json });

test('the result of a file, before and after its processing', async () => {
  const { files } = await t.addScan([{ path: '/srv/files/a.txt' }]);
  const id = files[0]!.id;
  expect(await get(`/api/file/${id}`)).toMatchObject({ id, processingState: 0, state: 'InProgress' });
  await t.finish(id);
  expect(await get(`/api/file/${id}`)).toMatchObject({ id, processingState: 2, status: 'Allowed' });
});

test('a file that was larger than when it was found is listed with the size that it had', async () => {
  const { scan, files } = await t.addScan([{ path: '/grown' }, { path: '/same' }]);
  const type = { mime: 'text/plain', description: 'text', container: false };
  const content = { sha256: 'a', sha1: 'b', md5: 'c', type };
  for (const [at, size] of [99, 10].entries()) {
    await t.finish(files[at]!.id, {
      findings: { content: { ...content, size }, answers: [], startedAt: 1, endedAt: 2 },
    });
  }
  const { entries } = (await get(`/api/scan/${scan.id}/files?sort=-size`)) as { entries: object[] };
  expect(entries).toMatchObject([
    { path: '/grown', size: 99 },
    { path: '/same', size: 10 },
  ]);
});

test('a file is found by its path, the newest record of it', async () => {
  await t.addScan([{ path: '/srv/files/a b&c.txt' }]);
  const { files } = await t.addScan([{ path: '/srv/files/a b&c.txt' }]);
  const query = new URLSearchParams({ path: '/srv/files/a b&c.txt' });
  expect(await get(`/api/file?${query}`)).toMatchObject({ id: files[0]!.id, path: '/srv/files/a b&c.txt' });
  expect((await t.call('/api/file?path=/srv/files', { as: 'viewer' })).status).toBe(404);
  expect((await t.call('/api/file', { as: 'viewer' })).status).toBe(400);
});

test('a path that is not UTF-8 is shown as text', async () => {
  const raw = new Uint8Array([0x2f, 0xff, 0x2e, 0x74]);
  const { files } = await t.addScan([{ path: new TextDecoder().decode(raw), raw }]);
  const result = await get(`/api/file/${files[0]!.id}`);
  expect(result).toMatchObject({ path: '/\ufffd.t', name: '\ufffd.t' });
  expect(JSON.stringify(result)).not.toContain('raw');
});

test('a result outlives its storage', async () => {
  const { file, storage } = await finished();
  expect(await t.store.storages.remove(storage.id)).toBe(true);
  expect(await get(`/api/file/${file.id}`)).toMatchObject({ storageType: 100, storageName: storage.name });
});

test('a file is looked at again, and its history keeps both processings, newest first', async () => {
  const { file } = await finished();
  const res = await rescan({ fileId: file.id });
  expect(res.status).toBe(202);
  const answer = (await res.json()) as Record<string, string>;
  expect(Object.keys(answer).sort()).toEqual(['fileId', 'rescanId', 'responseKey', 'responseMessage']);
  expect(answer).toMatchObject({ fileId: file.id, responseKey: 'STARTED_PROCESSING_FILE' });
  expect(await get(`/api/rescan/${answer.rescanId}`)).toMatchObject({
    state: 'running',
    actor: 'apikey:operator',
    progress: { percent: 0, done: 0, total: 1 },
  });
  expect(await get(`/api/file/${file.id}`)).toMatchObject({ processingState: 0, rescanId: answer.rescanId });

  await t.finish(file.id, {
    verdict: {
      resultCode: 1,
      state: 'Available',
      status: 'Blocked',
      detections: ['Threat'],
      explanation: 'ClamAV found Eicar.',
    },
  });
  const history = await get(`/api/file/${file.id}/history`);
  expect(history).toMatchObject({
    total: 2,
    nextCursor: null,
    entries: [
      { reason: 'rescan', rescanId: answer.rescanId, status: 'Blocked', workflow: { name: 'Default', revision: 1 } },
      { reason: 'scan', status: 'Allowed' },
    ],
  });
  const page = (await get(`/api/file/${file.id}/history?limit=1`)) as { nextCursor: string };
  const rest = await get(`/api/file/${file.id}/history?limit=1&cursor=${page.nextCursor}`);
  expect(rest).toMatchObject({ entries: [{ reason: 'scan' }], nextCursor: null });
});

test('several files at once', async () => {
  const { file } = await finished();
  const { file: other } = await finished();
  const answer = await (await rescan({ fileIds: [file.id, other.id] })).json();
  expect(answer).toMatchObject({ fileIds: [file.id, other.id] });
});

test('of several files, one that is held already is skipped and counted', async () => {
  const { file } = await finished();
  const { file: other } = await finished();
  await rescan({ fileId: file.id });
  const answer = (await (await rescan({ fileIds: [file.id, other.id, other.id] })).json()) as { rescanId: string };
  expect(answer).toMatchObject({ fileIds: [other.id] });
  expect(await get(`/api/rescan/${answer.rescanId}`)).toMatchObject({ skipped: 1, progress: { total: 1 } });
});

test('rescans are listed by their state', async () => {
  const { file } = await finished();
  const { rescanId } = (await (await rescan({ fileId: file.id })).json()) as { rescanId: string };
  expect(await get('/api/rescan?state=running')).toMatchObject({ total: 1, entries: [{ id: rescanId }] });
  expect(await get('/api/rescan?state=finished')).toMatchObject({ total: 0, entries: [] });
});

test('keys may begin with a capital letter, and one that is unknown is refused rather than passed over', async () => {
  const { file } = await finished();
  const misspelled = await rescan({ fileId: file.id, password: ['open sesame'] });
  expect(misspelled.status).toBe(400);
  expect(await misspelled.json()).toMatchObject({ responseMessage: expect.stringContaining('password') });
  expect(await get('/api/rescan')).toMatchObject({ total: 0 });
  const answer = await (await rescan({ FileId: file.id, Passwords: ['open sesame'] })).json();
  expect(answer).toMatchObject({ fileId: file.id, responseKey: 'STARTED_PROCESSING_FILE' });
});

test('the audit names the files that were looked at again', async () => {
  const { file } = await finished();
  const { file: other } = await finished();
  await rescan({ fileIds: [file.id, other.id] });
  const [entry] = await t.store.audit.list({ limit: 1 });
  expect(entry).toMatchObject({ action: 'rescan.start', detail: { files: 2, fileIds: [file.id, other.id] } });
});

test('the files of a report are listed by the rescan that looked into them, and by what it changed, whatever came after', async () => {
  const { scan, files } = await t.addScan([{ path: '/a' }, { path: '/b' }, { path: '/c' }]);
  for (const { id } of files) await t.finish(id);
  await t.store.scans.move(scan.id, ['running'], 'finished', t.deps.clock());
  const CHANGED = { Allowed: 'blockedToAllowed', Blocked: 'allowedToBlocked' } as const;
  const again = async (ids: string[], status: 'Allowed' | 'Blocked') => {
    const { rescanId } = (await (await rescan({ fileIds: ids })).json()) as { rescanId: string };
    const verdict = { resultCode: 1 as const, state: 'Available' as const, status, detections: [], explanation: '' };
    for (const id of ids) {
      const before = (await get(`/api/file/${id}/history?limit=1`)) as { entries: { status: string }[] };
      await t.finish(id, { verdict }, before.entries[0]!.status === status ? [] : [CHANGED[status]]);
    }
    return rescanId;
  };
  const [a, b, c] = files.map(({ id }) => id) as [string, string, string];
  const first = await again([a, b], 'Blocked');
  const second = await again([a, c], 'Allowed');
  const listed = async (query: string) => {
    const { entries, total } = (await get(`/api/scan/${scan.id}/files?${query}`)) as {
      entries: { path: string }[];
      total: number;
    };
    expect(total).toBe(entries.length);
    return entries.map(({ path }) => path);
  };
  expect(await listed(`rescanId=${first}`)).toEqual(['/a', '/b']);
  expect(await listed(`rescanId=${first}&change=allowedToBlocked&sort=-path`)).toEqual(['/b', '/a']);
  expect(await listed(`rescanId=${first}&status=Allowed`)).toEqual(['/a']);
  expect(await listed(`rescanId=${second}&change=allowedToBlocked`)).toEqual([]);
  expect(await listed('change=blockedToAllowed')).toEqual(['/a']);
  expect(await listed('rescanId=none')).toEqual([]);
  expect(await get(`/api/rescan/${first}/files`)).toMatchObject({ total: 2, entries: [{ id: a }, { id: b }] });
  const report = await get(`/api/scan/${scan.id}/report?rescanId=${second}&change=blockedToAllowed`);
  expect(report).toMatchObject({ filter: { rescanId: second }, total: 1, entries: [{ path: '/a' }] });
});

test('a file in progress is refused', async () => {
  const { file } = await finished();
  await rescan({ fileId: file.id });
  const res = await rescan({ fileId: file.id });
  expect(res.status).toBe(409);
  expect(await res.json()).toMatchObject({ responseKey: 'FILE_IN_PROGRESS' });
});

describe('passwords', () => {
  const secret = 'open sesame';

  test('are taken in their order, each once, with their spaces and in any letters; the answer and the audit have none', async () => {
    const { file } = await finished();
    const given = [` ${secret} `, '', 'пароль 密码', secret, 'пароль 密码', '\u{1F511}', ''];
    const res = await rescan({ fileId: file.id, passwords: given });
    expect(res.status).toBe(202);
    const text = await res.text();
    const { rescanId } = JSON.parse(text);
    expect(await t.store.rescans.passwords(rescanId)).toEqual([` ${secret} `, 'пароль 密码', secret, '\u{1F511}']);
    const audit = await t.store.audit.list({ limit: 100 });
    expect(audit[0]).toMatchObject({ action: 'rescan.start', detail: { rescanId, passwords: 4 } });
    const rescans = await get(`/api/rescan/${rescanId}`);
    const result = await get(`/api/file/${file.id}`);
    for (const said of [text, audit, rescans, result].map((one) => JSON.stringify(one))) {
      expect(said).not.toContain(secret);
      expect(said).not.toContain('пароль');
    }
  });

  test('of a report are taken too, and its preview does not mind them', async () => {
    const { scan } = await finished();
    await t.store.scans.move(scan.id, ['running'], 'finished', 1);
    const ask = (path: string) =>
      t.call(`/api/scan/${scan.id}/${path}`, { method: 'POST', as: 'operator', json: { passwords: [secret] } });
    expect(await (await ask('reprocess/preview')).json()).toMatchObject({ count: 1 });
    const { rescanId } = (await (await ask('reprocess')).json()) as { rescanId: string };
    expect(await t.store.rescans.passwords(rescanId)).toEqual([secret]);
    expect(JSON.stringify(await t.store.audit.list({ limit: 100 }))).not.toContain(secret);
  });

  test('may be a thousand of 1,024 letters, however those are written', async () => {
    const { file } = await finished();
    const passwords = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(1024, '\u0001'));
    const res = await rescan({ fileId: file.id, passwords });
    expect(res.status).toBe(202);
    expect(await t.store.rescans.passwords(((await res.json()) as { rescanId: string }).rescanId)).toEqual(passwords);
  });

  test.each([
    [secret, '"passwords"'],
    [{ [secret]: 1 }, '"passwords"'],
    [null, '"passwords"'],
    [[secret, { secret }], '"passwords.1"'],
    [[secret, secret.repeat(100)], '"passwords.1"'],
    [Array.from({ length: 1001 }, (_, i) => `${secret}${i}`), '"passwords"'],
  ])('that are none, too long or too many are refused by their place: %#', async (passwords, place) => {
    const { file } = await finished();
    const res = await rescan({ fileId: file.id, passwords });
    expect(res.status).toBe(400);
    const text = await res.text();
    expect(JSON.parse(text)).toMatchObject({
      responseKey: 'BAD_REQUEST',
      responseMessage: expect.stringContaining(place),
    });
    expect(text).not.toContain(secret);
    expect((await t.store.rescans.list({ limit: 1 })).length).toBe(0);
  });
});

describe('files of several storages', () => {
  const withWorkflow = async (name: string) => {
    const id = newId();
    const definition = WorkflowDefinition.parse({});
    await t.store.workflows.insert({ id, name, revision: 1, definition, createdAt: 1 }, false);
    return id;
  };

  test('go each through the workflow of their own storage, or all through the one that is named', async () => {
    const { file } = await finished();
    const { file: other } = await finished();
    const own = await withWorkflow('own');
    const storage = await t.store.storages.find(other.storageId);
    await t.store.storages.put({ ...storage!, workflowId: own });
    const { rescanId } = (await (await rescan({ fileIds: [file.id, other.id] })).json()) as { rescanId: string };
    const shown = (await get(`/api/rescan/${rescanId}`)) as { workflows: object[] };
    expect(shown.workflows).toHaveLength(2);
    expect(shown.workflows).toContainEqual({ id: WORKFLOW_ID, name: 'Default', revision: 1 });
    expect(shown.workflows).toContainEqual({ id: own, name: 'own', revision: 1 });
    expect(await t.store.work.find(file.id)).toMatchObject({ workflowId: WORKFLOW_ID });
    expect(await t.store.work.find(other.id)).toMatchObject({ workflowId: own });

    await t.finish(file.id);
    await t.finish(other.id);
    const named = await withWorkflow('named');
    const answer = await rescan({ fileIds: [file.id, other.id], workflowId: named });
    const second = ((await answer.json()) as { rescanId: string }).rescanId;
    expect(await get(`/api/rescan/${second}`)).toMatchObject({ workflows: [{ id: named }] });
    for (const id of [file.id, other.id]) expect(await t.store.work.find(id)).toMatchObject({ workflowId: named });
  });
});

test.each([{}, { fileId: 'a', fileIds: ['b'] }, { fileIds: [] }, { fileId: 1 }, [], null, 'text'])(
  '%j is no wish for a rescan',
  async (json) => {
    const res = await rescan(json);
    expect(res.status).toBe(400);
    expect(await res.json()).toMatchObject({ responseKey: 'BAD_REQUEST' });
  },
);

test.each([
  newId(),
  "' OR 1=1 --",
  '%00',
  '..%2f..%2fetc%2fpasswd',
  '%0d%0aX-Evil:%201',
  '%ff',
  'a'.repeat(5000),
  '5e91c094efe27b0006489533',
])('the id %s is not found', async (id) => {
  for (const path of [`/api/file/${id}`, `/api/file/${id}/history`, `/api/scan/${id}`, `/api/rescan/${id}`]) {
    const res = await t.call(path, { as: 'viewer' });
    expect(res.status).toBe(404);
    expect(await res.json()).toMatchObject({ responseKey: 'NOT_FOUND', responseMessage: expect.any(String) });
    expect(res.headers.has('X-Evil')).toBe(false);
  }
});
