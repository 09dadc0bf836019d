import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import type { Fault } from '../../src/core/fault';
import type { Scan } from '../../src/core/scan';
import { addStorage, misbehaving, resultsOf, startTestApp, temporaryFolder, writeFiles } from './app';

let folder: ReturnType<typeof temporaryFolder>;
let files: string;
let journal: string;
let app: App;

const start = () =>
  startTestApp(join(folder.path, 'data'), {
    engines: { engines: { misbehaving: { journal } }, plugins: [misbehaving] },
    watch: { settle: 100, longest: 5_000, poll: 200 },
  });

beforeEach(async () => {
  folder = temporaryFolder();
  files = join(folder.path, 'files');
  journal = join(folder.path, 'journal');
  mkdirSync(files);
  app = await start();
});
afterEach(async () => {
  await app.stop();
  folder.remove();
});

/** Files that were there long before. */
const leave = (contents: { [name: string]: string }) => {
  writeFiles(files, contents);
  for (const name of Object.keys(contents)) utimesSync(join(files, name), 1, 1);
};

const until = async <T>(ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await Bun.sleep(10);
  }
};

/** Begins to watch the folder, and waits until what was there is known. */
const guard = async (existing = false): Promise<Scan> => {
  const scan = await app.realtime.start({ storageId: await addStorage(app, files), existing }, 'test');
  await until(async () => (await app.realtime.list())[0]?.state === 'watching');
  return scan;
};

const names = async ({ id }: Scan) => [...(await resultsOf(app, id)).keys()].sort();

/** Waits until these files, and no others, have a result that speaks of what they are now. */
const haveResults = (scan: Scan, ...wanted: string[]) =>
  until(async () => {
    const { counts } = (await app.store.scans.find(scan.id))!;
    return counts.total === wanted.length && counts.pending === 0 && (await resultsOf(app, scan.id));
  });

/** The names of the files that the engine was asked about since it was last looked at. */
const asked = (): string[] => {
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').filter(Boolean) : [];
  rmSync(journal, { force: true });
  return lines.map((line) => line.slice(line.lastIndexOf('/') + 1)).sort();
};

/** Something that is noticed after everything else was; waits for its result. */
const last = async (scan: Scan) => {
  writeFiles(files, { last: 'x' });
  await until(async () => (await resultsOf(app, scan.id)).get('last')?.file.state === 'Available');
};

const code = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing thrown',
    (error) => (error as Fault).code,
  );

