import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, openPage, signIn } from '../test/e2e/browser';
import type { Corpus } from './corpus';
import { median, type Report, round } from './figures';
import { quiet } from './measure';
import { FILES, fill } from './million';
import { openFlood } from './page-flood';
import { type Felt, firstPaint, openProbe, type Probe, transferred, whenTrue } from './page-probe';
import { type Serving, serve } from './serve';

const RATE = Number(process.env.BENCH_EVENTS ?? 1000);
/** How long the reader works while events come in. Milliseconds. */
const FLOOD = 20_000;
/** A phone's processor is some four times slower than a desktop's, a mobile network has such a bandwidth and delay. */
const SLOW = { cpu: 4, latency: 60, bytesPerSecond: 1_250_000 };

const ROWS = `document.querySelector('.grid-row') !== null`;
const SETTLED = `${ROWS} && document.querySelector('section.card').getAttribute('aria-busy') === 'false'`;
const PAINTED = `performance.getEntriesByName('first-contentful-paint').length > 0`;
const SHOWN = `document.querySelector('section.card [role=status]').textContent`;

const highest = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** The page in a browser that has kept nothing but the sign-in. */
const openCold = async (browser: Browser, url: string, state: BrowserContextOptions['storageState'], slow = false) => {
  const { page } = await openPage(browser, url, { storageState: state });
  const debug = await page.context().newCDPSession(page);
  const probe = await openProbe(page, debug);
  if (slow) {
    await debug.send('Emulation.setCPUThrottlingRate', { rate: SLOW.cpu });
    const { latency, bytesPerSecond: throughput } = SLOW;
    await debug.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput: throughput,
      uploadThroughput: throughput,
    });
  }
  return { page, probe };
};

/** Opens an address some times, each in a browser without a cache, until its condition is true. */
const opened = async (runs: number, open: () => Promise<{ page: Page }>, address: string, condition: string) => {
  const times: { paint: number; ready: number }[] = [];
  let sizes = { script: 0, style: 0, other: 0 };
  for (let i = 0; i < runs; i++) {
    const { page } = await open();
    await page.goto(address);
    const ready = await whenTrue(page, condition);
    await whenTrue(page, PAINTED);
    times.push({ paint: await firstPaint(page), ready });
    sizes = await transferred(page);
    await page.context().close();
  }
  return { paint: median(times.map(({ paint }) => paint)), ready: median(times.map(({ ready }) => ready)), sizes };
};

