import { afterAll, test as anyTest, beforeAll, describe, expect } from 'bun:test';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eicar } from '../engines/samples';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

const isSkipped = lacks('zip', '7zz');
const test = anyTest.skipIf(isSkipped);

// 7z takes only ASCII for a zip's password.
const PASSWORD = ' pa ss word';

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let daemon: RunningDaemon;
let files: Map<string, any>;

/** Runs a packer in the folder of what is packed. */
const pack = (...command: string[]) => {
  const made = Bun.spawnSync(command, { cwd: join(folder.path, 'parts'), stdout: 'pipe', stderr: 'pipe' });
  if (made.exitCode !== 0) throw new Error(`${command[0]} failed: ${made.stderr}${made.stdout}`);
};

/** The real programs that make an archive of the parts, without a password and with one. */
const FORMATS: { [name: string]: (to: string) => string[] } = {
  'plain.zip': (to) => ['zip', '-qr', to, '.'],
};
const LOCKED: { [name: string]: (to: string) => string[] } = {
  'aes.zip': (to) => ['7zz', 'a', '-bso0', `-p${PASSWORD}`, '-mem=AES256', '-tzip', to, '.'],
};
const names = (formats: object) => Object.keys(formats);

beforeAll(async () => {
  if (isSkipped) return;
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  mkdirSync(share);
  mkdirSync(join(folder.path, 'parts', 'letters'), { recursive: true });
  writeFileSync(join(folder.path, 'parts', 'note.txt'), 'nothing to see');
  writeFileSync(join(folder.path, 'parts', 'letters', 'bad.com'), eicar());
  for (const [name, command] of Object.entries({ ...FORMATS, ...LOCKED })) pack(...command(join(share, name)));
  for (const name of names(FORMATS)) pack('zip', '-qj', join(share, `in-a-zip.${name}.zip`), join(share, name));
  const many = join(folder.path, 'many');
  mkdirSync(many);
  for (let i = 0; i < 450; i++) writeFileSync(join(many, `${i}.txt`), `letter ${i}`);
  writeFileSync(join(many, '300.txt'), eicar());
  pack('zip', '-qr', join(share, 'many.zip'), many);
  writeFileSync(join(folder.path, 'zeros'), new Uint8Array(200e6));
  pack('zip', '-qj', join(share, 'bomb.zip'), join(folder.path, 'zeros'));

  daemon = await startDaemon({ cwd: folder.path, args: [share] });
  const { id } = (await daemon.api('/api/scan')).entries[0];
  await scanIs(daemon, id, 'finished');
  files = new Map((await filesOf(daemon, id)).map((file) => [file.name, file]));
}, 60_000);
afterAll(async () => {
  await daemon?.kill('SIGTERM');
  folder?.remove();
});

const show = (name: string) => daemon.api(`/api/file/${files.get(name).id}`);

/** Rescans one file and waits for its new result. */
const rescan = async (name: string, passwords: string[]) => {
  const { rescanId } = await daemon.api('/api/file/ondemandscan', post({ fileId: files.get(name).id, passwords }));
  await until(async () => (await daemon.api(`/api/rescan/${rescanId}`)).state === 'finished');
  return show(name);
};

describe('what lies in an archive is found', () => {
  test.each(names(FORMATS))('%s, and one level further in', async (name) => {
    for (const [archive, before] of [
      [name, ''],
      [`in-a-zip.${name}.zip`, `${name}/`],
    ] as const) {
      const { detections, scanResult, status } = await show(archive);
      expect({ archive, status, detections }).toEqual({ archive, status: 'Blocked', detections: ['Threat'] });
      const found = scanResult.extractedFiles.filesInArchive.find((member: any) => member.displayName.endsWith('.com'));
      expect(found).toMatchObject({
        displayName: `${before}letters/bad.com`,
        fileSize: 68,
        scanAllResultA: 'Infected',
        detectedBy: ['YARA'],
        scannedWith: ['YARA', 'Hash lists'],
      });
      expect(scanResult.processInfo.blockedReason).toBe(`In ${before}letters/bad.com: YARA found EICAR_Test_File.`);
      const engine = scanResult.scanResults.scanDetails.find(({ engId }: any) => engId === 'yara');
      expect(engine.threatFound).toBe('EICAR_Test_File');
    }
  });
});

