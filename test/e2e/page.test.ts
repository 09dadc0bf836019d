import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { SEVENZIP } from '../../src/unpack/fixtures/sevenzip';
import { eicar } from '../engines/samples';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { barriers, openBrowser, openPage, PHONE, printedBy, signIn } from './browser';
import { post, type RunningDaemon, scanIs, startDaemon } from './daemon';

const SECRET = 'geheim und lang';
/** File names that do something where they are not taken as text; the built-in rules tell of the last one. */
const HOSTILE = ['<img src=x onerror=alert(1)>.txt', 'line\nbreak $(id).txt', '\u202Egpj.txt'];

let folder: ReturnType<typeof temporaryFolder>;
let rules: string;
let daemon: RunningDaemon;
let browser: Browser;
let page: Page;
let troubles: string[];
let password: string;
let url: string;
let scanId: string;

const rule = (name: string, word: string) => `rule ${name} { strings: $a = "${word}" condition: $a }\n`;

const skip = lacks('chromium');

beforeAll(async () => {
  if (skip) return;
  folder = temporaryFolder();
  const share = join(folder.path, 'share');
  rules = join(folder.path, 'rules');
  for (const path of [share, rules]) mkdirSync(path);
  const config = join(folder.path, 'assay.yaml');
  writeFileSync(config, `engines:\n  yara: { rules: [${rules}] }\n`);
  writeFileSync(join(rules, 'one.yar'), rule('False_Alarm', 'invoice'));
  for (const name of HOSTILE) writeFileSync(join(share, name), 'an invoice');
  writeFileSync(join(share, 'dropper.bin'), 'evil bytes');
  writeFileSync(join(share, 'bad.com'), eicar());
  for (let i = 0; i < 40; i++) writeFileSync(join(share, `letter ${i}.txt`), `dear all, ${i}`);
  mkdirSync(join(folder.path, 'inside'));
  writeFileSync(join(folder.path, 'inside/eicar.com'), eicar());
  const made = Bun.spawnSync(
    [SEVENZIP, 'a', '-tzip', '-mem=AES256', `-p${SECRET}`, join(share, 'locked.zip'), 'inside'],
    {
      cwd: folder.path,
    },
  );
  expect(made.exitCode).toBe(0);

  daemon = await startDaemon({ cwd: folder.path, args: ['--config', config] });
  ({ url, password } = printedBy(daemon));
  const storage = await daemon.api('/api/storage', post({ name: 'Share', options: { kind: 'local', path: share } }));
  ({ id: scanId } = await daemon.api('/api/scan', post({ storageId: storage.id })));
  await scanIs(daemon, scanId, 'finished');
  browser = await openBrowser();
  ({ page, troubles } = await openPage(browser, url));
  await page.goto('/reports');
  await signIn(page, 'admin', password);
});
afterAll(async () => {
  await browser?.close();
  await daemon?.kill('SIGTERM');
  folder?.remove();
});

const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name });
const dialog = () => page.getByRole('dialog');
const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const count = async (text: string | RegExp) => page.getByText(text).first().waitFor();

