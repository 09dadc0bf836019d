import { expect, test } from 'bun:test';
import { bundlePage } from './bundle';

test('what a browser loads at first is small: under 350 KB of scripts, as they are sent', async () => {
  const files = await bundlePage();
  const scripts = files.filter(({ type }) => type.includes('javascript'));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((sum, { gzip }) => sum + gzip.length, 0)).toBeLessThan(350_000);
});
