import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../src/app';
import type { Fault } from '../../src/core/fault';
import { newId } from '../../src/core/id';
import { WorkflowDefinition } from '../../src/core/workflow';
import { createOpenBackend } from '../../src/storages/storages';
import { addStorage, misbehaving, resultsOf, scanStorage, startTestApp, temporaryFolder, writeFiles } from './app';

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

/** A storage of the folder, whose blocked (and allowed) files are treated so. */
const treat = async (blocked: object, allowed: object = {}, path = files): Promise<string> => {
  const storageId = await addStorage(app, path);
  const definition = WorkflowDefinition.parse({
    remediation: { blocked: { original: blocked }, allowed: { original: allowed } },
  });
  const workflow = { id: newId(), name: newId(), revision: 1, definition, createdAt: 0 };
  await app.store.workflows.insert(workflow, false);
  const storage = (await app.store.storages.find(storageId))!;
  await app.store.storages.put({ ...storage, workflowId: workflow.id });
  return storageId;
};

const names = (path = files) => readdirSync(path).sort();
const actsOf = async (fileId: string) =>
  (await app.store.remediations.ofFile(fileId)).map(({ action, state }) => `${action} ${state}`);
const rescan = async (...fileIds: string[]) => {
  const { rescanId } = await app.rescans.files({ fileIds }, 'test');
  await app.scans.ended(rescanId);
};

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing thrown',
    (error) => (error as Fault).code,
  );

const until = async <T>(ask: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await Bun.sleep(10);
  }
};

