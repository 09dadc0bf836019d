import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { hasS3, type S3Server, SECRET_KEY, startS3 } from '../servers/s3';
import { run } from './assay';
import { barriers, openBrowser, openPage, printedBy, signIn } from './browser';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

const EICAR = Buffer.from(
  'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=',
  'base64',
);
/** Keys that would do harm if they were anything but data. */
const HOSTILE = [
  '../../etc/passwd',
  '/absolute',
  '$(touch pwned)',
  'a b+c&d%41',
  'new\nline',
  'ümläut/日本',
  'a//b/',
  '<script>',
];
const SECRET = SECRET_KEY;

let folder: ReturnType<typeof temporaryFolder>;
let server: S3Server;
let daemon: RunningDaemon;

const start = () => startDaemon({ cwd: folder.path, env: { ASSAY_REALTIME_POLL: '200ms' } });
const assay = (...args: string[]) => run([...args, '--socket', daemon.socket], { cwd: folder.path });
const put = (Bucket: string, Key: string, Body: string | Uint8Array) =>
  server.client.send(new PutObjectCommand({ Bucket, Key, Body }));
const keysIn = async (Bucket: string): Promise<string[]> => {
  const { Contents = [] } = await server.client.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
};

/** A bucket of its own, added as a storage of the same name. */
const addBucket = async (name: string, objects: { [key: string]: string | Uint8Array } = {}, ...more: string[]) => {
  await server.bucket(name);
  for (const [key, content] of Object.entries(objects)) await put(name, key, content);
  const where = ['--bucket', name, '--endpoint', server.endpoint, '--access-key', server.accessKey];
  const added = await assay('storage', 'add', 's3', name, ...where, '--secret-key-file', 'secret', ...more);
  expect([added.stderr, added.exitCode]).toEqual(['', 0]);
};

const scan = async (storage: string): Promise<any> => {
  const started = await assay('scans', 'start', '--storage', storage, '--json');
  return scanIs(daemon, JSON.parse(started.stdout).id, 'finished', 'failed');
};

const changeDefault = async (definition: object) => {
  writeFileSync(join(folder.path, 'workflow.json'), JSON.stringify(definition));
  const changed = await assay('workflow', 'change', 'Default', 'workflow.json');
  expect([changed.stderr, changed.exitCode]).toEqual(['', 0]);
};

