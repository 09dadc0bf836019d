import { expect, test } from 'bun:test';
import { exactly, SIZE_UNITS, TIME_UNITS } from './exact';

test.each([
  [20 * 1024 ** 3, '20 GiB'],
  [5_000_000, '5 MB'],
  [1_234_567, '1,234,567 B'],
])('%d bytes are exactly %s', (size, text) => expect(exactly(size, SIZE_UNITS)).toBe(text));

test.each([
  [600_000, '10 minutes'],
  [60_000, '1 minute'],
  [90_000, '90 seconds'],
  [1, '1 ms'],
])('%d milliseconds are exactly %s', (ms, text) => expect(exactly(ms, TIME_UNITS)).toBe(text));
