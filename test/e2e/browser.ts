import { readFileSync } from 'node:fs';
import type axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { find } from '../needs';
import type { RunningDaemon } from './daemon';

const WIDE = { width: 1280, height: 860 };
export const PHONE = { width: 390, height: 844 };

/** Debian's Chromium, that asks nobody but the daemon. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: find('chromium'),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage'],
  });

/** Where a daemon's page is, and the first user's password, as it prints them. */
export const printedBy = ({ output }: RunningDaemon) => ({
  url: /"url":"([^"]+)"/.exec(output())?.[1] ?? '',
  password: /password +(\S+) /.exec(output())?.[1] ?? '',
});

/** A page of a browser of its own; `troubles` are what its console told of as errors, a broken policy among them. */
export const openPage = async (browser: Browser, url: string, options: BrowserContextOptions = {}) => {
  const context = await browser.newContext({ baseURL: url, viewport: WIDE, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    // A refused request is an answer that the page shows.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      troubles.push(message.text());
  });
  return { page, troubles };
};

export const signIn = async (page: Page, userName: string, password: string): Promise<void> => {
  await page.getByLabel('User name').fill(userName);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'attached' });
};

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on what is shown now, as lines that say where. */
export const barriers = async (page: Page): Promise<string[]> => {
  // By the debugger, for the page's policy lets no script in.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run(document)')) as axe.AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 200)}`),
  );
};