describe('real-time processing', () => {
  test('looks into what is new, once, and into nothing that was there before', async () => {
    leave({ old: 'bad' });
    const scan = await guard();
    writeFiles(files, { bad: 'bad', good: 'x' });
    const results = await haveResults(scan, 'bad', 'good');
    expect(results.get('bad')?.file).toMatchObject({ state: 'Available', status: 'Blocked' });
    expect(results.get('bad')?.history).toMatchObject([{ reason: 'realtime' }]);
    await last(scan);
    expect(asked()).toEqual(['bad', 'good', 'last']);
  });

  test('looks into what is there already where that is wished', async () => {
    leave({ old: 'bad' });
    await haveResults(await guard(true), 'old');
    expect(asked()).toEqual(['old']);
  });

  test('looks again at a file that changed, keeps both results, and shows the newer one', async () => {
    leave({ file: 'x' });
    const scan = await guard();
    writeFiles(files, { file: 'bad' });
    await until(async () => (await resultsOf(app, scan.id)).get('file')?.file.status === 'Blocked');
    writeFiles(files, { file: 'good' });
    const { history } = await until(async () => {
      const result = (await resultsOf(app, scan.id)).get('file');
      return result?.file.status === 'Allowed' && result;
    });
    expect(history.map(({ verdict }) => verdict.status)).toEqual(['Allowed', 'Blocked']);
    expect((await app.store.scans.find(scan.id))!.counts).toMatchObject({
      total: 1,
      allowed: 1,
      blocked: 0,
      pending: 0,
    });
  });

  test('judges what a slow writer wrote as a whole', async () => {
    const scan = await guard();
    const fd = openSync(join(files, 'slow'), 'w');
    for (const piece of ['b', 'a', 'd']) {
      writeSync(fd, piece);
      await Bun.sleep(30);
    }
    closeSync(fd);
    await until(async () => (await resultsOf(app, scan.id)).get('slow')?.file.status === 'Blocked');
  });

  test('sees a file that is renamed into its place under that name alone', async () => {
    const scan = await guard();
    writeFiles(files, { '.upload': 'bad' });
    renameSync(join(files, '.upload'), join(files, 'document'));
    await haveResults(scan, 'document');
    expect(await names(scan)).toEqual(['document']);
  });

  test('sees folders that are made or moved in with all that lies in them, however old it is', async () => {
    const scan = await guard();
    const outside = join(folder.path, 'outside/deep/er');
    mkdirSync(outside, { recursive: true });
    writeFiles(outside, { moved: 'bad' });
    utimesSync(join(outside, 'moved'), 1, 1);
    renameSync(join(folder.path, 'outside'), join(files, 'outside'));
    mkdirSync(join(files, 'new/er/still'), { recursive: true });
    writeFiles(join(files, 'new/er/still'), { made: 'x' });
    await haveResults(scan, 'moved', 'made');
    writeFiles(join(files, 'outside/deep/er'), { later: 'x' });
    await haveResults(scan, 'moved', 'made', 'later');
  });

  test('leaves links alone, wherever they lead', async () => {
    const scan = await guard();
    writeFileSync(join(folder.path, 'elsewhere'), 'bad');
    symlinkSync(join(folder.path, 'elsewhere'), join(files, 'link'));
    symlinkSync(folder.path, join(files, 'up'));
    await last(scan);
    expect(await names(scan)).toEqual(['last']);
  });

  test('takes names of any bytes', async () => {
    const scan = await guard();
    const odd = [Buffer.from('new\nline'), Buffer.from('$(touch pwned)'), Buffer.from([0x66, 0xff, 0xfe])];
    for (const name of odd) writeFileSync(Buffer.concat([Buffer.from(`${files}/`), name]), 'bad');
    await until(async () => (await app.store.scans.find(scan.id))!.counts.blocked === odd.length);
  });

  test('goes through the workflow that applies when a file changes', async () => {
    const scan = await guard();
    writeFiles(files, { first: 'bad' });
    await haveResults(scan, 'first');
    const workflow = (await app.store.workflows.findDefault())!;
    await app.store.workflows.change(workflow.id, { definition: { blocked: [] } }, Date.now());
    writeFiles(files, { second: 'bad' });
    const results = await haveResults(scan, 'first', 'second');
    expect(results.get('first')?.history[0]).toMatchObject({ workflowRevision: 1, verdict: { status: 'Blocked' } });
    expect(results.get('second')?.history[0]).toMatchObject({ workflowRevision: 2, verdict: { status: 'Allowed' } });
  });

  test('is one for a storage, and a scan that is neither paused, cancelled nor reprocessed until it is stopped', async () => {
    const scan = await guard();
    writeFiles(files, { bad: 'bad' });
    const file = (await haveResults(scan, 'bad')).get('bad')!.file;
    const again = { storageId: scan.storageId };
    expect(await code(app.realtime.start(again, 'test'))).toBe('REALTIME_SCAN_ACTIVE');
    expect(await code(app.scans.pause(scan.id))).toBe('REALTIME_SCAN_ACTIVE');
    expect(await code(app.scans.cancel(scan.id, 'test'))).toBe('REALTIME_SCAN_ACTIVE');
    expect(await code(app.rescans.preview(scan.id, { status: [], detection: [] }))).toBe('REALTIME_SCAN_ACTIVE');
    expect(await code(app.rescans.files({ fileIds: [file.id] }, 'test'))).toBe('REALTIME_SCAN_ACTIVE');

    await app.realtime.stop(scan.id, 'test');
    await app.scans.ended(scan.id);
    expect((await app.store.scans.find(scan.id))!.state).toBe('finished');
    expect((await app.rescans.preview(scan.id, { status: ['Blocked'], detection: [] })).count).toBe(1);
    writeFiles(files, { unseen: 'bad' });
    expect((await app.realtime.list()).length).toBe(0);
    await app.realtime.start(again, 'test');
    expect(await names(scan)).toEqual(['bad']);
  });

  test('is a scan like any other from its stop on, also while its last files are looked into', async () => {
    const scan = await guard();
    writeFiles(files, { last: 'obey' });
    await until(async () => (await app.store.scans.find(scan.id))!.counts.pending === 1);
    const [file] = await app.store.files.list({ scanId: scan.id, limit: 1 });
    await app.realtime.stop(scan.id, 'test');
    expect(await code(app.rescans.preview(scan.id, { status: [], detection: [] }))).toBe('SCAN_NOT_FINISHED');
    expect(await code(app.rescans.files({ fileIds: [file!.id] }, 'test'))).toBe('SCAN_NOT_FINISHED');
    await app.scans.cancel(scan.id, 'test');
    expect((await app.rescans.preview(scan.id, { status: ['Canceled'], detection: [] })).count).toBe(1);
  });

  test('goes on after a restart, and finds what changed while nobody looked', async () => {
    leave({ same: 'x', changed: 'x' });
    const scan = await guard();
    writeFiles(files, { before: 'x' });
    await haveResults(scan, 'before');
    await app.stop();
    writeFiles(files, { changed: 'bad', fresh: 'bad' });
    app = await start();
    const results = await haveResults(scan, 'before', 'changed', 'fresh');
    expect([...results.keys()].sort()).toEqual(['before', 'changed', 'fresh']);
    await until(async () => (await app.realtime.list())[0]?.state === 'watching');
    expect(asked()).toEqual(['before', 'changed', 'fresh']);
  });

  test('waits for a storage that is away, and goes on when it is back', async () => {
    const scan = await guard();
    renameSync(files, `${files}.away`);
    const away = await until(async () => {
      const [one] = await app.realtime.list();
      return one?.state === 'away' && one;
    });
    expect(away.reason).toContain(files);
    writeFiles(`${files}.away`, { meanwhile: 'bad' });
    renameSync(`${files}.away`, files);
    await haveResults(scan, 'meanwhile');
    writeFiles(files, { later: 'x' });
    await haveResults(scan, 'meanwhile', 'later');
  });

  test('looks into what somebody else says has changed', async () => {
    mkdirSync(join(files, 'folder'));
    leave({ told: 'x', silent: 'x', 'folder/silent': 'x' });
    symlinkSync('silent', join(files, 'link'));
    symlinkSync('folder', join(files, 'way'));
    const scan = await guard();
    const paths = ['told', 'nothing here', '', 'folder', 'link', 'way', 'way/silent'];
    expect(await app.realtime.notice(scan.storageId, paths)).toBe(1);
    await haveResults(scan, 'told');
    expect(await code(app.realtime.notice(scan.storageId, ['../outside']))).toBe('BAD_REQUEST');
    expect(await code(app.realtime.notice('unknown', ['told']))).toBe('NOT_FOUND');
  });
});
