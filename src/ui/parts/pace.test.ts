import { expect, test } from 'bun:test';
import { addSample, paceOf } from './pace';

const watch = (...seen: [at: number, done: number][]) =>
  seen.reduce<{ at: number; done: number }[]>((samples, [at, done]) => addSample(samples, { at, done }), []);

test('the rate and the time left follow from what was seen', () => {
  expect(paceOf(watch([0, 0], [5_000, 500]), 1_000)).toEqual({ rate: 100, left: 5_000 });
});

test('at the beginning nobody knows', () => {
  expect(paceOf([], 10)).toEqual({});
  expect(paceOf(watch([0, 0], [1_000, 5]), 10)).toEqual({});
});

test('what stands still has no end', () => {
  expect(paceOf(watch([0, 5], [10_000, 5]), 10)).toEqual({ rate: 0 });
});

test('only what is recent counts, and what begins anew begins anew', () => {
  const samples = watch([0, 0], [1_000, 1_000], [30_000, 1_000], [40_000, 2_000]);
  expect(paceOf(samples, 3_000).rate).toBe(100);
  expect(watch([0, 50], [1_000, 10])).toHaveLength(1);
});
