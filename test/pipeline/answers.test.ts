import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import type { Change } from '../../src/core/change';
import { newId } from '../../src/core/id';
import type { ReportRequest } from '../../src/rescan/rescan';
import { type Made, makeZip } from '../../src/unpack/fixtures/zip-maker';
import { resultsOf, scanFolder, scanStorage, startTestApp, temporaryFolder, writeFiles } from './app';

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let app: App;

const plugins = ['one', 'two'].map((id) => join(import.meta.dir, `../fixtures/engines/words-${id}.ts`));
const of = (kind: string, id: string) => join(folder.path, `${kind}-${id}`);
const define = (id: string, ...words: string[]) => writeFileSync(of('list', id), words.join('\n'));
const start = (readsPath = false) =>
  startTestApp(join(folder.path, 'data'), {
    engines: {
      engines: Object.fromEntries(
        ['one', 'two'].map((id) => [id, { list: of('list', id), journal: of('journal', id), readsPath }]),
      ),
      plugins,
    },
  });

beforeEach(async () => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  mkdirSync(files);
  define('one', 'evil');
  define('two', 'evil');
  app = await start();
});
afterEach(async () => {
  await app.stop();
  folder.remove();
});

/** What each engine was asked about since it was last looked at. */
const asked = () => {
  const read = (journal: string): string[] => {
    const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').filter(Boolean) : [];
    rmSync(journal, { force: true });
    return lines.toSorted();
  };
  return { one: read(of('journal', 'one')), two: read(of('journal', 'two')) };
};
const nobody = { one: [], two: [] };

const rescan = async (scanId: string, request: Partial<ReportRequest> = {}) => {
  const { rescanId } = await app.rescans.report(scanId, { status: [], detection: [], ...request }, 'test');
  await app.scans.ended(rescanId);
  return rescanId;
};
const changed = async (rescanId: string, change: Change) =>
  (await app.store.rescans.changed(rescanId, change, { limit: 10 })).map(({ path }) => path.slice(files.length + 1));
const latest = async (scanId: string, name: string) => (await resultsOf(app, scanId)).get(name)!.history[0]!;

describe('an answer is used again', () => {
  test('in another report that has the same content, and says when it was given', async () => {
    writeFiles(files, { a: 'a', b: 'b', c: 'evil' });
    const first = await scanFolder(app, files);
    const second = await scanStorage(app, first.storageId);
    define('one', 'evil', 'b');
    asked();
    await rescan(first.id);
    expect(asked()).toEqual({ one: ['a', 'b', 'evil'], two: [] });
    await rescan(second.id);
    expect(asked()).toEqual(nobody);
    const given = (await latest(first.id, 'b')).findings.endedAt;
    const again = await latest(second.id, 'b');
    expect(again.verdict).toMatchObject({ status: 'Blocked', detections: ['Threat'], decidedBy: 'one' });
    expect(again.findings.answers.find(({ engineId }) => engineId === 'one')).toMatchObject({
      definitions: { version: 'evil\nb' },
      answeredAt: given,
    });
  });

  test('for content that lies at another path of the report now: the file is what its content is', async () => {
    writeFiles(files, { good: 'harmless', bad: 'evil' });
    const scan = await scanFolder(app, files);
    asked();
    renameSync(join(files, 'good'), join(files, 'kept'));
    renameSync(join(files, 'bad'), join(files, 'good'));
    renameSync(join(files, 'kept'), join(files, 'bad'));
    const id = await rescan(scan.id);
    expect(asked()).toEqual(nobody);
    expect((await latest(scan.id, 'good')).verdict.status).toBe('Blocked');
    expect((await latest(scan.id, 'bad')).verdict.status).toBe('Allowed');
    expect(await changed(id, 'contentChanged')).toEqual(expect.arrayContaining(['good', 'bad']));
  });

  test('for a file that could not be read before and holds what another one held', async () => {
    writeFiles(files, { a: 'a', late: 'a' });
    const { storageId } = await scanFolder(app, files);
    const path = join(files, 'late');
    rmSync(path);
    const { scan, fileIds } = await app.scans.startFiles({ storageId, paths: [path] }, 'test');
    await app.scans.ended(scan.id);
    const late = async () => app.store.files.find(fileIds[0]!);
    expect((await late())!.state).toBe('Failed');
    writeFiles(files, { late: 'a' });
    asked();
    await rescan(scan.id);
    expect(asked()).toEqual(nobody);
    expect((await late())!.status).toBe('Allowed');
  });
});