describe('what follows from a verdict', () => {
  test('is nothing unless the workflow says so', async () => {
    writeFiles(files, { bad: 'bad', good: 'x' });
    const scan = await scanStorage(app, await treat({}));
    expect(scan.counts).toMatchObject({ blocked: 1, allowed: 1 });
    expect(names()).toEqual(['bad', 'good']);
    expect(await actsOf((await resultsOf(app, scan.id)).get('bad')!.file.id)).toEqual([]);
  });

  test('is that blocked files are moved, and stay in the report with where they are', async () => {
    mkdirSync(join(files, 'deep'));
    writeFiles(files, { 'deep/bad': 'bad', good: 'x' });
    const storageId = await treat({ action: 'move', moveTo: { folder: 'blocked' }, removeEmptyFolders: true });
    const scan = await scanStorage(app, storageId);
    expect(scan).toMatchObject({ state: 'finished', counts: { blocked: 1, allowed: 1, failedRemediation: 0 } });
    expect([names(), readFileSync(join(files, 'blocked/deep/bad'), 'utf8')]).toEqual([['blocked', 'good'], 'bad']);
    const { file } = (await resultsOf(app, scan.id)).get('bad')!;
    const place = { path: join(files, 'blocked/deep/bad') };
    expect(file).toMatchObject({ state: 'Available', status: 'Blocked', location: { is: 'moved', storageId, place } });
    expect(await actsOf(file.id)).toEqual(['move done']);
    expect((await app.store.audit.list({ limit: 10 })).map(({ action }) => action)).toContain('file.move');
  });

  test('is done once: what is met again where it was moved to stays there', async () => {
    writeFiles(files, { bad: 'bad' });
    const storageId = await treat({ action: 'move', moveTo: { folder: 'blocked' } });
    const { file } = (await resultsOf(app, (await scanStorage(app, storageId)).id)).get('bad')!;
    await rescan(file.id);
    await scanStorage(app, storageId);
    expect([names(), names(join(files, 'blocked'))]).toEqual([['blocked'], ['bad']]);
    expect((await app.store.files.history(file.id)).map(({ verdict }) => verdict.status)).toEqual([
      'Blocked',
      'Blocked',
    ]);
  });

  test('is that they are tagged and copied to several places before they are deleted, also in another storage', async () => {
    const other = join(folder.path, 'other');
    mkdirSync(other);
    mkdirSync(join(files, 'in'));
    writeFiles(files, { 'in/bad': 'bad' });
    writeFiles(other, { bad: 'somebody else’s' });
    chmodSync(join(files, 'in/bad'), 0o640);
    const otherId = await addStorage(app, other);
    const storageId = await treat({
      tag: { verdict: 'blocked' },
      copyTo: [{ folder: 'kept' }, { storageId: otherId, structure: 'flatten' }],
      action: 'delete',
    });
    const scan = await scanStorage(app, storageId);
    const { file } = (await resultsOf(app, scan.id)).get('bad')!;
    expect(await actsOf(file.id)).toEqual(['tag done', 'copy done', 'copy done', 'delete done']);
    expect(file.location).toMatchObject({ is: 'deleted' });
    expect([names(join(files, 'in')), names(join(files, 'kept/in')), names(other)]).toEqual([
      [],
      ['bad'],
      ['bad', 'bad (2)'],
    ]);
    expect(readFileSync(join(other, 'bad'), 'utf8')).toBe('somebody else’s');
    expect([readFileSync(join(other, 'bad (2)'), 'utf8'), statSync(join(other, 'bad (2)')).mode & 0o777]).toEqual([
      'bad',
      0o640,
    ]);
    await rescan(file.id);
    const [latest] = await app.store.files.history(file.id);
    expect(latest).toMatchObject({ verdict: { state: 'Failed' }, findings: { unread: { why: 'gone' } } });
  });

  test('never follows from a scan that failed', async () => {
    writeFiles(files, { crash: 'crash' });
    const scan = await scanStorage(app, await treat({ action: 'delete' }, { action: 'delete' }));
    expect(scan.counts).toMatchObject({ failed: 1 });
    expect(names()).toEqual(['crash']);
  });

  test('is a failure with its reason when it cannot be done; a rescan judges and acts again', async () => {
    writeFiles(files, { bad: 'bad', blocked: 'a file in the place of the folder' });
    const storageId = await treat({ action: 'move', moveTo: { folder: 'blocked' } });
    const scan = await scanStorage(app, storageId);
    expect(scan.counts).toMatchObject({ failedRemediation: 1, blocked: 0, pending: 0 });
    const { file } = (await resultsOf(app, scan.id)).get('bad')!;
    expect(file).toMatchObject({ state: 'FailedRemediation', status: 'Blocked', location: undefined });
    const [act] = await app.store.remediations.ofFile(file.id);
    expect(act).toMatchObject({ state: 'failed', error: expect.stringContaining('no folder any more') });
    expect(names()).toEqual(['bad', 'blocked']);

    rmSync(join(files, 'blocked'));
    const { rescanId, count } = await app.rescans.report(
      scan.id,
      { status: ['FailedRemediation'], detection: [] },
      'test',
    );
    await app.scans.ended(rescanId);
    expect(count).toBe(1);
    expect(await app.store.files.find(file.id)).toMatchObject({ state: 'Available', location: { is: 'moved' } });
    expect((await app.store.scans.find(scan.id))!.counts).toMatchObject({ failedRemediation: 0, blocked: 1 });
    expect(names(join(files, 'blocked'))).toEqual(['bad']);
  });

  describe('of a file that somebody is writing to', () => {
    /** A scan that has come to such a file, which is to be moved. */
    const begin = async (content: string) => {
      const writer = openSync(join(files, 'upload'), 'w');
      writeSync(writer, content);
      const move = { action: 'move', moveTo: { folder: 'done' } };
      const storageId = await treat(move, move);
      const scan = await app.scans.start({ storageId }, 'test');
      const isWaiting = async () => {
        const found = (await resultsOf(app, scan.id)).get('upload');
        const acts = found === undefined ? [] : await app.store.remediations.ofFile(found.file.id);
        return acts.some(({ state, error }) => state === 'due' && error?.includes('may still be writing'));
      };
      return { writer, storageId, scan, isWaiting };
    };

    test('waits until that is done', async () => {
      const { writer, storageId, scan, isWaiting } = await begin('x');
      await until(isWaiting);
      expect(names()).toEqual(['upload']);
      closeSync(writer);
      await app.scans.retryStorage(storageId);
      await app.scans.ended(scan.id);
      expect([names(), names(join(files, 'done'))]).toEqual([['done'], ['upload']]);
    });

    test('leaves it to its writer when it was changed meanwhile', async () => {
      const { writer, storageId, scan, isWaiting } = await begin('x');
      await until(isWaiting);
      writeSync(writer, 'the other half');
      closeSync(writer);
      await app.scans.retryStorage(storageId);
      await app.scans.ended(scan.id);
      expect(readFileSync(join(files, 'upload'), 'utf8')).toBe('xthe other half');
      expect((await app.store.scans.find(scan.id))!.counts).toMatchObject({ failedRemediation: 1 });
    });

    test('does not wait for ever', async () => {
      let ahead = 0;
      await app.stop();
      app = await startTestApp(join(folder.path, 'data'), { clock: () => Date.now() + ahead });
      const { writer, storageId, scan, isWaiting } = await begin('x');
      await until(isWaiting);
      ahead = 60_000;
      await app.scans.retryStorage(storageId);
      await app.scans.ended(scan.id);
      closeSync(writer);
      expect(names(join(files, 'done'))).toEqual(['upload']);
    });

    test('does not wait with a threat', async () => {
      const { writer, scan } = await begin('bad');
      await app.scans.ended(scan.id);
      closeSync(writer);
      expect(names(join(files, 'done'))).toEqual(['upload']);
    });
  });

  test.each(['a\0b', '../elsewhere', 'x'.repeat(300)])(
    'is a failure where the workflow names a folder that cannot be, and the program goes on',
    async (folder) => {
      writeFiles(files, { bad: 'bad' });
      const scan = await scanStorage(app, await treat({ action: 'move', moveTo: { folder } }));
      expect(scan.counts).toMatchObject({ failedRemediation: 1, pending: 0 });
      expect(names()).toEqual(['bad']);
    },
  );
});

