import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import type { Fault } from '../../src/core/fault';
import { takes } from '../../src/core/filter';
import type { StatusFilter } from '../../src/core/result';
import {
  addStorage,
  misbehaving,
  resultsOf,
  scanFolder,
  scanStorage,
  startTestApp,
  temporaryFolder,
  writeFiles,
} from './app';

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let journal: string;
let app: App;

const options = () => ({ engines: { engines: { misbehaving: { journal } }, plugins: [misbehaving] } });

beforeEach(async () => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  journal = join(folder.path, 'journal');
  mkdirSync(files);
  app = await startTestApp(join(folder.path, 'data'), options());
});
afterEach(async () => {
  await app.stop();
  folder.remove();
});

const all = { status: [], detection: [] };
const rescan = async (scanId: string, request: Partial<Parameters<App['rescans']['report']>[1]> = {}) => {
  const started = await app.rescans.report(scanId, { ...all, ...request }, 'test');
  await app.scans.ended(started.rescanId);
  return {
    ...started,
    rescan: (await app.store.rescans.find(started.rescanId))!,
    changes: await app.store.rescans.changes(started.rescanId),
  };
};
/** How often the engine was asked since it was last looked at. */
const asked = (): number => {
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 1 : 0;
  rmSync(journal, { force: true });
  return lines;
};
const code = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing thrown',
    (error) => (error as Fault).code,
  );

