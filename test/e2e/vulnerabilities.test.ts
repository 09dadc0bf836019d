import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeRecords } from '../../plugins/vulnerabilities/fixtures/database';
import { RECORDS } from '../../plugins/vulnerabilities/fixtures/records';
import { makePackages } from '../fixtures/packages';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

const missing = lacks('zip');
const JAR = 'log4j-core-2.14.1.jar';
const LOG4SHELL = RECORDS.filter(({ id }) => id === 'GHSA-jfh8-c2jp-5v3q');

let folder: ReturnType<typeof temporaryFolder>;
let share: string;
let config: string;
let daemon: RunningDaemon | undefined;

beforeAll(() => {
  folder = temporaryFolder();
  share = join(folder.path, 'share');
  config = join(folder.path, 'assay.yaml');
  writeRecords(
    join(folder.path, 'lodash'),
    RECORDS.filter(({ id }) => id === 'GHSA-35jh-r3h4-6jhm'),
  );
  writeRecords(join(folder.path, 'log4j'), LOG4SHELL);
  writeFileSync(config, JSON.stringify({ engines: { yara: {}, vulnerabilities: {} }, dataDir: 'state' }));
  if (!missing) makePackages(share, [JAR]);
});
afterAll(async () => {
  await daemon?.kill('SIGKILL');
  folder.remove();
});

const assay = (...args: string[]) => run(args, { cwd: folder.path, env: { ASSAY_CONFIG: config } });

test('without records the engine fails and says what to do; what is no record is refused, and nothing is left behind', async () => {
  writeFileSync(join(folder.path, 'no-record.json'), '{"id": 1}');
  const shown = await assay('vulnerabilities');
  expect(shown.exitCode).toBe(66);
  expect(shown.stderr).toContain('assay vulnerabilities import PATH');
  const refused = await assay('vulnerabilities', 'import', 'no-record.json');
  expect(refused).toMatchObject({ exitCode: 69, stdout: '' });
  expect(refused.stderr).toContain('no-record.json is none');
  expect((await assay('vulnerabilities', 'import', 'nowhere')).exitCode).toBe(66);
  writeFileSync(join(folder.path, 'damaged.zip'), 'PK and no more');
  const damaged = await assay('vulnerabilities', 'import', 'damaged.zip');
  expect(damaged.exitCode).toBe(69);
  expect(damaged.stderr).toContain('damaged.zip cannot be read as a zip');
  expect(readdirSync(join(folder.path, 'state'))).toEqual([]);
});

test.skipIf(missing)(
  'records imported while the daemon runs are taken up, and a rescan blocks the jar with its CVE',
  async () => {
    const first = await assay('vulnerabilities', 'import', 'lodash', '--json');
    expect(JSON.parse(first.stdout)).toMatchObject({ records: 1, malformed: 0, ecosystems: { npm: 1 } });
    daemon = await startDaemon({ cwd: folder.path, args: ['--config', config, share] });
    const running = daemon;
    const { id } = (await running.api('/api/scan')).entries[0];
    expect((await scanIs(running, id, 'finished')).counts).toMatchObject({ total: 1, allowed: 1 });
    const [file] = await filesOf(running, id);
    expect((await running.api(`/api/file/${file.id}`)).scanResult.vulnerabilityInfo).toEqual({});

    // An archive of records, beside a folder of them.
    const packed = Bun.spawnSync(['zip', '-qj', 'log4j.zip', 'log4j/GHSA-jfh8-c2jp-5v3q.json'], { cwd: folder.path });
    expect(packed.exitCode).toBe(0);
    const second = await assay('vulnerabilities', 'import', 'lodash', 'log4j.zip');
    expect(second).toMatchObject({ exitCode: 0, stderr: 'assay: the daemon takes the records up now\n' });
    const status = await assay('vulnerabilities');
    expect(status.stdout).toMatch(/Records +2\n/);
    expect(status.stdout).toMatch(/Maven +3 packages/);
    await until(async () => {
      const { entries } = await running.api('/api/engine');
      return entries.some((engine: any) => engine.definitions?.version.startsWith('2 records'));
    });

    const { rescanId } = await running.api('/api/file/ondemandscan', post({ fileIds: [file.id] }));
    await until(async () => (await running.api(`/api/rescan/${rescanId}`)).state === 'finished');
    const result = await running.api(`/api/file/${file.id}`);
    expect(result).toMatchObject({ status: 'Blocked', detections: ['Vulnerability'] });
    expect(result.scanResult.scanResults).toMatchObject({
      scanAllResultI: 18,
      scanAllResultA: 'Potentially Vulnerable File',
    });
    expect(result.scanResult.processInfo.blockedReason).toContain('CVE-2021-44228 (critical)');
    expect(result.scanResult.vulnerabilityInfo.result.detected_product).toMatchObject({
      has_vulnerability: true,
      product: { name: 'org.apache.logging.log4j:log4j-core' },
      version: '2.14.1',
      severity: 'CRITICAL',
      vulnerabilities: [{ details: { cve: 'CVE-2021-44228', cvss: { score: 10 } }, fixed_version: '2.15.0' }],
    });
    const told = await assay('file', join(share, JAR));
    expect(told.stdout).toMatch(/log4j-core 2\.14\.1 +CVE-2021-44228 +CRITICAL 10 +2\.15\.0 +META-INF/);
  },
);