describe('an answer is not used again', () => {
  test('for new content, which all are asked about', async () => {
    writeFiles(files, { a: 'a', b: 'b' });
    const scan = await scanFolder(app, files);
    writeFiles(files, { a: 'evil news' });
    asked();
    await rescan(scan.id);
    expect(asked()).toEqual({ one: ['evil news'], two: ['evil news'] });
    expect((await latest(scan.id, 'a')).verdict.status).toBe('Blocked');
  });

  test('when it was partial, limited or failed', async () => {
    writeFiles(files, { a: 'limited', b: 'skipped', c: 'refused', d: 'fine' });
    const scan = await scanFolder(app, files);
    const other = await scanStorage(app, scan.storageId);
    for (const { id } of [scan, other]) {
      asked();
      await rescan(id);
      const all = ['limited', 'refused', 'skipped'];
      expect(asked()).toEqual({ one: all, two: all });
    }
  });

  test('at another path, of an engine that looks where a file is; at its own it is', async () => {
    await app.stop();
    app = await start(true);
    writeFiles(files, { a: 'a', b: 'b' });
    const scan = await scanFolder(app, files);
    asked();
    await rescan(scan.id);
    expect(asked()).toEqual(nobody);
    renameSync(join(files, 'a'), join(files, 'b'));
    await rescan(scan.id);
    expect(asked()).toEqual({ one: [join(files, 'b')], two: [join(files, 'b')] });
  });

  test('when it is forced, and when one file is named', async () => {
    writeFiles(files, { a: 'a' });
    const scan = await scanFolder(app, files);
    await scanStorage(app, scan.storageId);
    asked();
    await rescan(scan.id, { force: true });
    expect(asked()).toEqual({ one: ['a'], two: ['a'] });
    const { file } = (await resultsOf(app, scan.id)).get('a')!;
    const { rescanId } = await app.rescans.files({ fileIds: [file.id] }, 'test');
    await app.scans.ended(rescanId);
    expect(asked()).toEqual({ one: ['a'], two: ['a'] });
  });
});