/** Scrolls as a reader does who holds the wheel, and lets pages be read on the way. */
const scroll = async (page: Page, probe: Probe): Promise<{ felt: Felt; rows: number }> => {
  await probe.take();
  await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('.scroller');
    const end = performance.now() + 8000;
    const step = () => {
      scroller.scrollTop += 240;
      if (performance.now() < end) requestAnimationFrame(step);
      else resolve();
    };
    step();
  })`);
  const felt = await probe.take();
  const rows = Number(await page.evaluate(`Number(document.querySelector('.grid-row').ariaRowIndex)`));
  return { felt, rows };
};

/** Works with the report meanwhile: types into its search and takes that away again, chooses and drops a status. */
const work = async (page: Page, ms: number): Promise<void> => {
  const end = performance.now() + ms;
  const search = page.getByLabel('Search in paths');
  while (performance.now() < end) {
    await search.pressSequentially('document 00000', { delay: 80 });
    await page.getByRole('button', { name: /Blocked$/ }).click();
    await page.waitForTimeout(500);
    await page.getByRole('button', { name: /All files$/ }).click();
    await search.fill('');
    await page.waitForTimeout(500);
  }
};

const ms = (value: number): string => `${round(value, value < 10 ? 1 : 0)} ms`;

const feltRow = (what: string, { longTasks, longest, blocked, inputs, frames, cpu }: Felt): string[] => [
  what,
  String(longTasks),
  ms(longest),
  ms(blocked),
  inputs.length === 0 ? '' : `${ms(median(inputs))}, ${ms(highest(inputs, 0.95))}`,
  `${ms(median(frames))}, ${ms(highest(frames, 0.95))}`,
  ms(cpu),
];

const signedIn = async (browser: Browser, { url, password }: Serving['printed']) => {
  const { page } = await openPage(browser, url);
  await page.goto('/reports');
  await signIn(page, 'admin', password);
  const state = await page.context().storageState();
  await page.context().close();
  return state;
};

/** The web page in Chromium: what it weighs, how soon it is there, and a report of a million files read, also while results stream in. */
export const page = async (_: Corpus, runs: number): Promise<Report> => {
  let scan = '';
  const serving = await serve({ engines: { hashes: {} } }, async (dataDir) => {
    scan = await fill(dataDir);
  });
  const browser = await openBrowser();
  const rows: string[][] = [];
  const feltRows: string[][] = [];
  const figures: { [what: string]: unknown } = {};
  const add = (what: string, value: number) => {
    figures[what] = value;
    rows.push([what, ms(value)]);
  };
  try {
    const { url } = serving.printed;
    const state = await signedIn(browser, serving.printed);
    await quiet();
    const report = `/reports/${scan}`;
    const front = await opened(
      runs,
      () => openCold(browser, url, undefined),
      '/signin',
      `document.querySelector('form') !== null`,
    );
    const list = await opened(
      runs,
      () => openCold(browser, url, state),
      '/reports',
      `document.querySelector('td a') !== null`,
    );
    const cold = await opened(runs, () => openCold(browser, url, state), report, SETTLED);
    const slow = await opened(runs, () => openCold(browser, url, state, true), report, SETTLED);
    add('sign-in, first paint', front.paint);
    add('sign-in, ready', front.ready);
    add('list of reports, first paint', list.paint);
    add('list of reports, its rows', list.ready);
    add(`report of ${FILES.toLocaleString('en')} files, first rows`, cold.ready);
    add('… on a slow computer and network, first paint', slow.paint);
    add('… first rows', slow.ready);
    figures.bytes = cold.sizes;

    const { page: reader, probe } = await openCold(browser, url, state);
    await reader.goto(report);
    await whenTrue(reader, SETTLED);
    const click = (name: string) =>
      `[...document.querySelectorAll('.count-filter')].find((one) => one.textContent.endsWith('${name}')).click()`;
    const filtered = async (name: string, text: string) => {
      const times: number[] = [];
      for (let i = 0; i < runs; i++) {
        times.push(await whenTrue(reader, `${SHOWN}.includes('${text}') && ${SETTLED}`, click(name)));
        await whenTrue(reader, `!${SHOWN}.includes(' of ') && ${SETTLED}`, click('All files'));
        // Kept answers would be shown at once.
        await reader.reload();
        await whenTrue(reader, SETTLED);
      }
      return median(times);
    };
    add('filter by Blocked, first rows', await filtered('Blocked', ' of '));
    add('filter by Failed, first rows', await filtered('Failed', ' of '));
    await reader.getByLabel('Search in paths').pressSequentially(`document ${String(FILES - 1).padStart(6, '0')}`);
    add(
      'search for one file of all, its row',
      await whenTrue(reader, `${SHOWN}.startsWith('1 of') && ${SETTLED}`, 'void 0'),
    );
    await reader.goto(report);
    await whenTrue(reader, SETTLED);
    const scrolled = await scroll(reader, probe);
    feltRows.push(feltRow(`scrolling to row ${scrolled.rows.toLocaleString('en')} in 8 s`, scrolled.felt));
    figures.scrolled = scrolled;
    await reader.context().close();

    const { entries } = await serving.api(`/api/scan/${scan}/files?limit=1000`);
    const ids = entries.map(({ id }: { id: string }) => id);
    for (const rate of [0, RATE]) {
      const flood = openFlood(url, scan, ids, rate);
      const { page: busy, probe: felt } = await openCold(browser, flood.url, state);
      await busy.goto(report);
      await whenTrue(busy, SETTLED);
      await busy.waitForTimeout(2000);
      await felt.take();
      flood.sent();
      const begun = performance.now();
      await work(busy, FLOOD);
      const perSecond = (flood.sent() / (performance.now() - begun)) * 1000;
      const meanwhile = await felt.take();
      feltRows.push(feltRow(`searching and filtering, ${round(perSecond, 0)} results a second`, meanwhile));
      figures[`flood ${rate}`] = { perSecond, ...meanwhile };
      await busy.context().close();
      await flood.stop();
    }
    const { script, style } = cold.sizes;
    return {
      title: 'The web page in Chromium',
      head: ['what', 'takes'],
      rows,
      notes: [
        `Sent under gzip: ${round(script / 1000, 0)} KB of scripts, ${round(style / 1000, 0)} KB of styles. Medians of ${runs} runs, each with an empty cache; the slow computer has its processor held at 1/${SLOW.cpu}, ${SLOW.latency} ms of delay and 10 Mbit/s.`,
        '',
        '| while | long tasks | longest | over 50 ms together | input to frame: median, p95 | between frames: median, p95 | CPU of its thread |',
        '|---|---|---|---|---|---|---|',
        ...feltRows.map((row) => `| ${row.join(' | ')} |`),
      ],
      figures,
    };
  } finally {
    await browser.close();
    await serving.stop();
  }
};
