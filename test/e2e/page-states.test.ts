import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { eicar } from '../engines/samples';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { barriers, openBrowser, openPage, printedBy, signIn } from './browser';
import { post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

const FILES = 450;

let folder: ReturnType<typeof temporaryFolder>;
let daemon: RunningDaemon;
let browser: Browser;
let page: Page;
let troubles: string[];
let password: string;
let url: string;
let storageId: string;
let scanId: string;

const skip = lacks('chromium');

beforeAll(async () => {
  if (skip) return;
  folder = temporaryFolder();
  daemon = await startDaemon({ cwd: folder.path });
  ({ url, password } = printedBy(daemon));
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

const dialog = () => page.getByRole('dialog');
const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const status = (text: string | RegExp) => page.getByRole('status').getByText(text);

/** Lets nothing of the API through. Returns the way back. */
const takeAway = async () => {
  await page.route('**/api/**', (route) => route.abort());
  return () => page.unroute('**/api/**');
};

describe.skipIf(skip)('each state of the page', () => {
  test.each([
    ['/', 'There is no storage yet: add the first one.'],
    ['/active', 'Nothing is being scanned'],
    ['/reports', 'No scan has run yet'],
    ['/rescans', 'Nothing was rescanned yet'],
    ['/realtime', 'There is no storage yet'],
    ['/storages', 'There is no storage yet'],
    ['/users', 'There is no API key.'],
  ])('with nothing there, %s says so, and what to do', async (address, says) => {
    await page.goto(address);
    await page.getByText(says).first().waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test.each(['/reports/', '/rescans/', '/files/', '/workflows/', '/no-such-screen/'])(
    'what is not there is said at %s…',
    async (address) => {
      await page.goto(`${address}019a0000-0000-7000-8000-000000000000`);
      await heading('There is nothing at this address').waitFor();
    },
  );

  test('a computer that sees no network reaches Assay all the same', async () => {
    const { page: own } = await openPage(browser, url);
    await own.addInitScript(`Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })`);
    await own.goto('/workflows');
    await signIn(own, 'admin', password);
    expect(await own.evaluate('navigator.onLine')).toBe(false);
    await own.getByRole('link', { name: 'Default', exact: true }).waitFor();
    await own.context().close();
  });

  test('a scan that is paused, goes on and is canceled says what happens, before and after', async () => {
    const share = join(folder.path, 'share');
    mkdirSync(share);
    writeFileSync(join(share, 'bad.com'), eicar());
    for (let i = 1; i < FILES; i++) writeFileSync(join(share, `letter ${String(i).padStart(3, '0')}.txt`), `dear ${i}`);
    const storage = await daemon.api('/api/storage', post({ name: 'Share', options: { kind: 'local', path: share } }));
    storageId = storage.id;
    const { id } = await daemon.api('/api/scan', post({ storageId, name: 'First' }));
    await daemon.api(`/api/scan/${id}/pause`, post());
    await page.goto('/active');
    const run = page.getByRole('region', { name: 'Scans' }).getByRole('listitem').filter({ hasText: 'First' });
    const paused = await daemon.api(`/api/scan/${id}`);
    // A small scan may be over before it is paused.
    if (paused.state === 'paused') {
      await run.getByText('Paused').waitFor();
      await run.getByRole('button', { name: 'Cancel' }).click();
      await dialog().getByText('cannot be taken up again').waitFor();
      await dialog().getByRole('button', { name: 'Keep it going' }).click();
      expect((await daemon.api(`/api/scan/${id}`)).state).toBe('paused');
      await run.getByRole('button', { name: 'Cancel' }).click();
      await dialog().getByRole('button', { name: 'Cancel the scan' }).click();
      await page.getByText('Canceled.', { exact: true }).waitFor();
      await page.getByText('Nothing is being scanned').waitFor();
      expect((await daemon.api(`/api/scan/${id}`)).state).toBe('canceled');
    }
    ({ id: scanId } = await daemon.api('/api/scan', post({ storageId, name: 'Second' })));
    await scanIs(daemon, scanId, 'finished');
  });

  test('what real-time processing does is listed, and a scan’s buttons are not offered for it', async () => {
    const { id } = await daemon.api('/api/realtime', post({ storageId }));
    await page.goto('/active');
    const run = page.getByRole('region', { name: 'Real-time processing' }).getByRole('listitem');
    await run.getByRole('link', { name: 'Stop it under Real-time' }).waitFor();
    expect(await run.getByRole('button').count()).toBe(0);
    expect(await daemon.status(`/api/realtime/${id}`, { method: 'DELETE' })).toBe(200);
    await scanIs(daemon, id, 'finished');
  });

  test('filters are chosen and dropped again and again', async () => {
    await page.goto(`/reports/${scanId}`);
    await status(`${FILES} files`).waitFor();
    for (let i = 0; i < 3; i++) {
      await page.getByRole('button', { name: /Blocked$/ }).click();
      await status(`1 of ${FILES} files`).waitFor();
      await page.getByRole('button', { name: /Blocked$/ }).click();
      await status(new RegExp(`^${FILES} files`)).waitFor();
    }
    await page.getByLabel('Search in paths').fill('nothing has this name');
    await page.getByText('No file matches the filters').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await status(new RegExp(`^${FILES} files`)).waitFor();
  });

  /** The first row that is seen, and how far the reader has scrolled. */
  const READ = `(() => {
    const scroller = document.querySelector('.scroller');
    const { top } = scroller.getBoundingClientRect();
    const row = [...scroller.querySelectorAll('[role=row]')].find((one) => one.getBoundingClientRect().bottom > top);
    return { top: scroller.scrollTop, at: row.getBoundingClientRect().top - top, path: row.querySelector('a').title };
  })()`;

  test('a list does not move under the reader while its files are looked at again; the rows change where they stand', async () => {
    await page.getByRole('table').waitFor();
    // Page after page is read on the way there.
    const row = page.locator('[role=row][aria-rowindex="301"]');
    await until(async () => {
      await page.evaluate(`document.querySelector('.scroller').scrollTop = 300 * 60 + 7`);
      return (await row.count()) > 0;
    });
    const before = await page.evaluate(READ);
    const { rescanId } = await daemon.api(`/api/scan/${scanId}/reprocess`, post({ force: true }));
    await until(async () => (await daemon.api(`/api/rescan/${rescanId}`)).state === 'finished');
    const [{ id: other }] = (await daemon.api('/api/scan?limit=1')).entries;
    expect(other).not.toBe(scanId);
    // The page has heard of it when it tells of the rescan.
    await page.getByRole('link', { name: '1 rescan' }).waitFor({ state: 'attached' });
    expect(await page.evaluate(READ)).toEqual(before);
  });

  test('a new scan is told of above the list of reports, and comes when it is asked for', async () => {
    await page.goto('/reports');
    await page.getByRole('link', { name: 'Second' }).waitFor();
    const names = () => page.locator('tbody tr td:first-child a').allTextContents();
    const before = await names();
    const { id } = await daemon.api('/api/scan', post({ storageId, name: 'Third' }));
    await scanIs(daemon, id, 'finished');
    const news = page.getByRole('button', { name: /new scan/ });
    await news.waitFor();
    expect(await names()).toEqual(before);
    await news.click();
    await page.getByRole('link', { name: 'Third' }).waitFor();
    expect(await names()).toEqual(['Third', ...before]);
  });

  test('when Assay is away, what was read stays, and what was not is there to be tried again', async () => {
    const back = await takeAway();
    await page.getByRole('link', { name: 'Rescans' }).click();
    const refused = page.getByRole('alert').filter({ hasText: 'Assay cannot be reached.' });
    await refused.getByText('the page tries again by itself').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('link', { name: 'Third' }).waitFor();
    await page.getByRole('link', { name: 'Rescans' }).click();
    await refused.waitFor();
    await back();
    await refused.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Rescan of Second' }).waitFor();
  });

  test('what fails says why and leaves the form as it was filled in', async () => {
    await page.goto('/storages');
    await page.getByRole('button', { name: 'Add a storage' }).click();
    await dialog().getByLabel('Name').fill('Other');
    await dialog().getByLabel('Folder').fill('/srv');
    const back = await takeAway();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('Assay cannot be reached.').waitFor();
    expect(await dialog().getByLabel('Name').inputValue()).toBe('Other');
    await back();
    await page.keyboard.press('Escape');
  });

  test('an address that is not for a role says so', async () => {
    await daemon.api('/api/user', post({ userName: 'eve', password: 'just looking', role: 'viewer' }));
    const viewer = await openPage(browser, url);
    await viewer.page.goto('/users');
    await signIn(viewer.page, 'eve', 'just looking');
    for (const address of ['/users', '/audit']) {
      await viewer.page.goto(address);
      await viewer.page.getByText('Your role does not allow this').first().waitFor();
      expect(await barriers(viewer.page)).toEqual([]);
    }
    expect(viewer.troubles).toEqual([]);
    await viewer.page.context().close();
  });

  test('times are told in UTC where that is chosen, also after the page is opened anew', async () => {
    await page.goto('/settings');
    await page.getByText('In UTC').click();
    await page.goto('/reports');
    const time = page.getByRole('row').filter({ hasText: 'Second' }).locator('time');
    expect(await time.textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  });

  test('nothing broke the policy or threw meanwhile', () => {
    expect(troubles).toEqual([]);
  });
});