describe.skipIf(skip)('the web page', () => {
  test('a report is opened from the list and filtered, and the filter is in the address', async () => {
    await page.getByRole('link', { name: 'Share' }).click();
    await count('46 files');
    await page.getByRole('button', { name: /Blocked/ }).click();
    await count('5 of 46 files');
    expect(page.url()).toEndWith(`/reports/${scanId}?status=Blocked`);
    for (const name of ['<img src=x onerror=alert(1)>.txt', 'line␊break $(id).txt']) await rowOf(name).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  test('the lock of an encrypted file takes its password; what was in it is found then', async () => {
    await rowOf('locked.zip').getByRole('button', { name: 'Enter passwords for locked.zip' }).click();
    await dialog().getByRole('textbox', { name: 'Password 1' }).fill('not this one');
    await dialog().getByRole('button', { name: 'Add another' }).click();
    await dialog().getByRole('textbox', { name: 'Password 2' }).fill(SECRET);
    await dialog().getByRole('button', { name: 'Reprocess' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await rowOf('locked.zip').getByText('Threat', { exact: true }).waitFor();
    await rowOf('locked.zip').getByRole('link', { name: 'locked.zip' }).click();
    await heading('locked.zip').waitFor();
    await heading('What is in it').waitFor();
    await page.getByRole('row').filter({ hasText: 'eicar.com' }).getByText('Infected').waitFor();
    expect(await page.content()).not.toContain(SECRET);
  });

  test('a file tells of each processing, and two of them are compared', async () => {
    const history = page.getByRole('region', { name: 'Every processing' }).getByRole('listitem');
    await history.nth(1).waitFor();
    expect(await history.count()).toBe(2);
    const compared = page.getByRole('region', { name: 'Two processings compared' });
    const result = compared.getByRole('row').filter({ hasText: /^Result/ });
    await result.waitFor();
    expect(await result.getByRole('cell').allTextContents()).toEqual(['Encrypted Archive', 'Infected']);

    await page.getByRole('button', { name: 'Reprocess file' }).click();
    await dialog().getByRole('button', { name: 'Reprocess' }).click();
    await history.nth(2).waitFor();
    // Passwords are gone when a rescan ends.
    await page
      .getByTestId('why')
      .filter({ hasText: /password|encrypted/i })
      .waitFor();
  });

  test('new definitions: the report says what is outdated, and its rescan what changed', async () => {
    writeFileSync(join(rules, 'one.yar'), rule('Evil_Dropper', 'evil'));
    await page.goto('/engines');
    await page.getByRole('button', { name: 'Reload definitions' }).click();
    await count('The engines are open anew.');
    await page.goto(`/reports/${scanId}`);
    await count('46 files would be judged with newer definitions');
    await page.getByRole('button', { name: 'Reprocess', exact: true }).click();
    await dialog()
      .getByRole('checkbox', { name: /^Allowed/ })
      .click();
    await dialog().getByText('41 files will be looked at again').waitFor();
    await dialog()
      .getByRole('checkbox', { name: /^Blocked/ })
      .click();
    await dialog().getByText('46 files will be looked at again').waitFor();
    await dialog()
      .getByRole('checkbox', { name: /^Encrypted/ })
      .click();
    await dialog().getByText('1 file will be looked at again').waitFor();
    await dialog()
      .getByRole('checkbox', { name: /^Encrypted/ })
      .click();
    await dialog().getByRole('button', { name: 'Reprocess 46 files' }).click();

    await heading('Rescan of Share').waitFor();
    await heading('1 Allowed → Blocked').waitFor();
    await heading('2 Blocked → Allowed').waitFor();
    await page.getByRole('link', { name: 'dropper.bin' }).first().waitFor();
    expect(await page.getByText('Left out').count()).toBe(0);
    await page.getByRole('link', { name: 'These files in the report' }).click();
    await count('46 of 46 files');
    expect(page.url()).toMatch(/workflowId=.*from=.*to=/);
  });

  test('a policy change: a new revision says what it changed, and a rescan judges by it', async () => {
    await page.getByRole('link', { name: 'Workflows' }).click();
    await page.getByRole('link', { name: 'Default', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Infected', exact: true }).click();
    await page.getByRole('button', { name: 'Save as a new revision' }).click();
    await dialog().getByText('− Infected').waitFor();
    await dialog().getByRole('button', { name: 'Save as revision 2' }).click();
    await page.getByRole('listitem').filter({ hasText: 'revision 2' }).getByText('− Infected').waitFor();
    await page.goto(`/reports/${scanId}?status=Blocked&detection=Threat`);
    await count('46 files would be judged with newer definitions or another workflow revision today');
    await page.getByRole('button', { name: 'Reprocess', exact: true }).click();
    await dialog().getByRole('button', { name: 'Reprocess 2 files' }).click();
    await heading('2 Blocked → Allowed').waitFor();
    await count('Default, revision 2');
  });

  test('a storage is added, tested, scanned, processed in real time, and removed', async () => {
    const other = join(folder.path, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'first.com'), eicar());
    await page.getByRole('link', { name: 'Storages' }).click();
    await page.getByRole('button', { name: 'Add a storage' }).click();
    await dialog().getByLabel('Name').fill('Other');
    await dialog().getByLabel('Folder').fill(`${other}-nowhere`);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Test Other' }).click();
    await page.getByRole('alert').filter({ hasText: 'nowhere' }).waitFor();
    await page.getByRole('button', { name: 'Change Other' }).click();
    await dialog().getByLabel('Folder').fill(other);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await rowOf('Other').getByText(other, { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Scan Other' }).click();
    await dialog().getByRole('button', { name: 'Start the scan' }).click();
    await heading('Other').waitFor();
    await rowOf('first.com').getByText('Threat', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Real-time' }).click();
    await page.getByRole('button', { name: 'Start real-time processing of Other' }).click();
    await dialog().getByRole('button', { name: 'Start real-time processing' }).click();
    await rowOf('Other').getByText('Watching').waitFor();
    writeFileSync(join(other, 'second.com'), eicar());
    await rowOf('Other').getByRole('link', { name: /^1 / }).click();
    await rowOf('second.com').getByText('Threat', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Reprocess', exact: true }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await page.getByRole('link', { name: 'Real-time' }).click();
    await page.getByRole('button', { name: 'Stop real-time processing of Other' }).click();
    await dialog().getByRole('button', { name: 'Stop' }).click();
    await rowOf('Other').getByText('Off').waitFor();

    await page.getByRole('link', { name: 'Storages' }).click();
    await page.getByRole('button', { name: 'Remove Other' }).click();
    await dialog().getByText('No file is touched').waitFor();
    await dialog().getByRole('button', { name: 'Remove the storage' }).click();
    await rowOf('Other').waitFor({ state: 'detached' });
    expect(readdirSync(other).toSorted()).toEqual(['first.com', 'second.com']);
    await page.getByRole('link', { name: 'Audit' }).click();
    await rowOf('storage.remove').getByText('name: Other').waitFor();
  });

  test('a viewer is shown results and is offered nothing that would be refused', async () => {
    await page.getByRole('link', { name: 'Users and keys' }).click();
    await page.getByLabel('User name').fill('eve');
    await page.getByRole('textbox', { name: 'Password' }).fill('just looking');
    await page.getByRole('button', { name: 'Add a user' }).click();
    await rowOf('eve').waitFor();
    const viewer = await openPage(browser, url, { viewport: PHONE });
    await viewer.page.goto(`/reports/${scanId}`);
    await signIn(viewer.page, 'eve', 'just looking');
    await viewer.page.getByText('bad.com').first().waitFor();
    expect(await viewer.page.getByRole('button', { name: /Reprocess/ }).count()).toBe(0);
    await viewer.page.goto('/active');
    await viewer.page.getByText('Nothing is being scanned').waitFor();
    expect(await viewer.page.getByRole('button', { name: 'Start a scan' }).count()).toBe(0);
    await viewer.page.context().close();
  });

  const screens = async (): Promise<[address: string, shows: string][]> => {
    const [workflow] = (await daemon.api('/api/workflow')).entries;
    const [rescan] = (await daemon.api('/api/rescan')).entries;
    const files = (await daemon.api(`/api/scan/${scanId}/files?search=locked`)).entries;
    return [
      ['/', 'What needs you'],
      ['/realtime', 'Off'],
      ['/storages', 'Test'],
      ['/workflows', 'Default'],
      [`/workflows/${workflow.id}`, 'revision 2'],
      ['/engines', 'Ready'],
      ['/users', 'eve'],
      ['/settings', 'Version'],
      ['/audit', 'engine.reload'],
      ['/reports', 'Share'],
      [`/reports/${scanId}`, '46 files'],
      [`/files/${files[0].id}`, 'What each engine said'],
      ['/rescans', 'Rescan of Share'],
      [`/rescans/${rescan.id}`, 'How it was asked for'],
      ['/active', 'Nothing is being scanned'],
      ['/nowhere', 'There is nothing at this address'],
    ];
  };

  test.each(['light', 'dark'] as const)('no screen has barriers that axe knows (%s)', async (colorScheme) => {
    const viewport = colorScheme === 'dark' ? PHONE : undefined;
    const seen = await openPage(browser, url, { colorScheme, ...(viewport && { viewport }) });
    await seen.page.goto('/reports');
    await seen.page.getByLabel('User name').waitFor();
    expect(await barriers(seen.page)).toEqual([]);
    await signIn(seen.page, 'admin', password);
    for (const [address, shows] of await screens()) {
      await seen.page.goto(address);
      await seen.page.getByText(shows).first().waitFor();
      expect([address, ...(await barriers(seen.page))]).toEqual([address]);
    }
    expect(seen.troubles).toEqual([]);
    await seen.page.context().close();
  });

  test('nothing broke the policy or threw meanwhile', () => {
    expect(troubles).toEqual([]);
  });
});
