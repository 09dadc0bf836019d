import { expect, test } from 'bun:test';
import { createBuffers } from './buffers';

test('a buffer is used again when it is large enough, and else one takes its place', () => {
  const buffers = createBuffers();
  const first = buffers.take(100);
  expect(first.length).toBeGreaterThanOrEqual(100);
  buffers.give(first);
  expect(buffers.take(first.length)).toBe(first);
  buffers.give(first);
  const larger = buffers.take(first.length + 1);
  expect(larger.length).toBeGreaterThan(first.length);
  buffers.give(larger);
  expect(buffers.take(1)).toBe(larger);
  expect(buffers.take(1)).not.toBe(first);
});

test('what is taken twice is never the same', () => {
  const buffers = createBuffers();
  const [a, b] = [buffers.take(10), buffers.take(10)];
  expect(a).not.toBe(b);
  buffers.give(a);
  buffers.give(b);
  expect(new Set([buffers.take(1), buffers.take(1), buffers.take(1)]).size).toBe(3);
});
