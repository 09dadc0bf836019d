import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacks } from './needs';

const UNIT = join(import.meta.dir, '../config/assay.service');
const folder = mkdtempSync(join(tmpdir(), 'assay-unit-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** systemd's word on a unit whose program exists. */
const verify = async (unit: string) => {
  const file = join(folder, 'assay.service');
  await Bun.write(file, unit.replaceAll('/usr/local/bin/assay', '/bin/true'));
  const { exitCode, stdout, stderr } = Bun.spawnSync(['systemd-analyze', 'verify', '--man=no', file]);
  // Units of the machine itself may have faults of their own.
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('assay.service'));
  return { exitCode, said };
};

test.skipIf(lacks('systemd-analyze'))('systemd finds nothing wrong with the unit', async () => {
  expect(await verify(await Bun.file(UNIT).text())).toEqual({ exitCode: 0, said: [] });
});

test.skipIf(lacks('systemd-analyze'))('a wrong key in the unit is found', async () => {
  const { said } = await verify((await Bun.file(UNIT).text()).replace('WatchdogSec', 'WatchdogSecs'));
  expect(said.join()).toContain('WatchdogSecs');
});

test('the binary may unpack and run its native modules', async () => {
  const unit = await Bun.file(UNIT).text();
  expect(unit).toMatch(/^Environment=BUN_TMPDIR=\/var\/lib\/assay\//m);
  expect(unit).toMatch(/^MemoryDenyWriteExecute=false$/m);
});
