import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { newId } from '../core/id';
import type { Log } from '../core/log';
import { WorkflowDefinition } from '../core/workflow';
import { openTestApi, type TestApi, WORKFLOW_ID } from './fixtures/harness';

const SECRET = 'Zz-the-very-secret-Zz';
const DEFAULTS = WorkflowDefinition.parse({});

let t: TestApi;
let logged: unknown[];

beforeEach(async () => {
  logged = [];
  const note = (...args: unknown[]) => void logged.push(args);
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const engine = (id: string) => ({ id, name: id, state: 'ready' as const, settings: '', finds: [] });
  const engines = async () => [engine('yara'), engine('clamav')];
  t = await openTestApi({ log, host: { engines, reload: async () => {}, restarts: () => 0, pid: () => 1 } });
});
afterEach(() => t.close());

const send = async (method: string, path: string, json?: unknown) => {
  const res = await t.call(`/api/workflow${path}`, { method, as: 'admin', json });
  return { status: res.status, answer: (await res.json()) as any };
};

const add = async (json: object): Promise<any> => (await send('POST', '', json)).answer;

const audit = async () => (await t.store.audit.list({ limit: 100 })).map(({ action, detail }) => ({ action, detail }));

describe('a workflow', () => {
  test('is created with the defaults for what is not said, listed and shown', async () => {
    const json = { name: ' Uploads ', definition: { engines: ['yara'], maxFileSize: 5 }, passwords: [SECRET] };
    const { status, answer } = await send('POST', '', json);
    expect(status).toBe(201);
    expect(answer).toEqual({
      id: expect.any(String),
      name: 'Uploads',
      revision: 1,
      definition: { ...DEFAULTS, engines: ['yara'], maxFileSize: 5 },
      passwordCount: 1,
      default: false,
      created: '2026-01-01T00:00:00.000Z',
    });
    expect((await send('GET', `/${answer.id}`)).answer).toEqual(answer);
    expect((await send('GET', '')).answer).toMatchObject({
      total: 2,
      entries: [{ id: WORKFLOW_ID, name: 'Default', revision: 1, default: true }, answer],
    });
    expect((await add({ name: 'Plain' })).definition).toEqual(DEFAULTS);
    expect((await send('GET', '/other')).status).toBe(404);
  });

  test('is changed by what is said alone, each time as a new revision', async () => {
    const { id } = await add({ name: 'a', definition: { maxFileSize: 5 }, passwords: ['p', 'q'] });
    t.advance(1000);
    const { answer } = await send('PATCH', `/${id}`, { definition: { fileTimeout: 7 } });
    expect(answer).toMatchObject({ revision: 2, passwordCount: 2, created: '2026-01-01T00:00:01.000Z' });
    expect(answer.definition).toEqual({ ...DEFAULTS, maxFileSize: 5, fileTimeout: 7 });
    const rest = { name: 'b', definition: { maxFileSize: null }, passwords: [] };
    const { answer: now } = await send('PATCH', `/${id}`, rest);
    expect(now).toMatchObject({ name: 'b', revision: 3, passwordCount: 0 });
    expect(now.definition).toEqual({ ...DEFAULTS, fileTimeout: 7 });
    expect((await send('PATCH', '/other', { name: 'x' })).status).toBe(404);
  });

  test('that is changed to what it is stays at its revision, and the audit says nothing', async () => {
    const { id, created, ...made } = await add({ name: 'a', passwords: ['p'] });
    t.advance(1000);
    const before = (await audit()).length;
    for (const json of [{}, { name: 'a', definition: made.definition, passwords: ['p'] }]) {
      expect((await send('PATCH', `/${id}`, json)).answer).toEqual({ id, created, ...made });
    }
    expect(await audit()).toHaveLength(before);
  });

  test('that two change at once has two new revisions, and both changes', async () => {
    const { id } = await add({ name: 'a' });
    const changes = [{ definition: { maxFileSize: 5 } }, { definition: { fileTimeout: 6 } }];
    const answers = await Promise.all(changes.map((json) => send('PATCH', `/${id}`, json)));
    expect(answers.map(({ answer }) => answer.revision).sort()).toEqual([2, 3]);
    const { answer } = await send('GET', `/${id}`);
    expect(answer.definition).toMatchObject({ maxFileSize: 5, fileTimeout: 6 });
  });

  test('shows its revisions, newest first and page by page, also when it is removed', async () => {
    const { id } = await add({ name: 'a', passwords: ['p'] });
    for (let size = 1; size < 5; size++) await send('PATCH', `/${id}`, { definition: { maxFileSize: size } });
    await send('DELETE', `/${id}`);
    const { answer: first } = await send('GET', `/${id}/revisions?limit=3`);
    expect(first).toMatchObject({ total: 5, entries: [{ revision: 5 }, { revision: 4 }, { revision: 3 }] });
    const { answer: rest } = await send('GET', `/${id}/revisions?limit=3&cursor=${first.nextCursor}`);
    expect(rest).toEqual({
      total: 5,
      nextCursor: null,
      entries: [
        {
          revision: 2,
          name: 'a',
          definition: { ...DEFAULTS, maxFileSize: 1 },
          passwordCount: 1,
          created: expect.any(String),
        },
        { revision: 1, name: 'a', definition: DEFAULTS, passwordCount: 1, created: expect.any(String) },
      ],
    });
    expect((await send('GET', '/other/revisions')).status).toBe(404);
    const cursor = Buffer.from(newId()).toString('base64url');
    expect((await send('GET', `/${id}/revisions?cursor=${cursor}`)).status).toBe(400);
  });

  test('takes the place of the default, which alone cannot be removed', async () => {
    const { id } = await add({ name: 'a' });
    expect(await send('DELETE', `/${WORKFLOW_ID}`)).toMatchObject({
      status: 409,
      answer: { responseKey: 'WORKFLOW_IN_USE', hint: expect.stringContaining('the default first') },
    });
    expect((await send('PATCH', `/${id}`, { default: true })).answer).toMatchObject({ default: true, revision: 1 });
    expect((await send('DELETE', `/${WORKFLOW_ID}`)).answer).toMatchObject({ responseKey: 'WORKFLOW_REMOVED' });
    expect((await send('DELETE', `/${WORKFLOW_ID}`)).status).toBe(404);
    expect((await send('DELETE', `/${id}`)).status).toBe(409);
    expect((await send('GET', '')).answer).toMatchObject({ total: 1, entries: [{ id, default: true }] });
  });

  test('is not removed while a storage names it, and a storage cannot name what was removed', async () => {
    const { id } = await add({ name: 'a' });
    const storage = { name: 'Files', options: { kind: 'local', path: '/srv' } };
    const ask = (method: string, path: string, json: object) => t.call(path, { method, as: 'admin', json });
    const made: any = await (await ask('POST', '/api/storage', { ...storage, workflowId: id })).json();
    expect(await send('DELETE', `/${id}`)).toMatchObject({
      status: 409,
      answer: { responseMessage: expect.stringContaining('Files') },
    });
    expect((await ask('PATCH', `/api/storage/${made.id}`, { workflowId: null })).status).toBe(200);
    expect((await send('DELETE', `/${id}`)).status).toBe(200);
    const refused = await ask('PATCH', `/api/storage/${made.id}`, { workflowId: id });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ responseMessage: expect.stringContaining('"workflowId"') });
  });

  test('that a processing ran under keeps its name and its revision there, changed and removed', async () => {
    const { id } = await add({ name: 'a' });
    const { files } = await t.addScan([{ path: '/srv/f' }]);
    await t.finish(files[0]!.id, { workflowId: id, workflowRevision: 1 });
    await send('PATCH', `/${id}`, { name: 'b' });
    await send('DELETE', `/${id}`);
    const history: any = await (await t.call(`/api/file/${files[0]!.id}/history`, { as: 'viewer' })).json();
    expect(history.entries[0].workflow).toEqual({ id, name: 'a', revision: 1 });
  });

  test('tells which reports it applies to now, and how many results in them a change of it makes outdated', async () => {
    const { id } = await add({ name: 'a' });
    const reportsOf = async (workflow: string, query = '') =>
      (await send('GET', `/${workflow}/reports${query}`)).answer;
    expect(await reportsOf(id)).toEqual({ entries: [], nextCursor: null, total: 0, files: 0 });
    const made = [];
    for (const paths of [['/a', '/b'], ['/c'], ['/d']]) {
      const { scan, storage, files } = await t.addScan(paths.map((path) => ({ path })));
      made.push({ scan, storage });
      if (made.length < 3) for (const file of files) await t.finish(file.id);
      // The third is still running.
      if (made.length < 3) await t.store.scans.move(scan.id, ['running'], 'finished', 5);
    }
    const [first, second] = made;
    expect(await reportsOf(WORKFLOW_ID)).toMatchObject({
      total: 2,
      files: 3,
      entries: [
        { id: second!.scan.id, files: 1 },
        { id: first!.scan.id, storageName: first!.storage.name, files: 2, created: expect.any(String) },
      ],
    });
    // What applies now counts, whatever gave the results.
    await t.store.storages.put({ ...first!.storage, workflowId: id });
    expect(await reportsOf(id)).toMatchObject({ total: 1, files: 2, entries: [{ id: first!.scan.id }] });
    const { entries, nextCursor } = await reportsOf(WORKFLOW_ID, '?limit=1');
    expect([entries.length, nextCursor]).toEqual([1, null]);
    expect((await send('GET', '/other/reports')).status).toBe(404);
  });

  test('has a name that no other has', async () => {
    const { id } = await add({ name: 'a' });
    for (const [method, path] of [
      ['POST', ''],
      ['PATCH', `/${id}`],
    ] as const) {
      const { status, answer } = await send(method, path, { name: 'Default' });
      expect([status, answer.responseKey]).toEqual([409, 'NAME_TAKEN']);
    }
  });
});

