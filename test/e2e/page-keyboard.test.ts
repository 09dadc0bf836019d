import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { eicar } from '../engines/samples';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { openBrowser, openPage, printedBy } from './browser';
import { post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

/** More stops than any screen has. */
const MOST = 120;

let folder: ReturnType<typeof temporaryFolder>;
let daemon: RunningDaemon;
let browser: Browser;
let page: Page;
let troubles: string[];
let password: string;
let scanId: string;

const skip = lacks('chromium');

beforeAll(async () => {
  if (skip) return;
  folder = temporaryFolder();
  const share = join(folder.path, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'bad.com'), eicar());
  for (let i = 0; i < 30; i++) writeFileSync(join(share, `letter ${i}.txt`), `dear all, ${i}`);
  daemon = await startDaemon({ cwd: folder.path });
  const printed = printedBy(daemon);
  password = printed.password;
  const storage = await daemon.api('/api/storage', post({ name: 'Share', options: { kind: 'local', path: share } }));
  ({ id: scanId } = await daemon.api('/api/scan', post({ storageId: storage.id })));
  await scanIs(daemon, scanId, 'finished');
  browser = await openBrowser();
  ({ page, troubles } = await openPage(browser, printed.url));
});
afterAll(async () => {
  await browser?.close();
  await daemon?.kill('SIGTERM');
  folder?.remove();
});

const press = (key: string) => page.keyboard.press(key);

interface Stop {
  /** What a screen reader says of it, as far as that is in the element itself. */
  name: string;
  inDialog: boolean;
  /** Whether the stop before looks otherwise now than while it had the focus. */
  lookedFocused: boolean;
}

/** The element that has the focus, in the page's own words; and a look back at the one that had it before. */
const LOOK = `(() => {
  // A field that holds chosen things draws its border around them.
  const look = (element, levels = 3) => {
    if (!element || levels === 0) return '';
    const { outlineStyle, outlineWidth, borderColor, boxShadow, backgroundColor } = getComputedStyle(element);
    const own = [outlineStyle, outlineWidth, borderColor, boxShadow, backgroundColor].join();
    return own + look(element.parentElement, levels - 1);
  };
  const before = window.stop;
  // A field for a time has several stops in itself.
  const moved = before && before.element.isConnected && before.element !== document.activeElement;
  const lookedFocused = !moved || look(before.element) !== before.look;
  const element = document.activeElement;
  // Behind the last stop is the browser itself.
  window.stop = element === document.body ? undefined : { element, look: look(element) };
  if (element === document.body) return { name: 'the end', inDialog: false, lookedFocused };
  const named = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.innerText ?? '';
  return { name: named.trim(), inDialog: element.closest('[role=dialog]') !== null, lookedFocused };
})()`;

const here = (): Promise<Stop> => page.evaluate(LOOK) as Promise<Stop>;

/** Goes on by Tab to what has this name; every stop on the way has a name and is seen to have the focus. */
const tabTo = async (name: string | RegExp): Promise<Stop> => {
  const unnamed: Stop[] = [];
  const fits = (stop: Stop) => (typeof name === 'string' ? stop.name === name : name.test(stop.name));
  await page.evaluate('window.stop = undefined');
  const names: string[] = [];
  for (let i = 0; i < MOST; i++) {
    await press('Tab');
    const stop = await here();
    if (!stop.lookedFocused) throw new Error(`"${names.at(-1)}" does not show that it has the focus`);
    names.push(stop.name);
    if (stop.name === '') unnamed.push(stop);
    if (fits(stop)) {
      expect(unnamed).toEqual([]);
      return stop;
    }
  }
  throw new Error(`no stop is called ${name}: ${names.join(' | ')}`);
};

/** Waits until what has this name has the focus. */
const focused = (name: string) =>
  page
    .locator(':focus', { hasText: name })
    .or(page.locator(`:focus[aria-label="${name}"]`))
    .waitFor();