describe('what is not the file that was judged', () => {
  /** Has something happen to the storage right before the first act on a file in it. */
  const interfere = async (happens: () => void) => {
    let once = () => {
      once = () => {};
      happens();
    };
    await app.stop();
    app = await startTestApp(join(folder.path, 'data'), {
      createOpenBackend: (deps) => {
        const open = createOpenBackend(deps);
        return async (storage) => {
          const backend = await open(storage);
          const first =
            <Args extends unknown[], T>(act: (...args: Args) => T) =>
            (...args: Args) => {
              once();
              return act(...args);
            };
          const { remove, move, open: read } = backend;
          return { ...backend, remove: first(remove), move: first(move), open: first(read) };
        };
      },
    });
  };

  const ACTS = [{ action: 'delete' }, { action: 'quarantine' }, { action: 'move', moveTo: { folder: 'blocked' } }];

  test.each(ACTS)('is left alone by $action: written to, or exchanged, after it was looked into', async (treatment) => {
    for (const happens of [
      () => writeFiles(files, { bad: 'the work of a day' }),
      () => {
        renameSync(join(files, 'bad'), join(files, 'away'));
        writeFiles(files, { bad: 'the work of a day' });
      },
    ]) {
      writeFiles(files, { bad: 'bad' });
      await interfere(happens);
      const path = join(folder.path, newId());
      symlinkSync(files, path);
      const scan = await scanStorage(app, await treat(treatment, {}, path));
      const { file } = (await resultsOf(app, scan.id)).get('bad')!;
      expect(file).toMatchObject({ state: 'FailedRemediation', status: 'Blocked', location: undefined });
      expect(readFileSync(join(files, 'bad'), 'utf8')).toBe('the work of a day');
      expect(await app.store.quarantine.list({ limit: 10 })).toEqual([]);
      expect(names(join(folder.path, 'data/quarantine'))).toEqual([]);
      rmSync(files, { recursive: true });
      mkdirSync(files);
    }
  });

  test.each(ACTS)('is left alone by $action: behind a folder that became a link to another one', async (treatment) => {
    const precious = join(folder.path, 'precious');
    mkdirSync(precious);
    mkdirSync(join(files, 'in'));
    writeFiles(files, { 'in/bad': 'bad' });
    writeFiles(precious, { bad: 'bad' });
    await interfere(() => {
      renameSync(join(files, 'in'), join(files, 'was'));
      symlinkSync(precious, join(files, 'in'));
    });
    const scan = await scanStorage(app, await treat(treatment));
    expect(scan.counts).toMatchObject({ failedRemediation: 1 });
    expect([readFileSync(join(precious, 'bad'), 'utf8'), names(join(files, 'was'))]).toEqual(['bad', ['bad']]);
  });

  test('is not touched by acts on names of any bytes, and of 255 of them, nor are other names of the same file', async () => {
    const odd = Buffer.concat([Buffer.from(`${files}/`), Buffer.of(0x66, 0xff, 0x0a)]);
    const long = 'ü'.repeat(127);
    writeFileSync(odd, 'bad');
    writeFiles(files, { [long]: 'bad', good: 'bad' });
    linkSync(join(files, 'good'), join(folder.path, 'link'));
    mkdirSync(join(files, 'blocked'));
    writeFiles(files, { [`blocked/${long}`]: 'somebody else’s' });
    const scan = await scanStorage(app, await treat({ action: 'move', moveTo: { folder: 'blocked' } }));
    expect(scan.counts).toMatchObject({ blocked: 3, failedRemediation: 0 });
    expect(names()).toEqual(['blocked']);
    const moved = readdirSync(join(files, 'blocked'), { encoding: 'buffer' }).map((name) => name.toString('hex'));
    expect(moved).toContain('66ff0a');
    expect(moved).toHaveLength(4);
    expect(readFileSync(join(folder.path, 'link'), 'utf8')).toBe('bad');
    expect(readFileSync(join(files, 'blocked', long), 'utf8')).toBe('somebody else’s');
  });
});

