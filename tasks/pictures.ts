/** `bun tasks/pictures.ts`: makes the pictures of the README, of the page as dist/assay serves it over made-up files. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

const PROJECT = join(import.meta.dir, '..');
const OUT = join(PROJECT, 'docs/pictures');
const SIZE = { width: 1280, height: 800 };
/** Of one picture, so that the README loads quickly. Bytes. */
const MOST = 120_000;

process.env.ASSAY_BIN ??= join(PROJECT, 'dist/assay');
if (!existsSync(process.env.ASSAY_BIN)) throw new Error(`${process.env.ASSAY_BIN} is missing: bun run build`);
// Loaded late: the tests' daemon takes its binary from the environment when it is loaded.
const { openBrowser, openPage, printedBy, signIn } = await import('../test/e2e/browser');
const { post, scanIs, startDaemon } = await import('../test/e2e/daemon');
const { eicar } = await import('../test/engines/samples');
const { SEVENZIP } = await import('../src/unpack/fixtures/sevenzip');

const root = mkdtempSync(join(tmpdir(), 'share-'));
const share = join(root, 'share');

const write = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

const zip = (path: string, from: string, ...more: string[]): void => {
  const { exitCode, stdout } = Bun.spawnSync([SEVENZIP, 'a', '-tzip', ...more, join(root, path), '.'], {
    cwd: join(root, from),
  });
  if (exitCode !== 0) throw new Error(stdout.toString());
};

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june'];

/** Some months of a company's share: letters and invoices, and what should not be among them. */
const makeShare = (): void => {
  for (const month of MONTHS) {
    for (let n = 1; n <= 60; n++)
      write(`share/finance/${month}/invoice ${1000 + n}.txt`, `Invoice ${month} ${n}\nThank you for your order.\n`);
    write(`share/sales/${month}/offer.txt`, `Offer for ${month}.\n`);
  }
  write('share/finance/march/invoice 1061.txt', 'Please pay at once: load_stage_two(payload)\n');
  write('share/sales/may/macro helper.vbs', 'Sub AutoOpen(): load_stage_two(payload)\n');
  write(
    'share/sales/customers.csv',
    'name,card\nAda,4111 1111 1111 1111\nBob,5500 0000 0000 0004\nEve,4012 8888 8888 1881\n',
  );
  write('share/sales/june/setup.com', eicar());
  write('delivery/read me.txt', 'As agreed.\n');
  write('delivery/tools/eicar.com', eicar());
  zip('share/sales/june/delivery.zip', 'delivery');
  zip('share/legal/contract (signed).zip', 'delivery', '-mem=AES256', '-pgeheim');
  write('rules/house.yar', 'rule Stage_Two_Loader { strings: $a = "load_stage_two" condition: $a }\n');
  const engines = { yara: { rules: [join(root, 'rules')] }, hashes: {}, 'sensitive-data': {} };
  write('assay.yaml', JSON.stringify({ engines }));
};

const save = async (page: Page, name: string): Promise<void> => {
  const picture = await new Bun.Image(await page.screenshot()).webp({ lossless: true }).bytes();
  if (picture.length > MOST) throw new Error(`${name} has ${picture.length} bytes, more than ${MOST}`);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, `${name}.webp`), picture);
  console.log(`docs/pictures/${name}.webp ${(picture.length / 1000).toFixed(0)} KB`);
};

makeShare();
const daemon = await startDaemon({ cwd: root, args: ['--config', join(root, 'assay.yaml')] });
const browser = await openBrowser();
try {
  const { url, password } = printedBy(daemon);
  const storage = await daemon.api(
    '/api/storage',
    post({ name: 'Company share', options: { kind: 'local', path: share } }),
  );
  const { id } = await daemon.api('/api/scan', post({ storageId: storage.id }));
  await scanIs(daemon, id, 'finished');
  const [workflow] = (await daemon.api('/api/workflow')).entries;
  const { page } = await openPage(browser, url, { viewport: SIZE });
  await page.goto('/reports');
  await signIn(page, 'admin', password);

  await page.goto(`/reports/${id}?status=Blocked`);
  await page.getByRole('row').filter({ hasText: 'delivery.zip' }).waitFor();
  await save(page, 'report');

  await page.getByRole('button', { name: 'Reprocess', exact: true }).click();
  await page.getByRole('checkbox', { name: /^Threat/ }).click();
  await page.getByRole('button', { name: /^Reprocess \d+ files/ }).waitFor();
  await save(page, 'reprocess');

  await page.goto(`/workflows/${workflow.id}`);
  const blocked = page.getByRole('region', { name: 'What happens to blocked files' });
  await blocked.getByRole('radio', { name: 'Put it into quarantine' }).click();
  await blocked.getByRole('radio', { name: 'In its place' }).click();
  await page.getByRole('link', { name: 'What happens to blocked files' }).click();
  await save(page, 'workflow');
} finally {
  await browser.close();
  await daemon.kill('SIGTERM');
  rmSync(root, { recursive: true });
}
process.exit(0);