const dialogIsOpen = () => page.getByRole('dialog').isVisible();
/** Waits for a dialog that hears the keys: it is on the screen a moment before it has the focus. */
const dialogHasFocus = async (name?: string) => {
  await page.getByRole('dialog', { name }).waitFor();
  await until(async () => (await here()).inDialog);
};

/** Files of one that is not over would be refused. */
const rescansAreOver = () =>
  until(async () => (await daemon.api('/api/rescan')).entries.every((one: any) => one.state === 'finished'));

describe.skipIf(skip)('without a mouse', () => {
  test('one signs in, and a link leads to where it says, with the focus on its heading', async () => {
    await page.goto('/reports');
    await page.getByLabel('User name').waitFor();
    await tabTo('User name');
    await page.keyboard.type('admin');
    await tabTo('Password');
    await page.keyboard.type(password);
    await press('Enter');
    await page.getByRole('heading', { name: 'Reports' }).waitFor();
    await focused('Reports');
    await page.getByRole('link', { name: 'Share' }).waitFor();
    await tabTo('Share');
    await press('Enter');
    await focused('Share');
  });

  test('the content is one step away from the beginning', async () => {
    await page.reload();
    await page.getByText('31 files').first().waitFor();
    await tabTo('Skip to the content');
    await press('Enter');
    const { name } = await tabTo(/.+/);
    expect(name).toBe('Reports');
  });

  test('a dialog takes the focus, keeps it, and gives it back', async () => {
    await tabTo('Reprocess');
    await press('Enter');
    await dialogHasFocus('Reprocess files of this report');
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await press('Tab');
      const stop = await here();
      expect(stop.inDialog).toBe(true);
      seen.add(stop.name);
    }
    // All the way round, and on.
    for (const name of ['Close', 'Cancel', 'Blocked, 1']) expect(seen).toContain(name);
    await press('Shift+Tab');
    expect((await here()).inDialog).toBe(true);
    await press('Escape');
    await until(async () => !(await dialogIsOpen()));
    await focused('Reprocess');
  });

  test('the files of a report are chosen, counted and looked at again', async () => {
    await press('Enter');
    await dialogHasFocus();
    await tabTo('Blocked, 1');
    await press('Space');
    const count = page.getByRole('dialog').locator('[aria-live=polite]').getByText('1 file will be looked at again');
    await count.waitFor();
    await tabTo('Workflow of the rescan');
    await press('Enter');
    await press('ArrowDown');
    await press('Enter');
    await tabTo('Reprocess 1 file');
    await press('Enter');
    await page.getByRole('heading', { name: 'Rescan of Share' }).waitFor();
    await focused('Rescan of Share');
    const [rescan] = (await daemon.api('/api/rescan')).entries;
    expect(rescan).toMatchObject({ filter: { status: ['Blocked'] }, workflows: [{ name: 'Default' }] });
    await rescansAreOver();
  });

  test('one file is filtered out of the report, looked at again, and the focus stays at its row', async () => {
    await page.goto(`/reports/${scanId}`);
    await page.getByText('31 files').first().waitFor();
    await tabTo(/Blocked$/);
    await press('Enter');
    await page.getByText('1 of 31 files').waitFor();
    await tabTo('Reprocess bad.com');
    await press('Enter');
    await dialogHasFocus('Reprocess file');
    await press('Escape');
    await until(async () => !(await dialogIsOpen()));
    await focused('Reprocess bad.com');
    await press('Enter');
    await dialogHasFocus();
    await tabTo('Password 1');
    await page.keyboard.type('not needed');
    await tabTo('Reprocess');
    await press('Enter');
    await until(async () => !(await dialogIsOpen()));
    await focused('Reprocess bad.com');
    await rescansAreOver();
    expect((await daemon.api('/api/rescan')).total).toBe(2);
    await page.getByRole('row').filter({ hasText: 'bad.com' }).getByText('Blocked').waitFor();
    await focused('Reprocess bad.com');
  });

  test('nothing broke the policy or threw meanwhile', () => {
    expect(troubles).toEqual([]);
  });
});
