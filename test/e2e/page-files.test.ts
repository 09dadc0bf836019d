import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { writeRecords } from '../../plugins/vulnerabilities/fixtures/database';
import { RECORDS } from '../../plugins/vulnerabilities/fixtures/records';
import { relationships, text, wordPackage } from '../../src/sanitize/fixtures/package';
import { SEVENZIP } from '../../src/unpack/fixtures/sevenzip';
import { eicar } from '../engines/samples';
import { makePackages } from '../fixtures/packages';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { barriers, openBrowser, openPage, PHONE, printedBy, signIn } from './browser';
import { tool } from './containers/packer';
import { post, type RunningDaemon, scanIs, startDaemon } from './daemon';

const CARD = '4012 8888 8888 1881';
const JAR = 'log4j-core-2.14.1.jar';
/** Names that do something where they are not taken as text: of a file, of a threat, and of a kind of sensitive data. */
const HOSTILE = {
  file: '<img src=x onerror=alert(1)>.txt',
  threat: '<b onclick=x>Evil</b>',
  data: '<i>Staff Number</i>',
};
const MEMBERS = 1200;

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let moves: string;
let daemon: RunningDaemon;
let browser: Browser;
let page: Page;
let troubles: string[];
let password: string;
let url: string;
let scanId: string;
let movesScanId: string;

const skip = [lacks('chromium'), lacks('zip')].includes(true);

/** A storage that is scanned under a workflow of its own; the scan. */
const scanUnder = async (name: string, path: string, remediation: object): Promise<string> => {
  const workflow = await daemon.api('/api/workflow', post({ name: `${name}'s`, definition: { remediation } }));
  const options = { kind: 'local', path };
  const storage = await daemon.api('/api/storage', post({ name, options, workflowId: workflow.id }));
  const scan = await daemon.api('/api/scan', post({ storageId: storage.id }));
  await scanIs(daemon, scan.id, 'finished');
  return scan.id;
};

const fillShare = async () => {
  const relations = relationships(['rId3', 'vbaProject', 'vbaProject.bin']);
  writeFileSync(
    join(share, 'report.docm'),
    await wordPackage(text('Kept words'), relations, { 'word/vbaProject.bin': 'evil' }),
  );
  writeFileSync(join(share, 'cards.csv'), `name,card number\nAnn,${CARD}\nSTF-123456 is on leave. <b>bold</b>\n`);
  writeFileSync(join(share, HOSTILE.file), 'nobody likes this');
  writeFileSync(join(share, 'bad.com'), eicar());
  chmodSync(join(share, 'bad.com'), 0o640);
  writeFileSync(join(share, 'gone.com'), eicar());
  makePackages(share, [JAR]);
  const parts = join(folder.path, 'parts');
  for (let i = 0; i < MEMBERS; i++) {
    const inside = join(parts, `folder ${i % 3}`);
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, `${String(i).padStart(4, '0')}.txt`), `part ${i}`);
  }
  mkdirSync(join(parts, '__proto__'));
  writeFileSync(join(parts, '__proto__/eicar.com'), eicar());
  tool(parts, SEVENZIP, 'a', '-tzip', '-mx0', join(share, 'many.zip'), '.');
};

beforeAll(async () => {
  if (skip) return;
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  moves = join(folder.path, 'moves');
  for (const path of [share, moves]) mkdirSync(path);
  await fillShare();
  writeFileSync(join(moves, 'first.com'), eicar());
  writeFileSync(join(moves, 'second.com'), eicar());
  writeFileSync(join(moves, 'kept.txt'), 'all is well');
  // What should be moved is to go below what is no folder.
  writeFileSync(join(moves, 'blocked'), 'not a folder');

  const hostile = readFileSync(join(share, HOSTILE.file));
  const bad = join(folder.path, 'bad.hdb');
  writeFileSync(bad, `${createHash('md5').update(hostile).digest('hex')}:${hostile.length}:${HOSTILE.threat}\n`);
  writeRecords(join(folder.path, 'records'), RECORDS);
  const config = join(folder.path, 'assay.yaml');
  const patterns = [{ name: HOSTILE.data, pattern: '\\bSTF-\\d{6}\\b' }];
  const engines = { yara: {}, hashes: { block: [bad] }, 'sensitive-data': { patterns }, vulnerabilities: {} };
  writeFileSync(config, JSON.stringify({ engines, dataDir: 'state' }));
  const imported = await run(['vulnerabilities', 'import', 'records'], {
    cwd: folder.path,
    env: { ASSAY_CONFIG: config },
  });
  expect(imported.exitCode).toBe(0);

  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config] });
  ({ url, password } = printedBy(daemon));
  scanId = await scanUnder('Share', share, {
    allowed: { sanitized: {} },
    blocked: { original: { action: 'quarantine' } },
  });
  movesScanId = await scanUnder('Moves', moves, {
    blocked: { original: { action: 'move', moveTo: { folder: 'blocked/today' } } },
  });
  browser = await openBrowser();
  ({ page, troubles } = await openPage(browser, url));
  await page.goto('/reports');
  await signIn(page, 'admin', password);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await daemon?.kill('SIGTERM');
  folder?.remove();
});

