import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import { addStorage, startTestApp, temporaryFolder, writeFiles } from './app';

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let app: App;

beforeEach(async () => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  mkdirSync(join(files, 'deep'), { recursive: true });
  app = await startTestApp(join(folder.path, 'data'));
});
afterEach(async () => {
  await app.stop();
  folder.remove();
});

const look = async (paths: string[], root = files) => {
  const storageId = (await app.store.storages.findByName(root))?.id ?? (await addStorage(app, root));
  const { scan, fileIds } = await app.scans.startFiles({ storageId, paths }, 'ada');
  await app.scans.ended(scan.id);
  const records = await Promise.all(fileIds.map((id) => app.store.files.find(id)));
  return { scan: (await app.store.scans.find(scan.id))!, fileIds, records: records.map((record) => record!) };
};

test('just the named files are looked into, in a scan of their own', async () => {
  writeFiles(files, { a: 'x', bad: 'bad', other: 'x' });
  writeFileSync(join(files, 'deep', 'ä b'), 'x');
  const { scan, records } = await look(['bad', join(files, 'deep/ä b'), './deep/../a']);
  expect(scan).toMatchObject({
    name: 'On demand',
    kind: 'scan',
    state: 'finished',
    discovered: true,
    counts: { total: 3, pending: 0, allowed: 2, blocked: 1 },
  });
  expect(records.map(({ path, status }) => [path, status])).toEqual([
    [join(files, 'bad'), 'Blocked'],
    [join(files, 'deep/ä b'), 'Allowed'],
    [join(files, 'a'), 'Allowed'],
  ]);
  const [entry] = await app.store.audit.list({ limit: 1 });
  expect(entry).toMatchObject({ actor: 'ada', action: 'scan.start', detail: { scanId: scan.id, files: 3 } });
});

test('one that is not there, is a folder, or a link has a result that says so, and the others have theirs', async () => {
  writeFiles(files, { a: 'x' });
  writeFileSync(join(folder.path, 'outside'), 'bad');
  symlinkSync(join(folder.path, 'outside'), join(files, 'link'));
  mkdirSync(join(folder.path, 'elsewhere'));
  writeFileSync(join(folder.path, 'elsewhere', 'b'), 'bad');
  symlinkSync(join(folder.path, 'elsewhere'), join(files, 'way'));
  const { records } = await look(['gone', 'deep', 'link', 'way/b', 'a']);
  expect(records.map(({ state, status }) => status ?? state)).toEqual([
    'Failed',
    'Failed',
    'Failed',
    'Failed',
    'Allowed',
  ]);
  const why = await Promise.all(
    records.map(async ({ id }) => (await app.store.files.history(id))[0]!.verdict.explanation),
  );
  expect(why[0]).toContain('no such file');
  expect(why[1]).toContain('a folder');
  expect(why[2]).toContain('link');
  expect(why[3]).toContain('link');
});

test('one that is named twice is looked into once', async () => {
  writeFiles(files, { a: 'x' });
  const { scan, fileIds } = await look(['a', './a', join(files, 'a')]);
  expect(new Set(fileIds).size).toBe(1);
  expect(fileIds).toHaveLength(3);
  expect(scan.counts.total).toBe(1);
});

test('the storage may be a link to where the files are', async () => {
  writeFiles(files, { bad: 'bad' });
  const root = join(folder.path, 'root');
  symlinkSync(files, root);
  const { records } = await look(['bad'], root);
  expect(records).toMatchObject([{ path: join(root, 'bad'), status: 'Blocked' }]);
});

test('a path outside of the storage, or of what is Assay itself, is refused, and then nothing starts', async () => {
  writeFiles(files, { a: 'x' });
  const wrong: [string, string][] = [
    [files, '../data/assay.db'],
    [files, '/etc/passwd'],
    [files, `${files}-other/a`],
    [folder.path, 'data/assay.db'],
    [folder.path, 'data'],
  ];
  for (const [root, path] of wrong) {
    await expect(look(['files/a', path], root)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  }
  await expect(look(['a'], join(folder.path, 'no such folder'))).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE' });
  expect(await app.store.scans.count()).toBe(0);
});

test('a scan of named files that was cut off goes on at the next start with these files alone', async () => {
  writeFiles(files, { a: 'x', b: 'x', other: 'x' });
  const storage = (await app.store.storages.find(await addStorage(app, files)))!;
  const workflow = (await app.store.workflows.findDefault())!;
  const found = await (await app.openBackend(storage)).find(['a', 'b']);
  // As it is when the daemon ends right behind the wish.
  await app.store.scans.insertWithFiles(
    {
      id: 'cut',
      name: 'cut',
      kind: 'scan',
      state: 'running',
      storageId: storage.id,
      storageName: storage.name,
      path: '',
      workflowId: workflow.id,
      workflowRevision: 1,
      createdAt: 1,
    },
    found,
  );
  await app.stop();
  app = await startTestApp(join(folder.path, 'data'));
  await app.scans.ended('cut');
  expect(await app.store.scans.find('cut')).toMatchObject({ state: 'finished', counts: { total: 2, allowed: 2 } });
});
