import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../core/fault';
import { WorkflowDefinition } from '../core/workflow';
import { createSeal } from './seal';
import { openStore, type Store } from './store';

const seal = (fill: number) => createSeal(new Uint8Array(32).fill(fill));
const definition = WorkflowDefinition.parse({});

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-workflows-'));
  store = await openStore(`file:${join(folder, 'assay.db')}`, seal(1));
  await store.workflows.insert({ id: 'default', name: 'Default', revision: 1, definition, createdAt: 1 }, true);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const add = (id: string, passwords?: string[]) =>
  store.workflows.insert({ id, name: id, revision: 1, definition, createdAt: 1, passwords }, false);

const revisionsOf = (id: string) => store.workflows.listRevisions(id, { limit: 1000 });

const addScan = (workflowId: string, state: 'running' | 'paused' | 'finished') =>
  store.scans.insert({
    id: `scan ${state}`,
    name: 'a scan',
    kind: 'scan',
    state,
    storageId: 'x',
    storageName: 'x',
    path: '',
    workflowId,
    workflowRevision: 1,
    createdAt: 1,
  });

const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw error ?? new Error('no fault');
};

describe('a change', () => {
  test('is a new revision, and the one before it stays as it was', async () => {
    await add('a');
    const made = await store.workflows.change('a', { name: 'b', definition: { maxFileSize: 5, engines: ['x'] } }, 2);
    expect(made?.changed).toEqual(['name', 'engines', 'maxFileSize']);
    const now = { id: 'a', name: 'b', revision: 2, createdAt: 2, passwordCount: 0, isDefault: false };
    expect(await store.workflows.find('a')).toEqual({
      ...now,
      definition: { ...definition, maxFileSize: 5, engines: ['x'] },
    });
    expect(await store.workflows.findRevision('a', 1)).toMatchObject({ name: 'a', revision: 1, createdAt: 1 });
    expect((await store.workflows.findRevision('a', 1))?.definition).toEqual(definition);
    expect((await revisionsOf('a')).map(({ revision }) => revision)).toEqual([2, 1]);
  });

  test('leaves alone what it does not name, and null goes back to the default', async () => {
    await add('a');
    await store.workflows.change('a', { definition: { maxFileSize: 5, fileTimeout: 7 } }, 2);
    await store.workflows.change('a', { definition: { maxFileSize: null, engines: undefined } }, 3);
    expect((await store.workflows.find('a'))?.definition).toEqual({ ...definition, fileTimeout: 7 });
    await store.workflows.change('a', { definition: { fileTimeout: null } }, 4);
    expect((await store.workflows.find('a'))?.definition).toEqual(definition);
  });

  test('that changes nothing makes no revision', async () => {
    await add('a', ['one', 'two']);
    for (const change of [{}, { name: 'a' }, { definition: { ...definition } }, { passwords: ['one', 'two'] }]) {
      expect((await store.workflows.change('a', change, 2))?.changed).toEqual([]);
    }
    expect(await revisionsOf('a')).toHaveLength(1);
    expect((await store.workflows.change('a', { passwords: ['two', 'one'] }, 2))?.changed).toEqual(['passwords']);
  });

  test('of many at once each makes a revision, and none is lost', async () => {
    await add('a', ['p']);
    const changes = [
      { name: 'renamed' },
      { definition: { maxFileSize: 5 } },
      { definition: { fileTimeout: 6 } },
      { definition: { onEngineFailure: 'ignore' as const } },
      { passwords: ['q', 'r'] },
    ];
    const made = await Promise.all(changes.map((change) => store.workflows.change('a', change, 2)));
    expect(made.map((one) => one?.workflow.revision).sort()).toEqual([2, 3, 4, 5, 6]);
    expect(await store.workflows.find('a')).toMatchObject({ name: 'renamed', revision: 6, passwordCount: 2 });
    expect((await store.workflows.find('a'))?.definition).toEqual({
      ...definition,
      maxFileSize: 5,
      fileTimeout: 6,
      onEngineFailure: 'ignore',
    });
    expect(await store.workflows.passwords('a', 6)).toEqual(['q', 'r']);
  });

  test('to a name that is taken is refused and leaves nothing behind', async () => {
    await add('a');
    await add('b');
    const change = { name: 'b', definition: { maxFileSize: 5 } };
    expect((await faultOf(store.workflows.change('a', change, 2))).code).toBe('NAME_TAKEN');
    expect((await faultOf(add('b'))).code).toBe('NAME_TAKEN');
    expect(await revisionsOf('a')).toHaveLength(1);
    expect(await store.workflows.find('a')).toMatchObject({ name: 'a', revision: 1 });
  });

  test('of what is not there is none', async () => {
    expect(await store.workflows.change('nothing', { name: 'x' }, 2)).toBeUndefined();
    expect(await store.workflows.setDefault('nothing')).toBe(false);
    expect(await store.workflows.remove('nothing', 2)).toBe(false);
    expect(await store.workflows.findDefault()).toMatchObject({ id: 'default' });
  });
});

