import { describe, expect, test } from 'bun:test';
import type { FileRecord, Verdict } from '../core/file';
import type { EngineAnswer } from '../core/findings';
import type { FileState, Status } from '../core/result';
import type { Scan } from '../core/scan';
import type { Severity } from '../core/vulnerability';
import { codeOfAnswer } from '../judge/answer';
import { type FileParts, toFileResult } from './file-result';
import { FileResult } from './file-shape';
import published from './fixtures/file-result.json';
import { aProcessing, WORKFLOW_ID } from './fixtures/harness';

const scan: Scan = {
  id: 'the scan',
  name: 'Nightly',
  kind: 'scan',
  state: 'finished',
  storageId: 'the storage',
  storageName: 'Files',
  storageType: 100,
  path: '',
  workflowId: WORKFLOW_ID,
  workflowRevision: 1,
  discovered: true,
  createdAt: 500,
  counts: { total: 1, pending: 0, allowed: 1, blocked: 0, failed: 0, failedRemediation: 0, canceled: 0, bytes: 4 },
};

const file: FileRecord = {
  id: 'the file',
  scanId: scan.id,
  storageId: scan.storageId,
  path: '/srv/files/a/b.txt',
  size: 4,
  modifiedAt: 0,
  createdAt: 900,
  state: 'Available',
  status: 'Allowed',
  resultCode: 0,
  detections: [],
};

const answer = (differences: Partial<EngineAnswer> = {}): EngineAnswer => ({
  engineId: 'clamav',
  engineName: 'ClamAV',
  status: 'clean',
  looksInside: true,
  scanTime: 3,
  definitions: { version: '1.4.3/27800', date: '2026-01-02T03:04:05Z' },
  ...differences,
});

const content = {
  size: 4,
  sha256: 'the sha256',
  sha1: 'the sha1',
  md5: 'the md5',
  type: { mime: 'text/plain', description: 'ASCII text', container: false },
};

const parts = (differences: Partial<FileParts> = {}): FileParts => ({
  file,
  scan,
  workflowName: 'Default',
  processing: aProcessing({ findings: { content, answers: [answer()], startedAt: 2_000, endedAt: 2_500 } }),
  ...differences,
});

const due = {
  fileId: file.id,
  processingId: 'the next one',
  runId: 'the rescan',
  scanId: scan.id,
  storageId: scan.storageId,
  place: { path: file.path },
  size: 4,
  reason: 'rescan',
  workflowId: WORKFLOW_ID,
  workflowRevision: 2,
  queuedAt: 9_000,
  attempts: 1,
  alone: false,
} as const;

/** Every key path of a document with the kind of value at its end; array items share one path. */
const pathsOf = (value: unknown, path = ''): string[] => {
  if (Array.isArray(value)) return [`${path}: array`, ...value.flatMap((item) => pathsOf(item, `${path}[]`))];
  if (typeof value !== 'object' || value === null) return [`${path}: ${typeof value}`];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, `${path}.${key}`));
  return [`${path}: object`, ...inner];
};

const missing = (result: FileResult, left: (path: string) => boolean = () => false) => {
  const ours = new Set(pathsOf(JSON.parse(JSON.stringify(result))));
  return [...new Set(pathsOf(published))].filter((path) => !ours.has(path) && !left(path));
};