describe('of what lies in an archive', () => {
  const members = (...contents: string[]): Made[] =>
    contents.map((content, at) => ({ name: `${at}.txt`, content: `${content}\n` }));
  const write = (name: string, ...contents: string[]) =>
    writeFileSync(join(files, name), makeZip(members(...contents)));
  /** Without the archive's own bytes. */
  const askedInside = () => {
    const { one, two } = asked();
    const isMember = (line: string) => /^[a-z ]+$/.test(line);
    return { one: one.filter(isMember), two: two.filter(isMember) };
  };

  test('nobody is asked while nothing changed, and only the engine that did after that', async () => {
    write('z.zip', 'red', 'green');
    const scan = await scanFolder(app, files);
    expect(askedInside()).toEqual({ one: ['green', 'red'], two: ['green', 'red'] });
    await rescan(scan.id);
    expect(asked()).toEqual(nobody);
    define('one', 'green');
    await rescan(scan.id);
    const { one, two } = asked();
    expect(one).toEqual(expect.arrayContaining(['green', 'red']));
    expect(two).toEqual([]);
    const { verdict, findings } = await latest(scan.id, 'z.zip');
    expect(verdict).toMatchObject({ status: 'Blocked', decidedBy: 'one' });
    expect(findings.inside!.answers.map(({ engineId, status }) => [engineId, status])).toEqual([
      ['one', 'detected'],
      ['two', 'clean'],
    ]);
    const list = await app.store.members.list((await latest(scan.id, 'z.zip')).id, 0, 10);
    expect(list.map(({ path, detectedBy, scannedWith }) => ({ path, detectedBy, scannedWith }))).toEqual([
      { path: '1.txt', detectedBy: ['one'], scannedWith: ['one', 'two'] },
      { path: '0.txt', detectedBy: [], scannedWith: ['one', 'two'] },
    ]);
  });

  test('an engine that found something in it is asked about all of it once it is taken apart anew', async () => {
    write('z.zip', 'red', 'evil', 'green');
    define('two', 'evil', 'red');
    const scan = await scanFolder(app, files);
    define('one', 'nothing');
    askedInside();
    await rescan(scan.id);
    expect(askedInside()).toEqual({ one: ['evil', 'green', 'red'], two: ['evil', 'green', 'red'] });
    expect((await latest(scan.id, 'z.zip')).verdict).toMatchObject({ status: 'Blocked', decidedBy: 'two' });
  });

  test('the same archive in another report is known, with its members', async () => {
    write('z.zip', 'red', 'evil');
    const first = await scanFolder(app, files);
    renameSync(join(files, 'z.zip'), join(files, 'y.zip'));
    const second = await scanStorage(app, first.storageId);
    define('one', 'evil', 'red');
    await rescan(first.id, { status: ['Failed'] });
    await rescan(second.id);
    writeFileSync(join(files, 'z.zip'), readFileSync(join(files, 'y.zip')));
    asked();
    await rescan(first.id);
    expect(asked()).toEqual(nobody);
    const { file } = (await resultsOf(app, first.id)).get('z.zip')!;
    const { findings } = await latest(first.id, 'z.zip');
    expect(findings.inside).toMatchObject({ members: 2, takenBy: (await latest(second.id, 'y.zip')).id });
    expect(file.status).toBe('Blocked');
  });

  test('another workflow, or another revision, judges it anew, by its own engines and without asking them', async () => {
    write('z.zip', 'red', 'evil');
    define('two', 'nothing');
    const scan = await scanFolder(app, files);
    const { definition } = (await app.store.workflows.findDefault())!;
    const few = newId();
    const onlyTwo = { ...definition, engines: ['two'] };
    await app.store.workflows.insert({ id: few, name: 'two', revision: 1, definition: onlyTwo, createdAt: 0 }, false);
    const codeAfter = async (request?: Partial<ReportRequest>) => {
      await rescan(scan.id, request);
      return (await latest(scan.id, 'z.zip')).verdict.resultCode;
    };
    expect((await latest(scan.id, 'z.zip')).verdict.resultCode).toBe(1);

    askedInside();
    expect(await codeAfter({ workflowId: few })).toBe(0);
    expect(askedInside()).toEqual({ one: [], two: [] });
    const { count } = await app.rescans.preview(scan.id, {
      status: [],
      detection: [],
      outdated: true,
      workflowId: few,
    });
    expect(count).toBe(0);

    await app.store.workflows.change(few, { definition: { block: [{ name: '1.txt' }] } }, 1);
    expect(await codeAfter({ workflowId: few })).toBe(8);
    await app.store.workflows.change(few, { definition: { block: [] } }, 2);
    expect(await codeAfter({ workflowId: few })).toBe(0);
    expect(askedInside()).toEqual({ one: [], two: [] });
  });

  test('what lists that are empty leave to the others is no reason to take it apart anew', async () => {
    await app.stop();
    const engines = { one: { list: of('list', 'one'), journal: of('journal', 'one') }, hashes: {} };
    app = await startTestApp(join(folder.path, 'data'), { engines: { engines, plugins } });
    write('z.zip', 'red', 'green');
    const scan = await scanFolder(app, files);
    const { id } = await latest(scan.id, 'z.zip');
    await rescan(scan.id);
    expect((await latest(scan.id, 'z.zip')).findings.inside).toMatchObject({ members: 2, takenBy: id });
  });

  test('other limits of the workflow take it apart anew', async () => {
    write('z.zip', 'red', 'green');
    const scan = await scanFolder(app, files);
    const { id } = (await app.store.workflows.findDefault())!;
    await app.store.workflows.change(id, { definition: { maxArchiveFiles: 1 } }, 1);
    askedInside();
    await rescan(scan.id);
    expect(askedInside()).toEqual({ one: ['red'], two: ['red'] });
    expect((await latest(scan.id, 'z.zip')).verdict.resultCode).toBe(14);
  });
});
