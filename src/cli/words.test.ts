import { expect, test } from 'bun:test';
import { markPlain, unmarkAll } from './words';

test('a lone dash and what stands behind a double one survive the parser', () => {
  const args: { [name: string]: unknown } = { path: markPlain(['-', '-r', 'a', '--', '-', '--json', '--']), n: 1 };
  expect(args.path).toEqual(['\0-', '-r', 'a', '\0-', '\0--json', '\0--']);
  unmarkAll(args);
  expect(args).toEqual({ path: ['-', '-r', 'a', '-', '--json', '--'], n: 1 });
});