describe('a rescan of a report', () => {
  test('takes what the filter takes, and says before how many of which kind', async () => {
    writeFiles(files, { a: 'x', b: 'x', bad1: 'bad', bad2: 'bad', bad3: 'bad', broken: 'refuse' });
    const scan = await scanFolder(app, files);
    const preview = await app.rescans.preview(scan.id, { status: ['Blocked', 'Failed'], detection: [] });
    expect(preview).toMatchObject({
      count: 4,
      byStatus: { Allowed: 0, Blocked: 3, Failed: 1 },
      byDetection: { Threat: 3 },
    });
    for (const [status, count] of [
      [['Blocked'], 3],
      [['Allowed', 'Blocked'], 5],
      [['Failed'], 1],
      [['FailedRemediation'], 0],
      [[], 6],
    ] as const) {
      const done = await rescan(scan.id, { status: [...status] as StatusFilter[] });
      expect(done).toMatchObject({ count, rescan: { state: 'finished', total: count, pending: 0, skipped: 0 } });
    }
    const results = await resultsOf(app, scan.id);
    for (const { file, history } of results.values()) {
      const times = [['Blocked'], ['Allowed', 'Blocked'], ['Failed'], ['FailedRemediation'], []].filter((status) =>
        takes({ status: status as StatusFilter[], detection: [] }, file),
      ).length;
      expect(history).toHaveLength(1 + times);
    }
  });

  test('says what changed, with the files, and keeps every processing', async () => {
    writeFiles(files, {
      same: 'x',
      turns: 'x',
      settles: 'bad',
      leaves: 'bad',
      breaks: 'x',
      mends: 'refuse',
      stays: 'refuse',
      edited: 'x',
    });
    const scan = await scanFolder(app, files);
    writeFiles(files, { turns: 'bad', settles: 'fine', breaks: 'refuse', mends: 'fine', edited: 'y' });
    rmSync(join(files, 'leaves'));
    const { changes, rescanId } = await rescan(scan.id);
    expect(changes).toEqual({
      allowedToBlocked: 1,
      blockedToAllowed: 1,
      newlyDetected: 1,
      newlyReadable: 1,
      newlyFailing: 2,
      stillFailing: 1,
      gone: 1,
      contentChanged: 5,
      moved: 0,
    });
    const names = async (change: keyof typeof changes) =>
      (await app.store.rescans.changed(rescanId, change, { limit: 10 }))
        .map(({ path }) => path.slice(files.length + 1))
        .toSorted();
    expect(await names('allowedToBlocked')).toEqual(['turns']);
    expect(await names('gone')).toEqual(['leaves']);
    expect(await names('newlyFailing')).toEqual(['breaks', 'leaves']);
    const { file, history } = (await resultsOf(app, scan.id)).get('leaves')!;
    expect(file.state).toBe('Failed');
    expect(history.map(({ verdict }) => verdict.status)).toEqual([undefined, 'Blocked']);
    expect((await app.store.scans.find(scan.id))!.counts).toMatchObject({
      allowed: 4,
      blocked: 1,
      failed: 3,
      total: 8,
      pending: 0,
    });
  });

  test('says that a file changed also where it could not be read in between', async () => {
    writeFiles(files, { returns: 'x', changes: 'x' });
    const scan = await scanFolder(app, files);
    for (const name of ['returns', 'changes']) rmSync(join(files, name));
    expect((await rescan(scan.id)).changes).toMatchObject({ gone: 2, contentChanged: 0 });
    writeFiles(files, { returns: 'x', changes: 'y' });
    const { changes, rescanId } = await rescan(scan.id);
    expect(changes).toMatchObject({ newlyReadable: 2, gone: 0, contentChanged: 1 });
    expect(await app.store.rescans.changed(rescanId, 'contentChanged', { limit: 9 })).toMatchObject([
      { path: join(files, 'changes') },
    ]);
  });

  test('says where what a gone file held was met since, but not of a copy that was there before', async () => {
    mkdirSync(join(files, 'new\nfolder'));
    writeFiles(files, { moves: 'once', goes: 'twice', copy: 'twice', empty: '', vanishes: 'never again' });
    const scan = await scanFolder(app, files);
    renameSync(join(files, 'moves'), join(files, 'new\nfolder/moved'));
    for (const name of ['goes', 'empty', 'vanishes']) rmSync(join(files, name));
    writeFiles(join(files, 'new\nfolder'), { empty: '' });

    const before = await rescan(scan.id);
    expect(before.changes).toMatchObject({ gone: 4, moved: 0 });
    await scanStorage(app, scan.storageId);
    const { changes, rescanId } = await rescan(scan.id);
    expect(changes).toMatchObject({ gone: 4, moved: 1 });
    expect(await app.store.rescans.changed(rescanId, 'moved', { limit: 9 })).toMatchObject([
      { path: join(files, 'moves') },
    ]);
    const results = await resultsOf(app, scan.id);
    const explained = (name: string) => results.get(name)!.history[0]!.verdict.explanation;
    expect(explained('moves')).toEndWith(`What it held was met later at ${files}/new\\nfolder/moved.`);
    expect(explained('goes')).toBe('There is no such file, or not any more.');
    expect(results.get('moves')!.history.map(({ verdict }) => verdict.status)).toEqual([
      undefined,
      undefined,
      'Allowed',
    ]);
  });

  test('waits where the folder of the storage is not there, says so to who asks again, and goes on when it is back', async () => {
    writeFiles(files, { a: 'x', b: 'x' });
    const scan = await scanFolder(app, files);
    renameSync(files, `${files} elsewhere`);
    const { rescanId } = await app.rescans.report(scan.id, all, 'test');
    while (app.scans.waiting(scan.storageId) === undefined) await Bun.sleep(10);
    expect(app.scans.waiting(scan.storageId)!.reason).toBe(`The folder ${files} is not there now.`);
    const fileIds = [...(await resultsOf(app, scan.id)).values()].map(({ file }) => file.id);
    const refused = await app.rescans.files({ fileIds }, 'test').catch((error) => error as Fault);
    expect(refused).toMatchObject({
      code: 'FILE_IN_PROGRESS',
      message: expect.stringContaining(
        `by the rescan ${rescanId} as soon as its storage is back: The folder ${files} is`,
      ),
    });
    renameSync(`${files} elsewhere`, files);
    await app.scans.retryStorage(scan.storageId);
    await app.scans.ended(rescanId);
    expect(await app.store.rescans.changes(rescanId)).toMatchObject({ gone: 0, newlyFailing: 0 });
    expect(await app.store.rescans.countProcessed(rescanId)).toBe(2);
  });

  test('says that a file is gone which was a storage by itself', async () => {
    writeFiles(files, { alone: 'x' });
    const scan = await scanFolder(app, join(files, 'alone'));
    rmSync(join(files, 'alone'));
    expect((await rescan(scan.id)).changes).toMatchObject({ gone: 1 });
  });

  test('asks an engine only where its answer could be another one, unless it is forced to', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `f${i}`);
    writeFiles(files, Object.fromEntries(names.map((name) => [name, name])));
    writeFiles(files, { bad: 'bad', broken: 'refuse' });
    const scan = await scanFolder(app, files);
    expect(asked()).toBe(22);

    await rescan(scan.id);
    expect(asked()).toBe(1);
    const [again] = (await resultsOf(app, scan.id)).get('f0')!.history;
    expect(again!.findings.answers[0]!.answeredAt).toBeNumber();
    expect((await resultsOf(app, scan.id)).get('bad')!.file.status).toBe('Blocked');

    writeFiles(files, { f0: 'edited' });
    await rescan(scan.id);
    expect(asked()).toBe(2);

    await rescan(scan.id, { force: true });
    expect(asked()).toBe(22);

    const { file } = (await resultsOf(app, scan.id)).get('f1')!;
    const single = await app.rescans.files({ fileIds: [file.id] }, 'test');
    await app.scans.ended(single.rescanId);
    expect(asked()).toBe(1);
  });

  test('an answer that was used again keeps the time at which it was given', async () => {
    writeFiles(files, { a: 'x' });
    const scan = await scanFolder(app, files);
    const first = (await resultsOf(app, scan.id)).get('a')!.history[0]!;
    await rescan(scan.id);
    await rescan(scan.id);
    const { history } = (await resultsOf(app, scan.id)).get('a')!;
    expect(history).toHaveLength(3);
    for (const { findings } of history.slice(0, 2))
      expect(findings.answers[0]!.answeredAt).toBe(first.findings.endedAt);
  });

  test('a workflow that names an engine that does not run makes files Failed, and they are outdated only once', async () => {
    writeFiles(files, { a: 'x' });
    const scan = await scanFolder(app, files);
    const workflow = (await app.store.workflows.findDefault())!;
    await app.store.workflows.change(workflow.id, { definition: { engines: ['misbehaving', 'gone'] } }, 1);
    expect((await rescan(scan.id, { outdated: true })).rescan.total).toBe(1);
    expect((await resultsOf(app, scan.id)).get('a')!.file).toMatchObject({ state: 'Failed', resultCode: 3 });
    expect((await app.rescans.preview(scan.id, { ...all, outdated: true })).count).toBe(0);
  });

  test('other options of an engine, or another workflow revision, make files outdated, and only those are offered', async () => {
    writeFiles(files, { a: 'x', b: 'bad' });
    const scan = await scanFolder(app, files);
    expect(await app.rescans.countOutdated(scan)).toBe(0);
    await app.stop();
    app = await startTestApp(join(folder.path, 'data'), {
      engines: { engines: { misbehaving: { journal: `${journal}2` } }, plugins: [misbehaving] },
    });
    expect(await app.rescans.countOutdated((await app.store.scans.find(scan.id))!)).toBe(2);
    expect((await app.rescans.preview(scan.id, { status: ['Blocked'], detection: [], outdated: true })).count).toBe(1);
    expect((await rescan(scan.id, { status: ['Blocked'], outdated: true })).rescan.total).toBe(1);
    expect(await app.rescans.countOutdated((await app.store.scans.find(scan.id))!)).toBe(1);
    expect((await rescan(scan.id, { outdated: true })).rescan.total).toBe(1);
    expect((await app.rescans.preview(scan.id, { ...all, outdated: true })).count).toBe(0);
    expect((await rescan(scan.id, { outdated: true })).rescan).toMatchObject({ state: 'finished', total: 0 });
  });

  test('is refused while the scan runs or is paused, and for what is not there', async () => {
    writeFiles(files, Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, 'slow'])));
    const { id } = await app.scans.start({ storageId: await addStorage(app, files) }, 'test');
    expect(await code(app.rescans.report(id, all, 'test'))).toBe('SCAN_NOT_FINISHED');
    expect(await code(app.rescans.preview(id, all))).toBe('SCAN_NOT_FINISHED');
    await app.scans.pause(id);
    expect(await code(app.rescans.report(id, all, 'test'))).toBe('SCAN_NOT_FINISHED');
    expect(await code(app.rescans.report('nothing', all, 'test'))).toBe('NOT_FOUND');
    await app.scans.cancel(id, 'test');
    expect(await code(app.rescans.report(id, { ...all, workflowId: 'nothing' }, 'test'))).toBe('NOT_FOUND');
    expect(await code(app.rescans.preview(id, { ...all, workflowId: 'nothing' }))).toBe('NOT_FOUND');
    expect((await app.store.rescans.list({ limit: 10 })).length).toBe(0);
  });

  test('skips and counts what another rescan holds, and what is cancelled keeps its result', async () => {
    writeFiles(files, Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, 'slow'])));
    const scan = await scanFolder(app, files);
    const first = await app.rescans.report(scan.id, { ...all, force: true }, 'test');
    const second = await app.rescans.report(scan.id, { ...all, force: true }, 'test');
    const canceled = await app.rescans.cancel(first.rescanId, 'test');
    await app.scans.ended(second.rescanId);
    const skipping = (await app.store.rescans.find(second.rescanId))!;
    expect(skipping.total + skipping.skipped).toBe(300);
    expect(canceled).toMatchObject({ state: 'canceled', pending: 0 });
    expect((await app.store.scans.find(scan.id))!.counts).toMatchObject({ total: 300, allowed: 300, pending: 0 });
    for (const { history } of (await resultsOf(app, scan.id)).values()) {
      const spans = history.map(({ findings }) => [findings.startedAt, findings.endedAt] as const).toReversed();
      for (let i = 1; i < spans.length; i++) expect(spans[i]![0]).toBeGreaterThanOrEqual(spans[i - 1]![1]);
    }
    expect(await code(app.rescans.cancel(first.rescanId, 'test'))).toBe('SCAN_FINISHED');
  });

  test('is paused and resumed', async () => {
    writeFiles(files, Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, 'slow'])));
    const scan = await scanFolder(app, files);
    const { rescanId } = await app.rescans.report(scan.id, { ...all, force: true }, 'test');
    expect((await app.rescans.pause(rescanId, 'test')).state).toBe('paused');
    expect((await app.rescans.resume(rescanId, 'test')).state).toBe('running');
    await app.scans.ended(rescanId);
    expect(await app.store.rescans.find(rescanId)).toMatchObject({
      state: 'finished',
      total: 300,
      pending: 0,
      skipped: 0,
    });
  });

  test('that is paused is named to who asks for one of its files', async () => {
    writeFiles(files, { a: 'x' });
    const scan = await scanFolder(app, files);
    const { file } = (await resultsOf(app, scan.id)).get('a')!;
    const workflow = { id: scan.workflowId, revision: scan.workflowRevision };
    await app.store.rescans.insert(
      { id: 'paused', actor: 'test', passwords: [], audit: {} },
      [{ fileId: file.id, workflow }],
      0,
    );
    await app.rescans.pause('paused', 'test');
    const refused = await app.rescans.files({ fileIds: [file.id] }, 'test').catch((error) => error as Fault);
    expect(refused).toMatchObject({
      code: 'FILE_IN_PROGRESS',
      message: `${file.path} is to be looked into by the rescan paused, which is paused.`,
    });
  });

  test('and single files, asked for by many at once: no two processings of a file overlap, and each is kept', async () => {
    writeFiles(files, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, 'slow'])));
    const scan = await scanFolder(app, files);
    const ids = (await app.store.files.list({ scanId: scan.id, limit: 100 })).map(({ id }) => id);
    const refused: string[] = [];
    const ask = async (start: () => Promise<{ rescanId: string }>) => {
      try {
        return (await start()).rescanId;
      } catch (error) {
        refused.push((error as Fault).code);
        return undefined;
      }
    };
    const asked = Array.from({ length: 60 }, (_, i) => {
      if (i % 10 === 0) return ask(() => app.rescans.report(scan.id, { ...all, force: true }, 'test'));
      const fileIds = i % 3 === 0 ? ids.slice(i % 7, 20) : [ids[i % 10]!];
      return ask(() => app.rescans.files({ fileIds }, 'test'));
    });
    const started = (await Promise.all(asked)).filter((id) => id !== undefined);
    await Promise.all(started.map((id) => app.scans.ended(id)));
    expect(new Set(refused)).toEqual(new Set(['FILE_IN_PROGRESS']));

    let results = 0;
    for (const { history } of (await resultsOf(app, scan.id)).values()) {
      const spans = history.map(({ findings }) => [findings.startedAt, findings.endedAt] as const).toReversed();
      for (let i = 1; i < spans.length; i++) expect(spans[i]![0]).toBeGreaterThanOrEqual(spans[i - 1]![1]);
      results += history.length - 1;
    }
    const rescans = await Promise.all(started.map((id) => app.store.rescans.find(id)));
    expect(rescans.reduce((sum, one) => sum + one!.total, 0)).toBe(results);
    for (const one of rescans) {
      expect(one).toMatchObject({ state: 'finished', pending: 0 });
      if (one!.scanId !== undefined) expect(one!.total + one!.skipped).toBe(40);
    }
  });

  test('is planned to its end however often it is paused and resumed meanwhile', async () => {
    writeFiles(files, Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, 'x'])));
    const scan = await scanFolder(app, files);
    const { rescanId } = await app.rescans.report(scan.id, all, 'test');
    for (let i = 0; i < 10; i++) {
      await app.rescans.pause(rescanId, 'test');
      await app.rescans.resume(rescanId, 'test');
    }
    await app.scans.ended(rescanId);
    expect(await app.store.rescans.find(rescanId)).toMatchObject({ state: 'finished', planned: true, total: 20 });
  });

  test('a start is in the audit with who asked and what for', async () => {
    writeFiles(files, { a: 'x' });
    const scan = await scanFolder(app, files);
    await app.rescans.report(scan.id, { status: ['Allowed'], detection: [], force: true }, 'ada');
    const [entry] = await app.store.audit.list({ limit: 1 });
    expect(entry).toMatchObject({
      actor: 'ada',
      action: 'rescan.start',
      detail: { scanId: scan.id, status: ['Allowed'], files: 1, workflow: 'Default' },
    });
  });

  test('a cancel is in the audit with which files it was of, and how many were left', async () => {
    writeFiles(files, { a: 'x' });
    const scan = await scanFolder(app, files);
    // The engine holds on to it until it is told to stop.
    writeFiles(files, { a: 'obey' });
    const cancel = async (rescanId: string) => {
      await app.rescans.cancel(rescanId, 'eve');
      const [entry] = await app.store.audit.list({ limit: 1 });
      expect(entry).toMatchObject({ actor: 'eve', action: 'rescan.cancel', detail: { rescanId } });
      return entry!.detail;
    };
    const [file] = await app.store.files.list({ scanId: scan.id, limit: 1 });
    const single = await app.rescans.files({ fileIds: [file!.id] }, 'ada');
    expect(await cancel(single.rescanId)).toMatchObject({ files: 1, left: 1 });
    const batch = await app.rescans.report(scan.id, { status: ['Allowed'], detection: [] }, 'ada');
    expect(await cancel(batch.rescanId)).toMatchObject({ scanId: scan.id, status: ['Allowed'], outdated: false });
  });
});

test('a plan that was cut off goes on at the next start, and takes each file once', async () => {
  writeFiles(files, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, 'x'])));
  const scan = await scanFolder(app, files);
  const workflow = (await app.store.workflows.findDefault())!;
  // As it is when the daemon ends right behind the wish.
  await app.store.rescans.insertBatch(
    {
      id: 'cut',
      scanId: scan.id,
      actor: 'test',
      filter: all,
      force: true,
      passwords: [],
      audit: {},
      workflow,
    },
    1,
  );
  await app.stop();
  appendFileSync(journal, '');
  app = await startTestApp(join(folder.path, 'data'), options());
  await app.scans.ended('cut');
  expect(await app.store.rescans.find('cut')).toMatchObject({
    state: 'finished',
    total: 100,
    pending: 0,
    planned: true,
  });
  const histories = [...(await resultsOf(app, scan.id)).values()].map(({ history }) => history);
  expect(histories.map((history) => history.length)).toEqual(Array(100).fill(2));
  expect(histories[0]![0]!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
