import { expect, test } from 'bun:test';
import { ago, bytes, counted, duration, utcTime } from './amounts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [999.6, '1 KB'],
  [1234, '1.23 KB'],
  [999_999, '1 MB'],
  [4_000_000_000, '4 GB'],
])('%d bytes are %s', (size, text) => expect(bytes(size)).toBe(text));

test.each([
  [3, '3 ms'],
  [12_300, '12.3 s'],
  [180_000, '3 min'],
  [7_500_000, '2 h 5 min'],
  [3_600_000, '1 h'],
  [345_600_000, '4 days'],
])('%d milliseconds are %s', (ms, text) => expect(duration(ms)).toBe(text));

test('one is not many', () => {
  expect(counted(1, 'file')).toBe('1 file');
  expect(counted(0, 'file')).toBe('0 files');
  expect(counted(2000, 'entry', 'entries')).toBe('2,000 entries');
});

test('how long ago', () => {
  expect(ago(0, 5_000)).toBe('5 seconds ago');
  expect(ago(0, 7_200_000)).toBe('2 hours ago');
  expect(ago(0, 86_400_000)).toBe('yesterday');
});

test('a time in UTC', () => expect(utcTime('2026-01-31T13:00:00.000+01:00')).toBe('2026-01-31 12:00:00 UTC'));