describe('the shape', () => {
  test('every key path of the published example is there, with the same kind of value', () => {
    expect(missing(toFileResult(parts()))).toEqual([]);
  });

  test('while in progress, too; only no engine has answered yet', () => {
    const unfinished = toFileResult(parts({ processing: undefined, due }));
    expect(missing(unfinished, (path) => path.startsWith('.scanResult.scanResults.scanDetails[]'))).toEqual([]);
  });

  test('it is what the OpenAPI document says, and no key is left over', () => {
    for (const result of [toFileResult(parts()), toFileResult(parts({ due }))]) {
      expect(FileResult.strict().parse(JSON.parse(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(result)));
    }
  });
});

test('a clean file', () => {
  const result = toFileResult(parts());
  expect(result).toMatchObject({
    id: 'the file',
    storageType: 100,
    storageName: 'Files',
    scanId: 'the scan',
    scanName: 'Nightly',
    name: 'b.txt',
    path: '/srv/files/a/b.txt',
    hash: 'the md5',
    progress: { upload: 100, scan: 100 },
    processingState: 2,
    created: '1970-01-01T00:00:01.000Z',
    uploadTimeSpanMs: 1_000,
    uploadCompleted: '1970-01-01T00:00:02.000Z',
    engineVersions: [{ engine: 'ClamAV', version: '1.4.3/27800' }],
    state: 'Available',
    status: 'Allowed',
    attempts: 1,
    workflow: { id: WORKFLOW_ID, name: 'Default', revision: 1 },
  });
  expect(result.scanResult.scanResults).toMatchObject({
    scanAllResultI: 0,
    scanAllResultA: 'No Threat Detected',
    totalTime: 500,
    totalAvs: 1,
    scanDetails: [
      {
        engineName: 'ClamAV',
        threatFound: '',
        scanResultI: 0,
        defTime: '2026-01-02T03:04:05.000Z',
        scanTime: 3,
        engId: 'clamav',
      },
    ],
  });
  expect(result.scanResult.processInfo).toMatchObject({ result: 'Allowed', blockedReason: '', queueTime: 1_000 });
  expect(result.exceptionDetails).toBeUndefined();
});

test('a rescan that is due hides the older result, and says that it is in progress', () => {
  const result = toFileResult(parts({ due }));
  expect(result).toMatchObject({ processingState: 0, state: 'InProgress', rescanId: 'the rescan', attempts: 1 });
  expect(result.status).toBeUndefined();
  expect(result.workflow.revision).toBe(2);
  expect(result.scanResult.scanResults).toMatchObject({ scanAllResultI: 255, scanAllResultA: 'In Progress' });
  expect(result.scanResult.scanResults.progressPercentage).toBeLessThan(100);
  expect(result.scanResult.processInfo.result).toBe('Processing');
});

const judged = (resultCode: 1 | 3 | 19, state: FileState, status: Status | undefined, explanation: string) =>
  toFileResult(
    parts({ processing: aProcessing({ verdict: { resultCode, state, status, detections: [], explanation } }) }),
  );

test('a blocked file says why', () => {
  const { processInfo } = judged(1, 'Available', 'Blocked', 'ClamAV found Eicar.').scanResult;
  expect(processInfo).toMatchObject({ result: 'Blocked', blockedReason: 'ClamAV found Eicar.' });
  expect(judged(1, 'Available', 'Blocked', '').scanResult.processInfo.blockedReason).toBe('Infected');
});

test.each([
  [3, 'Failed', undefined, 1],
  [19, 'Canceled', undefined, 1],
] as const)('result %p, %s: the exception says what went wrong', (code, state, status, processingState) => {
  const result = judged(code, state, status, 'This is why.');
  expect(result).toMatchObject({ processingState, exceptionDetails: 'This is why.' });
  expect(result.scanResult.processInfo.result).toBe(status ?? '');
});

test('a file whose remediation failed says why, what was done, and what the verdict is', () => {
  const verdict = {
    resultCode: 1,
    state: 'FailedRemediation',
    status: 'Blocked',
    detections: [],
    explanation: 'Eicar.',
  };
  const destination = { storageId: 's', place: { path: '/kept/a' }, identity: '1' };
  const result = toFileResult({
    ...parts({ processing: aProcessing({ verdict: verdict as Verdict }) }),
    remediation: [
      { id: '1', action: 'copy', state: 'done', destination, createdAt: 0, endedAt: 1 },
      { id: '2', action: 'delete', state: 'failed', error: 'Permission denied.', createdAt: 0, endedAt: 2 },
    ],
  });
  expect(result).toMatchObject({ processingState: 2, status: 'Blocked', exceptionDetails: 'Permission denied.' });
  expect(result.scanResult.processInfo).toMatchObject({
    blockedReason: 'Eicar.',
    postProcessing: { actionsRan: 'copy', actionsFailed: 'delete failed', copyMoveDestination: '' },
  });
  expect(result.remediation).toMatchObject([{ action: 'copy', path: '/kept/a' }, { error: 'Permission denied.' }]);
});

test.each([
  [{ status: 'clean' }, 0],
  [{ status: 'skipped', reason: 'too big' }, 10],
  [{ status: 'failed', reason: 'no answer' }, 3],
  [{ status: 'detected', kind: 'Threat' }, 1],
  [{ status: 'detected', kind: 'Suspicious' }, 2],
  [{ status: 'detected', kind: 'PotentiallyUnwanted' }, 22],
  [{ status: 'detected', kind: 'Encrypted' }, 12],
  [{ status: 'detected', kind: 'Encrypted', resultCode: 15 }, 15],
  [{ status: 'detected', kind: 'Unscannable', resultCode: 9 }, 9],
  [{ status: 'detected', kind: 'Allowlisted' }, 7],
  [{ status: 'detected', kind: 'Blocklisted' }, 8],
  [{ status: 'detected', kind: 'SensitiveData' }, 20],
  [{ status: 'detected', kind: 'Vulnerability' }, 18],
] as const)('an engine that answers %p has the code %p', (differences, code) => {
  expect(codeOfAnswer(answer(differences))).toBe(code);
});

test('a threat is named by the engine that found it, and only by that one', () => {
  const answers = [
    answer({ status: 'detected', kind: 'Threat', name: 'Eicar-Test-Signature' }),
    answer({ engineId: 'yara', status: 'failed', name: 'never shown', reason: 'no answer', definitions: undefined }),
  ];
  const processing = aProcessing({ findings: { content, answers, startedAt: 0, endedAt: 1 } });
  const result = toFileResult(parts({ processing }));
  expect(result.scanResult.scanResults.scanDetails).toMatchObject([
    { threatFound: 'Eicar-Test-Signature', scanResultI: 1 },
    { threatFound: '', scanResultI: 3, defTime: '' },
  ]);
  expect(result.engineVersions).toHaveLength(1);
});

test('sensitive data that was found shows in dlpInfo', () => {
  const answers = [answer({ status: 'detected', kind: 'SensitiveData', name: 'Credit card' })];
  const processing = aProcessing({ findings: { content, answers, startedAt: 0, endedAt: 1 } });
  expect(toFileResult(parts({ processing })).scanResult.dlpInfo.verdict).toBe(1);
  expect(toFileResult(parts()).scanResult.dlpInfo.verdict).toBe(4);
});

test('a date of definitions that is none is left empty', () => {
  const answers = [answer({ definitions: { version: '1', date: 'yesterday' } })];
  const processing = aProcessing({ findings: { content, answers, startedAt: 0, endedAt: 1 } });
  expect(toFileResult(parts({ processing })).scanResult.scanResults.scanDetails[0]?.defTime).toBe('');
});

test('vulnerable software of the file and of what lies in it is told once, the worst first; without any the info is empty', () => {
  const bug = (id: string, severity?: Severity, score?: number) => ({
    id,
    aliases: ['CVE-1'],
    severity,
    score,
    vector: 'V',
  });
  const mild = { ecosystem: 'Go', name: 'x', version: '1', total: 1, vulnerabilities: [bug('CVE-2')] };
  const bad = { ecosystem: 'npm', name: 'y', version: '2', total: 9, vulnerabilities: [bug('GHSA-1', 'high', 7.5)] };
  const found = { status: 'detected', kind: 'Vulnerability', name: 'n' } as const;
  const inside = { answers: [answer({ ...found, vulnerabilities: [{ ...bad, places: ['a/package.json'] }, mild] })] };
  const findings = { content, answers: [answer({ ...found, vulnerabilities: [mild] })], startedAt: 0, endedAt: 5_000 };
  const told = (more: object) =>
    toFileResult(parts({ processing: aProcessing({ findings: { ...findings, ...more } }) })).scanResult
      .vulnerabilityInfo;
  expect(told({ answers: [answer({})] })).toEqual({});
  const { result } = told({ inside });
  expect(result).toMatchObject({ code: 0, hash: content.sha1, timestamp: '5' });
  expect(result?.detected_products.map(({ product }) => product.name)).toEqual(['y', 'x']);
  expect(result?.detected_product).toMatchObject({
    severity: 'IMPORTANT',
    severity_index: 4,
    places: ['a/package.json'],
    vulnerability_count: 9,
    vulnerabilities: [{ id: 'GHSA-1', details: { cve: 'CVE-1', cvss: { score: 7.5, vector: 'V' } } }],
  });
  expect(result?.detected_products[1]).toMatchObject({ severity: 'NOT_AVAILABLE', places: [] });
});
