import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { eicar } from '../engines/samples';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { barriers, openBrowser, openPage, printedBy, signIn } from './browser';
import { filesOf, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

const OWN = 'a sentence of my own';

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let daemon: RunningDaemon;
let browser: Browser;
let page: Page;
let troubles: string[];
let printed: string;
let url: string;

const skip = lacks('chromium');

beforeAll(async () => {
  if (skip) return;
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'bad.com'), eicar());
  writeFileSync(join(share, 'setup.exe'), 'MZ no program at all');
  for (let i = 0; i < 20; i++) writeFileSync(join(share, `letter ${i}.txt`), `dear all, ${i}`);
  daemon = await startDaemon({ cwd: folder.path });
  ({ url, password: printed } = printedBy(daemon));
  browser = await openBrowser();
  ({ page, troubles } = await openPage(browser, url));
});
afterAll(async () => {
  await browser?.close();
  await daemon?.kill('SIGTERM');
  folder?.remove();
});

const dialog = () => page.getByRole('dialog');
const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
const sends = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe.skipIf(skip)('a fresh Assay', () => {
  test('lets nobody in who has not seen what it printed on its host', async () => {
    expect(await (await ask('/api/session/setup')).json()).toEqual({ userName: 'admin' });
    for (const path of ['/api/storage', '/api/workflow', '/api/user', '/api/engine', '/api/events', '/metrics'])
      expect([path, (await ask(path)).status]).toEqual([path, 401]);
    expect((await ask('/api/storage', sends({ name: 'x', options: { kind: 'local', path: '/' } }))).status).toBe(401);
    const guess = { userName: 'admin', password: 'admin', newPassword: 'mine from now on' };
    expect((await ask('/api/session/password', sends(guess))).status).toBe(401);
  });

  test('asks at its front door for that password, and for another one', async () => {
    await page.goto('/');
    await heading('Choose your password').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('The password that Assay printed').fill('a guess');
    await page.getByLabel('Your own password').fill(OWN);
    await page.getByRole('button', { name: 'Choose it and go on' }).click();
    await page.getByText('That is not the password that Assay printed').waitFor();
    await page.getByLabel('The password that Assay printed').fill(printed);
    await page.getByRole('button', { name: 'Choose it and go on' }).click();
    await heading('Where are the files?').waitFor();
    // What was printed opens nothing any more.
    const { status } = await ask('/api/session', sends({ userName: 'admin', password: printed }));
    expect(status).toBe(401);
    expect(await (await ask('/api/session/setup')).json()).toEqual({});
  });

  test('takes a first storage that it can read, and no other', async () => {
    await page.getByLabel('Folder').fill(`${share}-nowhere`);
    await page.getByLabel('What you call it').fill('Share');
    await page.getByRole('button', { name: 'Add it and go on' }).click();
    await page.getByRole('alert').filter({ hasText: 'nowhere' }).waitFor();
    expect((await daemon.api('/api/storage')).total).toBe(0);
    await page.getByLabel('Folder').fill(share);
    await page.getByRole('button', { name: 'Add it and go on' }).click();
    await heading('Ready to start').waitFor();
  });

  test('says what it will do, starts, and shows the report', async () => {
    await page.getByText('Each file is shown to').waitFor();
    await page.getByText('No file is changed, moved or deleted').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await heading('Share').waitFor();
    await page.getByRole('row').filter({ hasText: 'bad.com' }).getByText('Threat', { exact: true }).waitFor();
    expect((await daemon.api('/api/realtime')).entries).toHaveLength(1);
  });
});