describe('quarantine', () => {
  test('takes a file to where no other scanner sees its content, and a rescan looks into it there', async () => {
    writeFiles(files, { bad: 'bad' });
    const scan = await scanStorage(app, await treat({ action: 'quarantine' }));
    const { file } = (await resultsOf(app, scan.id)).get('bad')!;
    const dir = join(folder.path, 'data/quarantine');
    expect(names()).toEqual([]);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const [entry] = await app.store.quarantine.list({ limit: 10 });
    expect(entry).toMatchObject({ state: 'held', fileId: file.id, place: { path: join(files, 'bad') }, size: 3 });
    expect(file.location).toEqual({ is: 'quarantined', id: entry!.id });
    expect(readFileSync(join(dir, entry!.id), 'utf8')).not.toContain('bad');
    expect(statSync(join(dir, entry!.id)).mode & 0o777).toBe(0o600);
    await rescan(file.id);
    expect((await app.store.files.history(file.id)).map(({ verdict }) => verdict.status)).toEqual([
      'Blocked',
      'Blocked',
    ]);
    expect(await actsOf(file.id)).toEqual(['quarantine done']);
    expect(existsSync(join(dir, 'spool', entry!.id))).toBe(false);
  });

  /** A file in quarantine. */
  const hold = async (into = treat({ action: 'quarantine' })) => {
    writeFiles(files, { bad: 'bad' });
    chmodSync(join(files, 'bad'), 0o640);
    utimesSync(join(files, 'bad'), 1_000_000_000, 1_000_000_001.5);
    const storageId = await into;
    const scan = await scanStorage(app, storageId);
    const [entry] = await app.store.quarantine.list({ state: 'held', limit: 1 });
    return { storageId, scan, id: entry!.id, fileId: entry!.fileId };
  };

  test('gives a file back with its mode and times, once, and forgets its content', async () => {
    const { id, fileId } = await hold();
    expect(await app.quarantine.restore(id, {}, 'somebody')).toMatchObject({
      place: { path: join(files, 'bad') },
    });
    const { mode, mtimeMs } = statSync(join(files, 'bad'));
    expect([readFileSync(join(files, 'bad'), 'utf8'), mode & 0o777, mtimeMs]).toEqual([
      'bad',
      0o640,
      1_000_000_001_500,
    ]);
    expect(names(join(folder.path, 'data/quarantine'))).toEqual([]);
    expect(await app.store.quarantine.key(id)).toBeUndefined();
    expect(await app.store.files.find(fileId)).toMatchObject({ location: undefined });
    expect(await actsOf(fileId)).toEqual(['quarantine done', 'restore done']);
    expect(await codeOf(app.quarantine.restore(id, {}, 'somebody'))).toBe('NOT_POSSIBLE');
    const [audited] = await app.store.audit.list({ limit: 1 });
    expect(audited).toMatchObject({ actor: 'somebody', action: 'quarantine.restore' });
  });

  test('gives a file back to where it was, also when its folders were removed because it left them empty', async () => {
    mkdirSync(join(files, 'deep/er'), { recursive: true });
    writeFiles(files, { 'deep/er/bad': 'bad' });
    await scanStorage(app, await treat({ action: 'quarantine', removeEmptyFolders: true }));
    expect(names()).toEqual([]);
    const [entry] = await app.store.quarantine.list({ state: 'held', limit: 1 });
    await app.quarantine.restore(entry!.id, {}, 'somebody');
    expect(readFileSync(join(files, 'deep/er/bad'), 'utf8')).toBe('bad');
  });

  test('gives a file back to stay: its content is on the allow list from then on, also in a copy of it', async () => {
    const { storageId, id } = await hold();
    const { allowedBy } = await app.quarantine.restore(id, { allow: {} }, 'somebody');
    const workflow = (await app.store.workflows.getFor((await app.store.storages.find(storageId))!.workflowId))!;
    expect(allowedBy).toMatchObject({ id: workflow.id, revision: 2 });
    const { sha256 } = (await app.store.quarantine.find(id))!;
    expect(workflow.definition.allow).toEqual([{ sha256, reason: expect.stringContaining(id) }]);
    const audited = await app.store.audit.list({ limit: 2 });
    expect(audited).toMatchObject([
      { actor: 'somebody', action: 'quarantine.restore', detail: { allowed: { sha256, revision: 2 } } },
      { actor: 'somebody', action: 'workflow.change', detail: { changed: ['allow'], allowed: sha256 } },
    ]);
    writeFiles(files, { copy: 'bad' });
    const again = await resultsOf(app, (await scanStorage(app, storageId)).id);
    expect(names()).toEqual(['bad', 'copy']);
    for (const name of names()) {
      expect(again.get(name)!.history[0]!.verdict).toMatchObject({ resultCode: 7, status: 'Allowed' });
    }
  });

  test('allows nothing where the block list would block it all the same, or a workflow is not there', async () => {
    const { storageId, id } = await hold();
    const { workflowId } = (await app.store.storages.find(storageId))!;
    await app.store.workflows.change(workflowId!, { definition: { block: [{ name: 'b?d' }] } }, 1);
    expect(await codeOf(app.quarantine.restore(id, { allow: {} }, 'somebody'))).toBe('NOT_POSSIBLE');
    expect(await codeOf(app.quarantine.restore(id, { allow: { workflowId: 'none' } }, 'somebody'))).toBe('NOT_FOUND');
    expect([names(), (await app.store.quarantine.find(id))!.state]).toEqual([[], 'held']);
    expect((await app.store.workflows.find(workflowId!))!.definition.allow).toEqual([]);
    await app.quarantine.restore(id, {}, 'somebody');
    expect(names()).toEqual(['bad']);
  });

  test('overwrites nothing: what has the place stays, and the file is held as before or goes elsewhere', async () => {
    const { id, fileId } = await hold();
    writeFiles(files, { bad: 'another' });
    expect(await codeOf(app.quarantine.restore(id, {}, 'somebody'))).toBe('NAME_TAKEN');
    expect(await app.store.quarantine.find(id)).toMatchObject({ state: 'held' });
    await app.quarantine.restore(id, { to: { folder: '' } }, 'somebody');
    expect([names(), readFileSync(join(files, 'bad'), 'utf8'), readFileSync(join(files, 'bad (2)'), 'utf8')]).toEqual([
      ['bad', 'bad (2)'],
      'another',
      'bad',
    ]);
    expect(await app.store.files.find(fileId)).toMatchObject({ location: { is: 'moved' } });
  });

  test('gives a file back elsewhere when the storage that it was in was removed, and says so', async () => {
    const { storageId, id } = await hold();
    expect(await app.store.storages.remove(storageId)).toBe(true);
    const error = await app.quarantine.restore(id, {}, 'somebody').catch((error) => error);
    expect(error).toMatchObject({ code: 'NOT_FOUND', hint: expect.stringContaining('--to') });
    const other = join(folder.path, 'other');
    mkdirSync(other);
    const to = { storageId: await addStorage(app, other), folder: '' };
    await app.quarantine.restore(id, { to }, 'somebody');
    expect(names(other)).toEqual(['bad']);
  });

  test('is left for good by hand and by age, and nothing of the content stays', async () => {
    const { storageId, id, fileId } = await hold();
    expect(await app.quarantine.purgeOlder(1, 'somebody')).toBe(0);
    await app.quarantine.purge(id, 'somebody');
    expect(await app.store.quarantine.find(id)).toMatchObject({ state: 'purged' });
    expect(await app.store.files.find(fileId)).toMatchObject({ location: { is: 'deleted' } });
    expect(names(join(folder.path, 'data/quarantine'))).toEqual([]);
    await hold(Promise.resolve(storageId));
    expect(await app.quarantine.purgeOlder(Date.now() + 1, 'somebody')).toBe(1);
    expect([names(), names(join(folder.path, 'data/quarantine'))]).toEqual([[], []]);
  });

  test('ends a restore that was cut off when it starts again', async () => {
    const { storageId, id } = await hold();
    const place = { path: join(files, 'bad') };
    const allowBy = (await app.store.storages.find(storageId))!.workflowId!;
    await app.store.quarantine.beginRestore(id, { storageId, place, exact: true, actor: 'somebody', allowBy });
    await app.stop();
    app = await start();
    expect((await app.store.workflows.find(allowBy))!.definition.allow).toHaveLength(1);
    expect(await app.store.quarantine.find(id)).toMatchObject({ state: 'restored' });
    expect([names(), readFileSync(place.path, 'utf8')]).toEqual([['bad'], 'bad']);
  });

  test.each(['before', 'after'] as const)(
    'waits with a restore that was cut off %s it put the file there for its storage, and ends it then, once',
    async (when) => {
      const { storageId, id } = await hold();
      const place = { path: join(files, 'bad') };
      const restoring = { storageId, place, exact: true, actor: 'somebody' };
      await app.store.quarantine.beginRestore(id, restoring);
      if (when === 'after') {
        writeFileSync(place.path, 'bad');
        const storage = (await app.store.storages.find(storageId))!;
        const backend = await createOpenBackend({ except: [], secretOf: app.store.storages.secret })(storage);
        const { identity } = (await backend.stat(place))!;
        await app.store.quarantine.claimRestore(id, { ...restoring, identity });
      }
      const elsewhere = join(folder.path, 'elsewhere');
      renameSync(files, elsewhere);
      await app.stop();
      app = await start();
      expect(await app.store.quarantine.find(id)).toMatchObject({ state: 'restoring' });
      expect(await codeOf(app.quarantine.restore(id, {}, 'somebody'))).toBe('STORAGE_UNREACHABLE');
      renameSync(elsewhere, files);
      expect(await app.quarantine.restore(id, {}, 'somebody')).toMatchObject({ storageId, place });
      expect(await app.store.quarantine.find(id)).toMatchObject({ state: 'restored' });
      expect([names(), readFileSync(place.path, 'utf8')]).toEqual([['bad'], 'bad']);
    },
  );

  test('says so when its content was damaged, or is gone, and gives nothing back', async () => {
    const { id } = await hold();
    const content = join(folder.path, 'data/quarantine', id);
    for (const [says, happens] of [
      ['is not what was put there', () => writeFileSync(content, 'xyz')],
      ["is not in the quarantine's folder any more", () => rmSync(content)],
    ] as const) {
      happens();
      const error = await app.quarantine.restore(id, {}, 'somebody').catch((error) => error);
      expect(error).toMatchObject({ code: 'NOT_POSSIBLE', message: expect.stringContaining(says) });
      expect([names(), (await app.store.quarantine.find(id))!.state]).toEqual([[], 'held']);
    }
  });

  test('does not get a restored file back by real-time processing until that changes', async () => {
    const storageId = await treat({ action: 'quarantine' });
    const scan = await app.realtime.start({ storageId }, 'test');
    await until(async () => (await app.realtime.list())[0]?.state === 'watching');
    writeFiles(files, { bad: 'bad' });
    const held = () => app.store.quarantine.list({ state: 'held', limit: 1 });
    await until(async () => (await held()).length > 0 && (await resultsOf(app, scan.id)).get('bad')?.file.location);
    const [entry] = await held();
    await app.quarantine.restore(entry!.id, {}, 'somebody');
    writeFiles(files, { last: 'y' });
    await until(async () => (await resultsOf(app, scan.id)).get('last')?.file.state === 'Available');
    expect([names(), await held()]).toEqual([['bad', 'last'], []]);
    writeFiles(files, { bad: 'bad' });
    await until(async () => (await held()).length > 0);
  });

  test('says nothing of another file that has the place, and the record, of one that is purged or restored elsewhere', async () => {
    const storageId = await treat({ action: 'quarantine' });
    const scan = await app.realtime.start({ storageId }, 'test');
    await until(async () => (await app.realtime.list())[0]?.state === 'watching');
    const record = async () => (await resultsOf(app, scan.id)).get('same')?.file;
    const putAside = async (content: string) => {
      writeFiles(files, { same: content });
      const entry = await until(async () => (await app.store.quarantine.list({ state: 'held', limit: 1 }))[0]);
      await until(async () => (await record())?.location?.is === 'quarantined');
      writeFiles(files, { same: 'x' });
      await until(async () => (await record())?.status === 'Allowed');
      return entry.id;
    };
    await app.quarantine.purge(await putAside('bad'), 'somebody');
    expect(await record()).toMatchObject({ status: 'Allowed', location: undefined });
    await app.quarantine.restore(await putAside('bad'), { to: { folder: 'checked' } }, 'somebody');
    expect(await record()).toMatchObject({ status: 'Allowed', location: undefined });
    expect([names(), readFileSync(join(files, 'checked/same'), 'utf8')]).toEqual([['checked', 'same'], 'bad']);
  });
});

describe('under real-time processing', () => {
  test('what an act writes into the same storage is not looked into in a circle, and what others write there is', async () => {
    const storageId = await treat({ action: 'move', moveTo: { folder: 'blocked' }, tag: { seen: 'yes' } });
    const scan = await app.realtime.start({ storageId }, 'test');
    await until(async () => (await app.realtime.list())[0]?.state === 'watching');
    writeFiles(files, { bad: 'bad' });
    await until(() => existsSync(join(files, 'blocked/bad')));
    writeFiles(files, { 'blocked/good': 'x', last: 'y' });
    await until(async () => {
      const results = await resultsOf(app, scan.id);
      return results.get('good')?.file.state === 'Available' && results.get('last')?.file.state === 'Available';
    });
    expect([...(await resultsOf(app, scan.id)).keys()].sort()).toEqual(['bad', 'good', 'last']);
    const asked = readFileSync(journal, 'utf8').split('\n').filter(Boolean);
    expect(asked.map((line) => line.slice(line.lastIndexOf('/') + 1)).sort()).toEqual(['bad', 'good', 'last']);
    writeFiles(files, { bad: 'bad' });
    await until(() => existsSync(join(files, 'blocked/bad (2)')));
  });
});