describe('what is encrypted is opened when its password is known', () => {
  test.each(names(LOCKED))('%s', async (name) => {
    const locked = { status: 'Blocked', detections: ['Encrypted'], state: 'Available' };
    expect(await show(name)).toMatchObject(locked);
    expect(await rescan(name, ['wrong', PASSWORD.trim()])).toMatchObject(locked);
    const opened = await rescan(name, ['wrong', PASSWORD]);
    expect(opened).toMatchObject({ status: 'Blocked', detections: ['Threat'] });
    expect(opened.scanResult.scanResults.scanAllResultA).toBe('Infected');
    const { entries } = await daemon.api(`/api/file/${files.get(name).id}/history`);
    expect(entries.map((entry: any) => entry.detections)).toEqual([['Threat'], ['Encrypted'], ['Encrypted']]);
    expect(JSON.stringify([opened, entries])).not.toContain(PASSWORD);
  });

  test('a whole report is looked at again with one list of passwords', async () => {
    const scanId = files.get('aes.zip').scanId ?? (await daemon.api('/api/scan')).entries[0].id;
    await rescan('aes.zip', ['wrong']);
    const { rescanId, count } = await daemon.api(
      `/api/scan/${scanId}/reprocess`,
      post({ detection: ['Encrypted'], passwords: ['wrong', PASSWORD] }),
    );
    expect(count).toBe(1);
    const rescanned = await until(async () => {
      const now = await daemon.api(`/api/rescan/${rescanId}`);
      return now.state === 'finished' && now;
    });
    expect(rescanned.changes).toMatchObject({ newlyReadable: { count: 1 }, newlyDetected: { count: 1 } });
    const again = await daemon.api(`/api/scan/${scanId}/reprocess`, post({ status: ['Blocked'] }));
    await until(async () => (await daemon.api(`/api/rescan/${again.rescanId}`)).state === 'finished');
    // The password was for that rescan only.
    expect(await show('aes.zip')).toMatchObject({ detections: ['Encrypted'] });
  });
});

test('members come in pages, those that matter most first', async () => {
  const { id } = files.get('many.zip');
  const { extractedFiles } = (await show('many.zip')).scanResult;
  expect(extractedFiles.filesExtractedCount).toBe(450);
  expect(extractedFiles.filesInArchive).toHaveLength(100);
  expect(extractedFiles.filesInArchive[0]).toMatchObject({ scanAllResultA: 'Infected' });
  const seen = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await daemon.api(`/api/file/${id}/members?limit=77${cursor && `&cursor=${cursor}`}`);
    expect(page.total).toBe(450);
    for (const { displayName } of page.entries) seen.add(displayName);
    cursor = page.nextCursor;
  }
  expect(seen.size).toBe(450);
});

test('a bomb ends at the limit, is blocked for it, and leaves nothing behind', async () => {
  const bomb = await show('bomb.zip');
  expect(bomb.scanResult.scanResults.scanAllResultA).toBe('Exceeded Archive Expansion Factor');
  expect(bomb).toMatchObject({ status: 'Blocked', detections: ['Unscannable'] });
  const left = readdirSync(join(folder.path, 'state'), { recursive: true }) as string[];
  expect(left.filter((path) => path.includes('scratch'))).toEqual([]);
});

test('the command line says what was found inside, and what could not be opened', async () => {
  const scan = (...args: string[]) =>
    run(['scan', '--no-summary', ...args, join(share, 'aes.zip')], { cwd: folder.path });
  expect(await scan()).toMatchObject({
    exitCode: 2,
    lines: [`${join(share, 'aes.zip')}: Encrypted Archive NOT SCANNED`],
  });
  const passwords = join(folder.path, 'passwords');
  writeFileSync(passwords, `wrong\n${PASSWORD}\n`);
  expect(await scan('--password-file', passwords)).toMatchObject({
    exitCode: 1,
    lines: [`${join(share, 'aes.zip')}: EICAR_Test_File FOUND`],
  });
  rmSync(passwords);
  const shown = await run(['file', join(share, 'plain.zip'), '--data-dir', join(folder.path, 'state')], {
    cwd: folder.path,
  });
  expect(shown.stdout).toContain('letters/bad.com');
});