describe.skipIf(skip)('the workflow editor', () => {
  const openDefault = async () => {
    const [{ id }] = (await daemon.api('/api/workflow')).entries;
    await page.goto(`/workflows/${id}`);
    await page.getByRole('heading', { name: 'Default', exact: true }).waitFor();
    return `/api/workflow/${id}`;
  };
  const group = (title: string) => page.getByRole('region', { name: title });

  test('says what would happen to a blocked file as it is chosen, and nothing happens before it is saved', async () => {
    const workflow = await openDefault();
    const blocked = group('What happens to blocked files');
    await blocked.getByText('Left where it is, untouched').waitFor();
    expect(await blocked.getByRole('radio', { name: 'In its place' }).isDisabled()).toBe(true);
    await blocked.getByRole('radio', { name: 'Move it' }).click();
    await blocked.getByRole('group', { name: 'Move it' }).getByLabel('Folder', { exact: true }).fill('bad');
    await blocked.getByRole('radio', { name: 'In its place' }).click();
    await blocked.getByRole('button', { name: 'Add a copy' }).click();
    await blocked.getByRole('group', { name: 'Copy 1' }).getByLabel('Folder', { exact: true }).fill('evidence');
    await blocked.getByRole('button', { name: 'Add a tag' }).click();
    await blocked.getByLabel('Name of tag 1').fill('verdict');
    await blocked.getByLabel('Value of tag 1').fill('blocked');
    await blocked.getByRole('listitem').getByText('Tagged verdict=blocked').waitFor();
    expect(await blocked.getByRole('list').getByRole('listitem').allTextContents()).toEqual([
      'Tagged verdict=blocked',
      'Copied to the folder “evidence” of its storage',
      'Moved to the folder “bad” of its storage',
      'A sanitized copy takes its place',
    ]);
    expect((await daemon.api(workflow)).revision).toBe(1);
    page.once('dialog', (question) => void question.dismiss());
    await page.getByRole('link', { name: 'Reports' }).click();
    expect(page.url()).toContain('/workflows/');
    await page.getByRole('button', { name: 'Discard' }).click();
    await blocked.getByText('Left where it is, untouched').waitFor();
  });

  test('a rule must say something; passwords go in and never come out', async () => {
    const workflow = await openDefault();
    const lists = group('Block and allow lists');
    await lists.getByRole('button', { name: 'Add a rule to the block list' }).click();
    await dialog().getByRole('button', { name: 'Add the rule' }).click();
    await dialog().getByRole('alert').waitFor();
    await dialog().getByLabel('Name').fill('*.exe');
    await dialog().getByRole('button', { name: 'Add the rule' }).click();
    await lists.getByRole('list', { name: 'Block list' }).getByText('name *.exe').waitFor();
    await page.getByRole('button', { name: 'Give passwords' }).click();
    await page.getByLabel('Password 1').fill('very secret');
    await page.getByRole('button', { name: 'Save as a new revision' }).click();
    const changes = dialog().getByRole('list', { name: 'What changes' }).getByRole('listitem');
    await changes.nth(1).waitFor();
    expect(await changes.allTextContents()).toEqual(['Block list: + name *.exe', 'Passwords: 0 replaced by 1']);
    await dialog().getByText('22 files in 1 report were judged without these changes').waitFor();
    await dialog()
      .getByRole('checkbox', { name: /^Share of/ })
      .click();
    await dialog().getByRole('button', { name: 'Save as revision 2 and look again at 22 files' }).click();
    await page.getByText('1 report is being looked at again').waitFor();
    const { definition, passwordCount, ...shown } = await daemon.api(workflow);
    expect([definition.block, passwordCount]).toEqual([[{ name: '*.exe' }], 1]);
    expect(JSON.stringify(shown) + (await page.content())).not.toContain('very secret');
    const [rescan] = (await daemon.api('/api/rescan')).entries;
    await until(async () => (await daemon.api(`/api/rescan/${rescan.id}`)).state === 'finished');
    const scan = (await daemon.api('/api/scan')).entries.find(({ kind }: { kind: string }) => kind === 'scan');
    await scanIs(daemon, scan.id, 'finished');
    const files = await filesOf(daemon, scan.id);
    expect(files.find(({ name }) => name === 'setup.exe')).toMatchObject({ scanAllResultA: 'Blocklisted' });
  });

  test('what somebody else saved meanwhile is kept under the changes, and said', async () => {
    const workflow = await openDefault();
    await page.getByRole('checkbox', { name: 'Mismatch', exact: true }).click();
    await daemon.api(workflow, {
      method: 'PATCH',
      body: JSON.stringify({ definition: { sensitiveDataThreshold: 80 } }),
    });
    await page.getByRole('button', { name: 'Save as a new revision' }).click();
    await dialog().getByText('Somebody saved revision 3 meanwhile').waitFor();
    await dialog().getByRole('button', { name: 'Save as revision 4' }).click();
    await page.getByRole('listitem').filter({ hasText: 'revision 4' }).getByText('− Mismatch').waitFor();
    expect((await daemon.api(workflow)).definition.sensitiveDataThreshold).toBe(80);
  });

  test('any two revisions are compared in words, and the choice is in the address', async () => {
    const compared = group('Two revisions compared');
    await compared.getByLabel('Earlier').click();
    await page.getByRole('option', { name: /^Revision 1,/ }).click();
    await compared.getByRole('row').filter({ hasText: 'Block list' }).getByText('+ name *.exe').waitFor();
    await compared.getByRole('row').filter({ hasText: 'Certainty' }).waitFor();
    expect(page.url()).toContain('earlier=1');
    await page.reload();
    await compared.getByRole('row').filter({ hasText: 'Block list' }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('a viewer reads all of it and can change nothing', async () => {
    await daemon.api('/api/user', sends({ userName: 'eve', password: 'just looking', role: 'viewer' }));
    const viewer = await openPage(browser, url);
    await viewer.page.goto('/workflows');
    await signIn(viewer.page, 'eve', 'just looking');
    await viewer.page.getByRole('link', { name: 'Default', exact: true }).click();
    await viewer.page.getByText('Only administrators change workflows').waitFor();
    const fields = viewer.page.locator('form').locator('input, select, textarea');
    await fields.nth(40).waitFor({ state: 'attached' });
    for (const field of await fields.all()) expect(await field.isDisabled()).toBe(true);
    expect(await viewer.page.locator('form').getByRole('button').count()).toBe(0);
    await viewer.page.context().close();
  });

  test('nothing broke the policy or threw meanwhile', () => {
    expect(troubles).toEqual([]);
  });
});