const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name });
const dialog = () => page.getByRole('dialog');
const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const region = (name: string) => page.getByRole('region', { name });

const openFile = async (name: string) => {
  await page.goto(`/reports/${scanId}?search=${encodeURIComponent(name)}`);
  await rowOf(name).getByRole('link').first().click();
  await heading(name).waitFor();
};

/** What was put into the page as markup instead of as text. */
const injected = () => page.locator('main img, main i:not([data-tone]), main [onclick], main b b').count();

describe.skipIf(skip)('a file on the web page', () => {
  test('shows its sensitive data with what is around it and how certain it is, and never the data itself', async () => {
    await openFile('cards.csv');
    const found = region('Sensitive data in it');
    const card = found.getByRole('listitem').filter({ hasText: '**** **** **** 1881' });
    await card.getByText('Very high certainty').waitFor();
    expect(await card.locator('mark').textContent()).toBe('**** **** **** 1881');
    await found.getByRole('heading', { name: HOSTILE.data }).waitFor();
    await found.getByText('<b>bold</b>').first().waitFor();
    expect(await page.content()).not.toContain(CARD);
    expect(await injected()).toBe(0);
  });

  test('shows vulnerable software with its CVE, severity and the version that mends it', async () => {
    await openFile(JAR);
    const software = region('Vulnerable software in it');
    await software.getByRole('heading', { name: 'log4j-core 2.14.1' }).waitFor();
    const [worst] = await software.getByRole('listitem').allTextContents();
    for (const part of ['Critical', 'CVSS 10', 'CVE-2021-44228', 'Fixed in 2.15.0']) expect(worst).toContain(part);
  });

  test('shows where its sanitized copy is, and what was taken out of that', async () => {
    await openFile('report.docm');
    const done = region('What was done with it');
    await done.getByText(join(share, 'report (sanitized).docx')).waitFor();
    await done.getByText('Taken out: 1 macro').click();
    await done.getByText('word/vbaProject.bin').waitFor();
    await page.getByText('Sanitized', { exact: true }).first().waitFor();
  });

  test('is an archive of a thousand members, gone through by the keyboard', async () => {
    await openFile('many.zip');
    const tree = page.getByRole('treegrid', { name: 'What is in it' });
    const activeIs = async (name: string | RegExp) => {
      const row = tree.locator('[data-active]').filter({ hasText: name });
      await row.waitFor();
      expect(await tree.getAttribute('aria-activedescendant')).toBe(await row.getAttribute('id'));
    };
    await tree.getByRole('row').filter({ hasText: '__proto__/eicar.com' }).getByText('Infected').waitFor();
    await region('What is in it').getByText('1,000 of 1,201 members').waitFor();
    await tree.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await activeIs(/^\d{4}\.txt/);
    // Only what is seen is drawn.
    expect(await tree.getByRole('row').count()).toBeLessThan(60);
    await page.keyboard.press('ArrowLeft');
    await activeIs('folder 2');
    await page.keyboard.press('ArrowLeft');
    await tree.getByRole('row', { name: 'folder 2', expanded: false }).waitFor();
    await region('What is in it').getByRole('button', { name: 'Show more' }).click();
    await region('What is in it').getByText('1,201 members', { exact: true }).waitFor();
  });

  test('whose remediation failed says why, is picked by that status, and is reprocessed when the cause is gone', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'The remediation of 2 files of Moves failed.' }).click();
    await page.getByText('2 of 4 files').waitFor();
    expect(page.url()).toEndWith(`/reports/${movesScanId}?status=FailedRemediation`);
    await rowOf('first.com').getByText('Blocked, failed remediation').waitFor();
    await rowOf('first.com').getByRole('link').first().click();
    const done = region('What was done with it');
    await done.getByText('Not moved').waitFor();
    await done.getByText('no folder any more').waitFor();
    expect(readdirSync(moves).toSorted()).toEqual(['blocked', 'first.com', 'kept.txt', 'second.com']);

    rmSync(join(moves, 'blocked'));
    await page.goBack();
    await page.getByRole('button', { name: 'Reprocess', exact: true }).click();
    const failed = dialog().getByRole('checkbox', { name: /^Failed remediation/ });
    expect(await failed.isChecked()).toBe(true);
    await dialog().getByText('Both allowed and blocked files whose remediation failed are taken.').waitFor();
    await dialog().getByText('2 files will be looked at again').waitFor();
    // With "Allowed" beside it, blocked files are not taken, though their remediation failed.
    await dialog()
      .getByRole('checkbox', { name: /^Allowed/ })
      .click();
    await dialog().getByText('2 files will be looked at again').waitFor();
    await dialog()
      .getByRole('checkbox', { name: /^Allowed/ })
      .click();
    await dialog().getByRole('button', { name: 'Reprocess 2 files' }).click();
    await heading('Rescan of Moves').waitFor();
    await page.getByText('Finished', { exact: true }).waitFor();
    expect(readdirSync(join(moves, 'blocked/today')).toSorted()).toEqual(['first.com', 'second.com']);
    expect(readdirSync(moves).toSorted()).toEqual(['blocked', 'kept.txt']);

    await page.goto(`/reports/${movesScanId}?search=first.com`);
    await rowOf('first.com').getByRole('link').first().click();
    await page.getByText('Assay moved it.').waitFor();
    await region('What was done with it').getByText(join(moves, 'blocked/today/first.com')).waitFor();
    const before = region('Every processing').getByRole('listitem').filter({ hasText: 'Not moved' });
    await before.first().waitFor();
  });
});

