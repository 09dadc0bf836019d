import { expect, test } from 'bun:test';
import { nearest } from '../core/nearest';
import { parseDuration, parseListen, parseSize } from './values';

test('durations are milliseconds', () => {
  expect(['250ms', '30s', '5m', '2 h', '7d', '0.5s'].map(parseDuration)).toEqual([
    250, 30_000, 300_000, 7_200_000, 604_800_000, 500,
  ]);
  for (const text of ['', '5', 's', '-1s', '5M', '1e3s', '5 minutes', '٣s'])
    expect(parseDuration(text)).toBeUndefined();
});

test('sizes are bytes: kB and MB of 1000, KiB and MiB of 1024', () => {
  expect(['1B', '64kB', '100MB', '4GiB', '1.5KiB'].map(parseSize)).toEqual([1, 64_000, 100_000_000, 2 ** 32, 1536]);
  for (const text of ['', '100', '100mb', '1XB', '-1MB']) expect(parseSize(text)).toBeUndefined();
});

test('addresses are taken apart', () => {
  expect(parseListen('127.0.0.1:8787')).toEqual({ hostname: '127.0.0.1', port: 8787 });
  expect(parseListen('[::1]:80')).toEqual({ hostname: '::1', port: 80 });
  expect(parseListen('localhost:0')).toEqual({ hostname: 'localhost', port: 0 });
  expect(parseListen(':80')).toEqual({ hostname: '0.0.0.0', port: 80 });
  for (const text of ['80', '::1:80', 'a b:80', 'host:', 'host:65536']) expect(parseListen(text)).toBeUndefined();
});

test('the nearest key is named when it is near enough', () => {
  const keys = ['listen', 'engines', 'scan', 'dataDir'];
  expect(nearest('engnies', keys)).toBe('engines');
  expect(nearest('lisen', keys)).toBe('listen');
  expect(nearest('data_dir', keys)).toBe('dataDir');
  expect(nearest('colour', keys)).toBeUndefined();
  expect(nearest('x', keys)).toBeUndefined();
});
