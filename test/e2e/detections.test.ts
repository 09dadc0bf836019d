import { afterAll, test as anyTest, beforeAll, expect, setDefaultTimeout } from 'bun:test';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDatabase } from '../../plugins/vulnerabilities/fixtures/database';
import { relationships, text, wordPackage } from '../../src/sanitize/fixtures/package';
import { makePackages } from '../fixtures/packages';
import { lacks } from '../needs';
import { temporaryFolder } from '../pipeline/app';
import { run } from './assay';
import { tool } from './containers/packer';
import { filesOf, post, type RunningDaemon, scanIs, startDaemon, until } from './daemon';

setDefaultTimeout(60_000);
const isSkipped = lacks('zip');
const test = anyTest.skipIf(isSkipped);

const JAR = 'log4j-core-2.14.1.jar';

let folder: ReturnType<typeof temporaryFolder>;
let database: Awaited<ReturnType<typeof makeDatabase>>;
let daemon: RunningDaemon;
let scanId: string;

const api = (path: string, init?: RequestInit) => daemon.api(path, init);
const assay = (...args: string[]) => run([...args, '--socket', daemon.socket], { cwd: folder.path });

// One file for sensitive data, one for vulnerable software, one for both, one of which a sanitized copy is made, one for nothing.
beforeAll(async () => {
  folder = temporaryFolder();
  if (isSkipped) return;
  database = await makeDatabase();
  const share = join(folder.path, 'share');
  makePackages(share, [JAR]);
  mkdirSync(join(folder.path, 'state'));
  writeFileSync(join(share, 'cards.csv'), 'name,card number\nAnn,4012 8888 8888 1881\n');
  tool(share, 'zip', '-q', 'both.zip', JAR, 'cards.csv');
  writeFileSync(join(share, 'plain.txt'), 'nothing to see');
  const macro = relationships(['rId3', 'vbaProject', 'vbaProject.bin']);
  writeFileSync(
    join(share, 'report.docm'),
    await wordPackage(text('Kept'), macro, { 'word/vbaProject.bin': 'Attribute VB_Name' }),
  );
  const config = join(folder.path, 'assay.yaml');
  const engines = { yara: {}, 'sensitive-data': {}, vulnerabilities: { database: database.path } };
  writeFileSync(config, JSON.stringify({ engines, scan: { threads: 2 } }));
  daemon = await startDaemon({ cwd: folder.path, env: { ASSAY_CONFIG: config } });
  const definition = { remediation: { allowed: { sanitized: {} } } };
  const { id: workflowId } = await api('/api/workflow', post({ name: 'all', definition }));
  const { id: storageId } = await api(
    '/api/storage',
    post({ name: 'share', options: { kind: 'local', path: share }, workflowId }),
  );
  ({ id: scanId } = await api('/api/scan', post({ storageId })));
  await scanIs(daemon, scanId, 'finished');
}, 120_000);
afterAll(async () => {
  await daemon?.kill('SIGTERM');
  database?.remove();
  folder.remove();
});

/** The files with more than one processing. */
const lookedAtAgain = async (): Promise<string[]> => {
  const files = await filesOf(daemon, scanId);
  const counts = await Promise.all(
    files.map(async ({ id, name }) => [name, (await api(`/api/file/${id}/history`)).entries.length] as const),
  );
  return counts.filter(([, count]) => count > 1).map(([name]) => name);
};

const preview = (filter: object) => api(`/api/scan/${scanId}/reprocess/preview`, post(filter));

test('each file carries the Detections of what was found in it and done with it', async () => {
  const files = await filesOf(daemon, scanId);
  expect(
    Object.fromEntries(files.map(({ name, status, detections }) => [name, [status, ...detections.sort()]])),
  ).toEqual({
    [JAR]: ['Blocked', 'Vulnerability'],
    'both.zip': ['Blocked', 'SensitiveData', 'Vulnerability'],
    'cards.csv': ['Blocked', 'SensitiveData'],
    'plain.txt': ['Allowed'],
    'report.docm': ['Allowed', 'Sanitized'],
  });
  expect(readdirSync(join(folder.path, 'share'))).toContain('report (sanitized).docx');
});

test.each([
  [['SensitiveData'], [], 2],
  [['Vulnerability'], [], 2],
  [['SensitiveData', 'Vulnerability'], [], 1],
  [['SensitiveData', 'Vulnerability'], ['Allowed'], 0],
  [['SensitiveData'], ['Blocked', 'FailedRemediation'], 2],
  [['Sanitized'], ['Allowed'], 1],
  [['Sanitized'], ['Blocked'], 0],
  [['Sanitized', 'SensitiveData'], [], 0],
  [[], ['Blocked'], 3],
])(
  'a rescan by the Detections %p and the Status %p takes files that have all of them: %p',
  async (detection, status, count) => {
    const chosen = await preview({ detection, status });
    expect(chosen.count).toBe(count);
  },
);

test('the command line looks again at just these files, and their results are as before', async () => {
  const filter = [
    '--scan',
    scanId,
    '--status',
    'Blocked',
    '--detection',
    'SensitiveData',
    '--detection',
    'Vulnerability',
  ];
  expect((await assay('rescan', ...filter, '--dry-run')).stdout).toContain('1 file would be looked at again');
  const { stdout, exitCode } = await assay('rescan', ...filter, '--wait');
  expect([stdout, exitCode]).toEqual([expect.stringMatching(/finished, 1 file\n +nothing changed/), 0]);
  expect(await lookedAtAgain()).toEqual(['both.zip']);
  expect(await preview({ detection: ['SensitiveData', 'Vulnerability'] })).toMatchObject({ count: 1 });
});

test('the API looks again at what was sanitized, and makes no second copy beside the first', async () => {
  const { rescanId, count } = await api(`/api/scan/${scanId}/reprocess`, post({ detection: ['Sanitized'] }));
  expect(count).toBe(1);
  await until(async () => (await api(`/api/rescan/${rescanId}`)).state === 'finished');
  expect((await lookedAtAgain()).sort()).toEqual(['both.zip', 'report.docm']);
  const copies = readdirSync(join(folder.path, 'share')).filter((name) => name.includes('sanitized'));
  expect(copies).toEqual(['report (sanitized).docx']);
  expect(await preview({ detection: ['Sanitized'] })).toMatchObject({ count: 1 });
});