describe.skipIf(skip)('the quarantine on the web page', () => {
  test('lists what is in it with why, and every name is text', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: '6 files in quarantine' }).click();
    await heading('Quarantine').waitFor();
    await rowOf(HOSTILE.file).getByText(HOSTILE.threat).waitFor();
    await rowOf('bad.com').getByText('EICAR').waitFor();
    expect(await injected()).toBe(0);
    await page.goto('/quarantine?state=restored');
    await page.getByText('No file is in this state').waitFor();
  });

  test('puts a file back under a numbered name where its own is taken, and touches nothing else', async () => {
    writeFileSync(join(share, 'bad.com'), 'another one');
    await openFile('bad.com');
    await page.getByText('It is in quarantine, and not at its path any more.').waitFor();
    await page.getByRole('link', { name: 'Show it in quarantine' }).first().click();
    await region('Why it is here').getByText('EICAR').waitFor();
    await page.getByRole('button', { name: 'Restore', exact: true }).click();
    await dialog().getByText('It gets its owner, its permissions and its times back').waitFor();
    await dialog().getByRole('button', { name: 'Restore', exact: true }).click();
    await dialog().getByRole('alert').filter({ hasText: 'nothing is overwritten' }).waitFor();
    await dialog().getByRole('button', { name: 'Put it there under a numbered name' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText(`The file is at ${join(share, 'bad (2).com')} again.`).waitFor();
    await page.getByText('Restored', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: /^Re(store|move)/ }).count()).toBe(0);
    expect(readFileSync(join(share, 'bad (2).com')).equals(eicar())).toBe(true);
    expect(statSync(join(share, 'bad (2).com')).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(share, 'bad.com'), 'utf8')).toBe('another one');

    await page.getByRole('link', { name: 'Its result' }).click();
    await page.getByText('Assay moved it.').waitFor();
    await region('What was done with it').getByText('Restored from quarantine').waitFor();
  });

  test('puts a file where somebody wants it, and allows its content from then on', async () => {
    await page.goto('/quarantine');
    await page.getByRole('button', { name: 'Restore cards.csv' }).click();
    await dialog().getByRole('radio', { name: 'Another folder' }).click();
    await dialog().getByLabel('Folder in the storage').fill('checked/by hand');
    await dialog().getByRole('checkbox', { name: 'Allow its content from now on' }).check();
    await dialog().getByText('Neither it nor a copy of it is blocked by that workflow again.').waitFor();
    await dialog().getByRole('button', { name: 'Restore', exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText('allows its content now.').waitFor();
    await rowOf('cards.csv').waitFor({ state: 'detached' });
    expect(readFileSync(join(share, 'checked/by hand/cards.csv'), 'utf8')).toContain(CARD);
  });

  test('removes a file for good only after it was asked, and says that nobody can bring it back', async () => {
    const held = () => readdirSync(join(folder.path, 'state/quarantine')).length;
    const before = held();
    await page.goto('/quarantine');
    await page.getByRole('button', { name: 'Remove gone.com for good' }).click();
    await dialog().getByText('Nobody can bring it back.').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect(held()).toBe(before);
    await page.getByRole('button', { name: 'Remove gone.com for good' }).click();
    await dialog().getByRole('button', { name: 'Remove for good' }).click();
    await rowOf('gone.com').waitFor({ state: 'detached' });
    expect(held()).toBe(before - 1);
    expect(existsSync(join(share, 'gone.com'))).toBe(false);
    await page.getByText('Removed', { exact: true }).click();
    await rowOf('gone.com').getByRole('link').click();
    await page.getByText('It cannot be brought back.').waitFor();
    expect(await page.getByRole('button', { name: /^Re(store|move)/ }).count()).toBe(0);
  });

  test('removes what is older than a time, and leaves the rest', async () => {
    await page.goto('/quarantine');
    await page.getByRole('button', { name: 'Remove older ones' }).click();
    await dialog().getByText('whatever the list shows now').waitFor();
    await dialog().getByRole('button', { name: 'Remove for good' }).click();
    await page.getByText('Nothing was older, so nothing was removed.').waitFor();
    await rowOf(HOSTILE.file).waitFor();
  });

  test('lets a list that is read stay as it is, and says that more has come', async () => {
    await page.goto('/quarantine');
    await rowOf(JAR).waitFor();
    writeFileSync(join(share, 'late.com'), eicar());
    const { storageId } = await daemon.api(`/api/scan/${scanId}`);
    const { id } = await daemon.api('/api/scan', post({ storageId }));
    await scanIs(daemon, id, 'finished');
    const more = page.getByRole('button', { name: 'More has come: show' });
    await more.waitFor();
    expect(await rowOf('late.com').count()).toBe(0);
    await more.click();
    await rowOf('late.com').waitFor();
  });

  test('offers an operator and a viewer nothing that would be refused', async () => {
    await daemon.api('/api/user', post({ userName: 'olga', password: 'operates it', role: 'operator' }));
    const other = await openPage(browser, url, { viewport: PHONE });
    await other.page.goto('/quarantine');
    await signIn(other.page, 'olga', 'operates it');
    await other.page.getByText(JAR).waitFor();
    expect(await other.page.getByRole('button', { name: /^Re(store|move)/ }).count()).toBe(0);
    await other.page.context().close();
  });

  const screens = async (): Promise<[address: string, shows: string][]> => {
    const { entries: held } = await daemon.api('/api/quarantine');
    const { entries: files } = await daemon.api(`/api/scan/${scanId}/files`);
    const idOf = (name: string) => files.find((file: any) => file.name === name).id;
    return [
      ['/', 'in quarantine'],
      ['/quarantine', HOSTILE.threat],
      ['/quarantine?state=all', 'Removed for good'],
      [`/quarantine/${held[0].id}`, 'Why it is here'],
      [`/files/${idOf('cards.csv')}`, 'Sensitive data in it'],
      [`/files/${idOf(JAR)}`, 'Vulnerable software in it'],
      [`/files/${idOf('report.docm')}`, 'Taken out: 1 macro'],
      [`/files/${idOf('many.zip')}`, '__proto__/eicar.com'],
      [`/files/${idOf(HOSTILE.file)}`, HOSTILE.threat],
    ];
  };

  test.each(['light', 'dark'] as const)(
    'no screen has barriers that axe knows, and names stay text (%s)',
    async (colorScheme) => {
      const viewport = colorScheme === 'dark' ? PHONE : undefined;
      const seen = await openPage(browser, url, { colorScheme, ...(viewport && { viewport }) });
      await seen.page.goto('/quarantine');
      await signIn(seen.page, 'admin', password);
      for (const [address, shows] of await screens()) {
        await seen.page.goto(address);
        await seen.page.getByText(shows).first().waitFor();
        expect([address, ...(await barriers(seen.page))]).toEqual([address]);
      }
      await seen.page.goto('/quarantine');
      await seen.page.getByRole('button', { name: `Restore ${HOSTILE.file}` }).click();
      await seen.page.getByRole('dialog').getByText('What will happen').waitFor();
      expect(await barriers(seen.page)).toEqual([]);
      expect(seen.troubles).toEqual([]);
      await seen.page.context().close();
    },
  );

  test('nothing broke the policy or threw meanwhile', () => {
    expect(troubles).toEqual([]);
  });
});
