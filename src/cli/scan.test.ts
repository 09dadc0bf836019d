import { expect, test } from 'bun:test';
import { RESULTS, type ResultCode } from '../core/result';
import type { FileOutcome } from '../scans/scans';
import { safe } from './safe';
import { outcomeOf, toJsonLine, toLine } from './scan-line';
import { exitCodeOf, newTally, toSummary } from './scan-summary';

const file = (resultCode: ResultCode, more: Partial<FileOutcome> = {}, explanation = ''): FileOutcome => ({
  fileId: '1',
  path: '/srv/a',
  verdict: { resultCode, state: 'Available', detections: [], explanation },
  ...more,
});

test('every result has an outcome, and only what was looked into is OK', () => {
  const codes = Object.keys(RESULTS).map(Number) as ResultCode[];
  const of = (outcome: string) => codes.filter((code) => outcomeOf(file(code).verdict) === outcome);
  expect(of('OK')).toEqual([0, 7, 48]);
  expect(of('FOUND')).toEqual([1, 2, 8, 17, 18, 20, 22]);
  expect(of('NOT SCANNED')).toEqual([9, 10, 12, 13, 14, 15, 16, 23, 24, 31, 60]);
  expect(of('ERROR')).toEqual([3, 19, 255]);
});

test('a result without a verdict is never OK', () => {
  expect(outcomeOf({ resultCode: 0, state: 'Failed', detections: [], explanation: '' })).toBe('ERROR');
});

test('lines read as those of clamscan', () => {
  expect(toLine(file(0))).toBe('/srv/a: OK\n');
  expect(toLine(file(1, { name: 'Eicar-Signature' }))).toBe('/srv/a: Eicar-Signature FOUND\n');
  expect(toLine(file(12, {}, 'It is encrypted.'))).toBe('/srv/a: Encrypted Archive NOT SCANNED\n');
  expect(toLine(file(10, {}, 'It is a FIFO.'))).toBe('/srv/a: It is a FIFO NOT SCANNED\n');
  expect(toLine(file(3, {}, 'Gone.'))).toBe('/srv/a: Gone ERROR\n');
  expect(toLine(file(12, {}, 'It is encrypted.'), true)).toBe(
    '/srv/a: Encrypted Archive NOT SCANNED\n  It is encrypted.\n',
  );
});

test('neither names nor engines can write more than their place in a line', () => {
  expect(toLine(file(1, { path: 'a\n/b: OK', name: 'X\n/c: OK' }))).toBe('a\\n/b: OK: X\\n/c: OK FOUND\n');
  expect(safe('\u001b[2J\u009b\r\u202e\u2028\\n')).toBe('\\x1b[2J\\x9b\\r\\u{202e}\\u{2028}\\\\n');
  expect(safe('Ünïcödé 文件 👩‍💻 with spaces')).toBe('Ünïcödé 文件 👩‍💻 with spaces');
  expect(JSON.parse(toJsonLine(file(0, { path: 'a\n\u001b' }))).path).toBe('a\n\u001b');
});

test('found wins over not scanned and errors, and those over clean', () => {
  const tally = (outcomes: object) => ({ ...newTally(0), outcomes: { ...newTally(0).outcomes, ...outcomes } });
  expect(exitCodeOf(tally({}))).toBe(0);
  expect(exitCodeOf(tally({ OK: 9 }))).toBe(0);
  expect(exitCodeOf(tally({ OK: 9, 'NOT SCANNED': 1 }))).toBe(2);
  expect(exitCodeOf(tally({ ERROR: 1 }))).toBe(2);
  expect(exitCodeOf(tally({ FOUND: 1, ERROR: 1 }))).toBe(1);
});

test('the summary counts', () => {
  const tally = { outcomes: { OK: 3, FOUND: 2, 'NOT SCANNED': 1, ERROR: 4 }, bytes: 3 * 2 ** 20, startedAt: 0 };
  const summary = toSummary(tally, [{ id: 'y', name: 'YARA', state: 'ready', finds: [] }], 61_500);
  expect(summary).toContain(
    'Engines: YARA\nEngine version: development\nScanned files: 5\nInfected files: 2\nNot scanned files: 1\nTotal errors: 4\n' +
      'Data scanned: 3.00 MB\nTime: 61.500 sec (1 m 1 s)\n',
  );
});