describe('a workflow is not removed', () => {
  test('while it is the default, however many ask at once', async () => {
    await add('a');
    const fault = await faultOf(store.workflows.remove('default', 2));
    expect(fault).toMatchObject({ code: 'WORKFLOW_IN_USE', hint: 'Make another workflow the default first.' });
    const asked = [store.workflows.setDefault('a'), store.workflows.remove('default', 2)];
    await Promise.allSettled([...asked, store.workflows.remove('a', 2)]);
    const left = await store.workflows.list();
    expect(left.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  test('while a storage names it', async () => {
    await add('a');
    const storage = { id: 's', name: 'uploads', options: { kind: 'local', path: '/srv' }, createdAt: 1 } as const;
    await store.storages.put({ ...storage, workflowId: 'a' });
    const fault = await faultOf(store.workflows.remove('a', 2));
    expect(fault.code).toBe('WORKFLOW_IN_USE');
    expect(fault.message).toContain('uploads');
    await store.storages.put(storage);
    expect(await store.workflows.remove('a', 2)).toBe(true);
    expect((await faultOf(store.storages.put({ ...storage, workflowId: 'a' }))).code).toBe('BAD_REQUEST');
    expect(await store.storages.find('s')).not.toHaveProperty('workflowId', 'a');
  });

  test.each(['running', 'paused'] as const)('while a scan with it is %s', async (state) => {
    await add('a');
    await addScan('a', state);
    expect((await faultOf(store.workflows.remove('a', 2))).code).toBe('WORKFLOW_IN_USE');
    await store.scans.move(`scan ${state}`, [state], 'canceled', 2);
    expect(await store.workflows.remove('a', 2)).toBe(true);
  });

  test('while a rescan with it runs, whatever the scan of its files went through', async () => {
    await add('a');
    await addScan('default', 'running');
    const scan = { scanId: 'scan running', storageId: 'x', reason: 'scan', workflowId: 'default', workflowRevision: 1 };
    await store.work.addFound({ ...scan, reason: 'scan' }, [{ path: '/f', size: 1, modifiedAt: 1 }], 1);
    const [file] = await store.files.list({ scanId: 'scan running', limit: 1 });
    await store.scans.move('scan running', ['running'], 'canceled', 2);
    while (await store.scans.cancelPending('scan running', 2));
    const again = { fileId: file!.id, workflow: { id: 'a', revision: 1 } };
    expect(await store.rescans.insert({ id: 'r', actor: 'x', passwords: [], audit: {} }, [again], 2)).toHaveLength(1);
    const fault = await faultOf(store.workflows.remove('a', 2));
    expect(fault.message).toContain('rescan');
  });
});

test('a workflow is not removed while a rescan of a report with it has not found its files yet', async () => {
  await add('a');
  await addScan('default', 'finished');
  const filter = { status: [], detection: [] };
  const workflow = { id: 'a', revision: 1 };
  const batch = {
    id: 'r',
    actor: 'x',
    passwords: [],
    audit: {},
    workflow,
    scanId: 'scan finished',
    filter,
    force: false,
  };
  await store.rescans.insertBatch(batch, 2);
  expect((await faultOf(store.workflows.remove('a', 2))).code).toBe('WORKFLOW_IN_USE');
});

test('a removed workflow is nowhere but in its revisions, and its name is free', async () => {
  await add('a', ['p']);
  await store.workflows.change('a', { name: 'b' }, 2);
  expect(await store.workflows.remove('a', 3)).toBe(true);
  expect(await store.workflows.remove('a', 3)).toBe(false);
  expect(await store.workflows.find('a')).toBeUndefined();
  expect(await store.workflows.change('a', { name: 'c' }, 4)).toBeUndefined();
  expect(await store.workflows.setDefault('a')).toBe(false);
  expect((await store.workflows.list()).map(({ id }) => id)).toEqual(['default']);
  expect(await store.workflows.findRevision('a', 1)).toMatchObject({ name: 'a', definition });
  expect((await revisionsOf('a')).map(({ name }) => name)).toEqual(['b', 'a']);
  await store.workflows.insert({ id: 'again', name: 'b', revision: 1, definition, createdAt: 4 }, false);
});

test('another workflow becomes the default, and then the old one can be removed', async () => {
  await add('a');
  expect(await store.workflows.setDefault('a')).toBe(true);
  expect(await store.workflows.findDefault()).toMatchObject({ id: 'a', revision: 1, isDefault: true });
  expect(await store.workflows.find('default')).toMatchObject({ isDefault: false });
  expect(await store.workflows.remove('default', 2)).toBe(true);
});

test('revisions come page by page', async () => {
  await add('a');
  for (let size = 1; size < 10; size++) await store.workflows.change('a', { definition: { maxFileSize: size } }, size);
  const page = await store.workflows.listRevisions('a', { before: 7, limit: 3 });
  expect(page.map(({ revision, definition: d }) => [revision, d.maxFileSize])).toEqual([
    [6, 5],
    [5, 4],
    [4, 3],
  ]);
});

describe('passwords', () => {
  const secret = 'Zz-the-very-secret-Zz';

  test('belong to a revision, keep their order, and stay when something else is changed', async () => {
    await add('a', [secret, 'Pässwört "2"']);
    await store.workflows.change('a', { name: 'b' }, 2);
    await store.workflows.change('a', { passwords: [] }, 3);
    expect(await store.workflows.passwords('a', 1)).toEqual([secret, 'Pässwört "2"']);
    expect(await store.workflows.passwords('a', 2)).toEqual([secret, 'Pässwört "2"']);
    expect(await store.workflows.passwords('a', 3)).toEqual([]);
    expect((await revisionsOf('a')).map(({ passwordCount }) => passwordCount)).toEqual([0, 2, 2]);
  });

  test('are nowhere in the database, nor in what the store tells of a workflow', async () => {
    await add('a', [secret]);
    await store.workflows.change('a', { passwords: [secret, `${secret}!`] }, 2);
    const told = [await store.workflows.list(), await revisionsOf('a'), await store.workflows.find('a')];
    expect(JSON.stringify(told)).not.toContain(secret);
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    expect(files.length).toBeGreaterThan(1);
    for (const needle of [secret, secret.slice(3, 12), Buffer.from(secret).toString('base64').slice(0, 12)]) {
      for (const file of files) expect(file.includes(needle)).toBe(false);
    }
  });

  test('are erased when the workflow is removed', async () => {
    await add('a', [secret]);
    await store.workflows.change('a', { name: 'b' }, 2);
    await store.workflows.remove('a', 2);
    for (const revision of [1, 2]) expect(await store.workflows.passwords('a', revision)).toEqual([]);
    expect((await revisionsOf('a')).map(({ passwordCount }) => passwordCount)).toEqual([1, 1]);
  });

  test('cannot be read with another key, and the way out is to set them anew', async () => {
    await add('a', [secret]);
    store.close();
    store = await openStore(`file:${join(folder, 'assay.db')}`, seal(2));
    const fault = await faultOf(store.workflows.passwords('a', 1));
    expect(fault).toMatchObject({ code: 'NOT_POSSIBLE', hint: expect.stringContaining('instance.key') });
    expect((await store.workflows.change('a', { passwords: [secret] }, 2))?.changed).toEqual(['passwords']);
    expect(await store.workflows.passwords('a', 2)).toEqual([secret]);
  });
});