describe.skipIf(!hasS3)('a bucket', () => {
  beforeAll(async () => {
    folder = temporaryFolder();
    server = await startS3();
    writeFileSync(join(folder.path, 'secret'), `${SECRET}\n`);
    daemon = await start();
  });
  afterAll(async () => {
    await daemon?.kill('SIGTERM');
    await server.remove();
    folder.remove();
  });

  test('is added, tried, scanned and rescanned from the command line', async () => {
    await addBucket('inbox', { 'mail/bad.exe': EICAR, 'mail/good.txt': 'nothing to see' });
    const tried = await assay('storage', 'test', 'inbox');
    expect([tried.exitCode, tried.stdout]).toEqual([0, expect.stringContaining('reach')]);
    const report = await scan('inbox');
    expect(report).toMatchObject({ storageType: 6, counts: { total: 2, blocked: 1, allowed: 1 } });
    const [bad] = (await filesOf(daemon, report.id)).filter(({ path }) => path === 'mail/bad.exe');
    const result = await daemon.api(`/api/file/${bad.id}`);
    expect(result).toMatchObject({
      storageType: 6,
      path: 'mail/bad.exe',
      scanResult: { scanResults: { scanAllResultI: 1 } },
    });
    expect(result.hash).toBe(new Bun.CryptoHasher('md5').update(EICAR).digest('hex'));

    await put('inbox', 'mail/bad.exe', 'harmless now');
    const again = await assay('rescan', '--scan', report.id, '--status', 'Blocked', '--wait');
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('Blocked → Allowed')]);
  });

  test('has objects of any name, and each has a result', async () => {
    await addBucket('names', Object.fromEntries(HOSTILE.map((key) => [key, EICAR])));
    const report = await scan('names');
    expect(report.counts).toMatchObject({ total: HOSTILE.length, blocked: HOSTILE.length });
    expect((await filesOf(daemon, report.id)).map(({ path }) => path).sort()).toEqual([...HOSTILE].sort());
  });

  test('whose key is wrong, or that is not there, says so, and what to do', async () => {
    await addBucket('locked');
    writeFileSync(join(folder.path, 'wrong'), 'another');
    expect((await assay('storage', 'set', 'locked', '--secret-key-file', 'wrong')).exitCode).toBe(0);
    const refused = await assay('storage', 'test', 'locked');
    expect(refused.stderr).toContain('the secret key is wrong');
    expect(refused.stderr).toContain('assay storage set');
    expect((await assay('storage', 'set', 'locked', '--secret-key-file', 'secret')).exitCode).toBe(0);
    expect((await assay('storage', 'test', 'locked')).exitCode).toBe(0);
    expect((await assay('storage', 'set', 'locked', '--bucket', 'nowhere')).exitCode).toBe(0);
    expect((await assay('storage', 'test', 'locked')).stderr).toContain('there is no such bucket');
  });

  test('is looked into below its prefix alone', async () => {
    await addBucket('shared', { 'ours/a': EICAR, 'theirs/b': EICAR, oursnot: EICAR }, '--prefix', 'ours/');
    const report = await scan('shared');
    expect((await filesOf(daemon, report.id)).map(({ path }) => path)).toEqual(['ours/a']);
    const startAt = async (path: string) => {
      const { id } = await daemon.api('/api/scan', post({ storageId: report.storageId, path }));
      return scanIs(daemon, id, 'finished', 'failed');
    };
    for (const path of ['ours/', 'ours', 'a', 'ours/a'])
      expect([path, await startAt(path)]).toMatchObject([path, { state: 'finished', counts: { total: 1 } }]);
    for (const path of ['theirs', 'theirs/b', 'our', 'ours/nothing'])
      expect([path, await startAt(path)]).toMatchObject([
        path,
        { state: 'failed', error: expect.stringContaining('and nothing is below it') },
      ]);
  });

  test('that is away makes its files wait, and says so; they go on after a kill -9, and nothing fails', async () => {
    await addBucket('away', Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`file${at}`, `${at}`])));
    const report = await scan('away');
    await server.stop();
    const tried = await assay('storage', 'test', 'away');
    expect([tried.exitCode, tried.stderr]).toEqual([69, expect.stringContaining('does not answer')]);
    const [first] = await filesOf(daemon, report.id);
    const alone = await daemon.api('/api/file/ondemandscan', post({ fileId: first.id }));
    const asked = await daemon.api(`/api/scan/${report.id}/reprocess`, post({ status: ['Allowed'] }));
    expect(asked).toMatchObject({ count: 30 });
    const waits = () =>
      until(
        async () => (await daemon.api(`/api/storage/${report.storageId}`)).waiting as { reason: string } | undefined,
      );
    expect((await waits()).reason).toContain('does not answer');
    expect((await assay('storage', 'show', 'away')).stdout).toContain('does not answer');
    for (const { rescanId } of [alone, asked])
      expect((await daemon.api(`/api/rescan/${rescanId}`)).waiting.reason).toContain('does not answer');
    expect((await assay('rescans', 'show', asked.rescanId)).stdout).toMatch(/Waiting\s+since .*does not answer/);
    const { stdout: status } = await assay('status');
    expect(status).toMatch(/^Queue +30 files$/m);
    expect(status).toMatch(new RegExp(`^${asked.rescanId} +running, waiting +0 % +29 +Allowed of ${report.id}$`, 'm'));
    expect(status).toMatch(new RegExp(`^The rescan ${alone.rescanId} waits since .*does not answer`, 'm'));
    await daemon.kill('SIGKILL');
    daemon = await start();
    await waits();
    await server.start();
    const over = await until(async () => {
      const now = await daemon.api(`/api/rescan/${asked.rescanId}`);
      return now.state === 'finished' && now;
    });
    expect(over).toMatchObject({
      skipped: 1,
      progress: { done: 29, total: 29 },
      changes: { newlyFailing: { count: 0 } },
    });
  });

  test('a listing goes on after a kill -9, and each object has one result', async () => {
    await server.bucket('many');
    const names = Array.from({ length: 1100 }, (_, at) => `many/${at}`);
    for (let at = 0; at < names.length; at += 50)
      await Promise.all(names.slice(at, at + 50).map((name) => put('many', name, name)));
    await addBucket('listing', {}, '--prefix', 'many/');
    const [storage] = (await daemon.api('/api/storage')).entries.filter(({ name }: any) => name === 'listing');
    await daemon.api(`/api/storage/${storage.id}`, {
      method: 'PATCH',
      body: JSON.stringify({ options: { ...storage.options, bucket: 'many' } }),
    });
    const { id } = await daemon.api('/api/scan', post({ storageId: storage.id }));
    await until(async () => (await daemon.api(`/api/scan/${id}`)).counts.total > 0);
    await daemon.kill('SIGKILL');
    daemon = await start();
    const over = await scanIs(daemon, id, 'finished', 'failed');
    expect(over).toMatchObject({ state: 'finished', counts: { total: names.length, allowed: names.length } });
    expect(new Set((await filesOf(daemon, id)).map(({ path }) => path)).size).toBe(names.length);
  });

  test('an encrypted archive in it is opened by a password of a rescan', async () => {
    const zip = join(folder.path, 'closed.zip');
    writeFileSync(join(folder.path, 'inner'), EICAR);
    Bun.spawnSync(['7zz', 'a', '-tzip', '-pa secret', '-mem=AES256', zip, 'inner'], { cwd: folder.path });
    await addBucket('closed', { 'closed.zip': readFileSync(zip) });
    const report = await scan('closed');
    const [file] = await filesOf(daemon, report.id);
    expect(file).toMatchObject({ status: 'Blocked', detections: ['Encrypted'] });
    writeFileSync(join(folder.path, 'passwords'), 'a secret\n');
    await assay('rescan', file.id, '--password-file', 'passwords', '--wait');
    const result = await daemon.api(`/api/file/${file.id}`);
    expect(result).toMatchObject({ status: 'Blocked', detections: ['Threat'] });
    expect(result.scanResult.extractedFiles.filesInArchive).toMatchObject([{ displayName: 'inner' }]);
  });

  test('under real-time processing is polled, and told of by a webhook', async () => {
    await addBucket('guarded');
    expect((await assay('realtime', 'start', 'guarded')).exitCode).toBe(0);
    const { scan } = (await daemon.api('/api/realtime')).entries[0];
    const counts = async () => (await daemon.api(`/api/scan/${scan.id}`)).counts;
    await put('guarded', 'new', EICAR);
    await until(async () => (await counts()).blocked === 1);
    await put('guarded', 'told of', EICAR);
    const metadata = JSON.stringify({ Records: [{ s3: { object: { key: 'told+of' } } }] });
    const told = await daemon.api('/api/webhook/realtime', post({ storageClientId: 'guarded', metadata }));
    expect(told.correlationId).toBeString();
    await until(async () => (await counts()).blocked === 2);
    await put('guarded', 'new', 'harmless now');
    const over = await until(async () => {
      const now = await counts();
      return now.allowed === 1 && now;
    });
    expect(over).toMatchObject({ total: 2, blocked: 1, allowed: 1 });
    expect((await assay('realtime', 'stop', 'guarded')).exitCode).toBe(0);
  });

  test('a blocked object is copied to a folder and moved within the bucket; no other is touched', async () => {
    await addBucket('acted', { 'in/bad': EICAR, 'in/good': 'good', 'blocked/in/bad': 'somebody was here' });
    const share = join(folder.path, 'share');
    mkdirSync(share);
    expect((await assay('storage', 'add', 'share', share)).exitCode).toBe(0);
    const { entries } = await daemon.api('/api/storage');
    const local = entries.find(({ name }: any) => name === 'share').id;
    const original = {
      copyTo: [{ storageId: local, folder: 'copies' }],
      action: 'move',
      moveTo: { folder: 'blocked' },
    };
    await changeDefault({ remediation: { blocked: { original } } });
    const report = await scan('acted');
    await changeDefault({ remediation: {} });
    expect(report.counts).toMatchObject({ failedRemediation: 0 });
    expect(await keysIn('acted')).toEqual(['blocked/in/bad', 'blocked/in/bad (2)', 'in/good']);
    expect(readFileSync(join(share, 'copies/in/bad')).equals(EICAR)).toBe(true);
  });

  test('a blocked object goes into quarantine, and comes back', async () => {
    await addBucket('held', { 'in/bad': EICAR });
    await changeDefault({ remediation: { blocked: { original: { action: 'quarantine' } } } });
    await scan('held');
    await changeDefault({ remediation: {} });
    expect(await keysIn('held')).toEqual([]);
    const [entry] = JSON.parse((await assay('quarantine', '--json')).stdout);
    expect((await assay('quarantine', 'restore', entry.id)).exitCode).toBe(0);
    expect(await keysIn('held')).toEqual(['in/bad']);
  });

  test('its secret is nowhere to be read, and nothing of what was fetched is left', async () => {
    const state = join(folder.path, 'state');
    const secrets = [SECRET, Buffer.from(SECRET).toString('base64')];
    for (const name of readdirSync(state, { recursive: true }) as string[]) {
      const path = join(state, name);
      if (!statSync(path).isFile() || name === 'instance.key') continue;
      for (const secret of secrets) expect([name, readFileSync(path).includes(secret)]).toEqual([name, false]);
    }
    const shown = [await assay('storage', 'show', 'inbox', '--json'), await assay('storage', '--json')];
    for (const { stdout } of shown) expect(stdout).not.toContain(`"${SECRET}"`);
    expect(daemon.output()).not.toContain(SECRET);
    expect(readFileSync(`/proc/${daemon.pid}/environ`, 'utf8')).not.toContain(SECRET);
    expect(readdirSync(join(state, 'fetched'))).toEqual([]);
  });

  test.skipIf(lacks('chromium'))('is added, changed and scanned on the web page', async () => {
    await server.bucket('paged');
    await put('paged', 'in/<b>bad', EICAR);
    await put('paged', 'out/other', 'not ours');
    await daemon.api('/api/user', post({ userName: 'ada', password: 'adds buckets', role: 'admin' }));
    const browser = await openBrowser();
    try {
      const { page, troubles } = await openPage(browser, printedBy(daemon).url);
      const dialog = page.getByRole('dialog');
      const row = page.getByRole('row').filter({ hasText: 'Paged' });
      await page.goto('/storages');
      await signIn(page, 'ada', 'adds buckets');
      await page.getByRole('button', { name: 'Add a storage' }).click();
      await dialog.getByText('In an S3 bucket').click();
      await dialog.getByLabel('Name', { exact: true }).fill('Paged');
      await dialog.getByLabel('Address of the server').fill(server.endpoint);
      await dialog.getByLabel('Bucket', { exact: true }).fill('paged');
      await dialog.getByLabel('Only what begins with').fill('in/');
      await dialog.getByLabel('Access key').fill(server.accessKey);
      await dialog.getByRole('textbox', { name: 'Secret key' }).fill('not the right one');
      expect(await barriers(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await row.getByText(`s3://paged/in/ at ${server.endpoint}`).waitFor();
      await page.getByRole('button', { name: 'Test Paged' }).click();
      await page.getByRole('alert').filter({ hasText: 'key' }).waitFor();

      await page.getByRole('button', { name: 'Change Paged' }).click();
      await dialog.getByText('Left empty, the one that it has stays.').waitFor();
      expect(await dialog.getByRole('textbox', { name: 'Secret key' }).inputValue()).toBe('');
      await dialog.getByRole('textbox', { name: 'Secret key' }).fill(SECRET);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Change Paged' }).click();
      await dialog.getByLabel('Region').fill('us-east-1');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Test Paged' }).click();
      await page.getByText('Paged can be reached.').waitFor();

      await page.getByRole('button', { name: 'Scan Paged' }).click();
      await dialog.getByRole('button', { name: 'Start the scan' }).click();
      await page.getByRole('row').filter({ hasText: '<b>bad' }).getByText('Threat', { exact: true }).waitFor();
      expect(await page.content()).not.toContain(SECRET);
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