describe('what is not valid is refused with the name of its field', () => {
  test.each([
    [{}, 'name'],
    [{ name: '  ' }, 'name'],
    [{ name: 'a', definition: { maxFileSize: -1 } }, 'definition.maxFileSize'],
    [{ name: 'a', definition: { blocked: [1, 0] } }, 'definition.blocked.1'],
    [{ name: 'a', definition: { onEngineFailure: 'x' } }, 'definition.onEngineFailure'],
    [{ name: 'a', definition: { blokced: [1] } }, 'blokced'],
    [{ name: 'a', passwords: [SECRET.repeat(100)] }, 'passwords.0'],
    [{ name: 'a', passwords: SECRET }, 'passwords'],
    [{ name: 'a', password: SECRET }, 'password'],
  ])('%j', async (json, field) => {
    const { status, answer } = await send('POST', '', json);
    expect(status).toBe(400);
    expect(answer.responseMessage).toContain(`"${field}"`);
    expect(JSON.stringify([answer, logged])).not.toContain(SECRET);
  });

  test('an engine that does not run, with the one that was meant', async () => {
    const { id } = await add({ name: 'a' });
    for (const [method, path] of [
      ['POST', ''],
      ['PATCH', `/${id}`],
    ] as const) {
      const json = { name: 'b', definition: { engines: ['yara', 'clmaav'] } };
      expect(await send(method, path, json)).toMatchObject({
        status: 400,
        answer: {
          responseMessage: '"definition.engines.1" is not valid: no engine "clmaav" runs.',
          hint: 'Did you mean "clamav"?',
        },
      });
    }
    const { answer } = await send('PATCH', `/${id}`, { definition: { engines: ['something'] } });
    expect(answer.hint).toBe('Engines are: yara, clamav.');
    expect((await send('GET', `/${id}`)).answer).toMatchObject({ name: 'a', revision: 1 });
  });

  test('a storage that is not there, with the id of the one that was named', async () => {
    const storage = {
      id: newId(),
      name: 'archive',
      options: { kind: 'local', path: '/srv/archive' } as const,
      createdAt: 1,
    };
    await t.store.storages.put(storage);
    const remediation = (storageId: string) => ({
      blocked: { original: { copyTo: [{ folder: 'a' }, { storageId }], action: 'move', moveTo: { folder: 'b' } } },
    });
    const { id } = await add({ name: 'a', definition: { remediation: remediation(storage.id) } });
    for (const [storageId, hint] of [
      ['archive', `The storage of that name is ${storage.id}.`],
      ['nowhere', 'List the storages to see their ids.'],
    ] as const) {
      const definition = { remediation: remediation(storageId) };
      for (const { status, answer } of [
        await send('POST', '', { name: 'b', definition }),
        await send('PATCH', `/${id}`, { definition }),
      ]) {
        const key = 'definition.remediation.blocked.original.copyTo.1.storageId';
        expect(answer).toMatchObject({
          responseMessage: `"${key}" is not valid: there is no storage ${storageId}.`,
          hint,
        });
        expect(status).toBe(400);
      }
    }
    const { answer } = await send('POST', '', {
      name: 'b',
      definition: { remediation: { allowed: { sanitized: { where: 'elsewhere', to: { storageId: 'nowhere' } } } } },
    });
    expect(answer.responseMessage).toContain('"definition.remediation.allowed.sanitized.to.storageId"');
    expect((await send('GET', `/${id}`)).answer).toMatchObject({ name: 'a', revision: 1 });
  });

  test('a default that is taken away instead of given', async () => {
    expect((await send('PATCH', `/${WORKFLOW_ID}`, { default: false })).status).toBe(400);
  });
});

test('the audit says who did what, and passwords are in no answer, no audit and no log', async () => {
  const answers = [await send('POST', '', { name: 'a', passwords: [SECRET] })];
  const path = `/${answers[0]!.answer.id}`;
  answers.push(await send('PATCH', path, { name: 'b', passwords: [SECRET, `${SECRET}2`] }));
  answers.push(await send('PATCH', path, { default: true }));
  answers.push(await send('PATCH', `/${WORKFLOW_ID}`, { default: true }));
  answers.push(await send('GET', path), await send('GET', ''), await send('GET', `${path}/revisions`));
  answers.push(await send('DELETE', path));
  const entries = await audit();
  expect(entries).toMatchObject([
    { action: 'workflow.remove', detail: { name: 'b' } },
    { action: 'workflow.default', detail: { name: 'Default' } },
    { action: 'workflow.default', detail: { name: 'b' } },
    { action: 'workflow.change', detail: { revision: 2, changed: ['name', 'passwords'], passwordCount: 2 } },
    { action: 'workflow.create', detail: { name: 'a', passwordCount: 1 } },
  ]);
  expect(JSON.stringify([answers, entries, logged])).not.toContain(SECRET);
  expect(logged).toEqual([]);
});
