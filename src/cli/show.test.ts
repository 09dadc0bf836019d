import { expect, test } from 'bun:test';
import { ageOf, pairs, table } from './show';

test('columns are as wide as what is in them, nothing is cut off, and nothing escapes its cell', () => {
  const wide = 'x'.repeat(200);
  expect(
    table(
      ['A', 'NAME', 'END'],
      [
        ['文件', 'b\nc', wide],
        [1, undefined, ''],
      ],
    ),
  ).toBe(['A     NAME  END', `文件  b\\nc  ${wide}`, '1'].join('\n'));
});

test('pairs leave out what there is not', () => {
  expect(pairs({ Name: 'a', Empty: '', None: undefined, Id: 0 })).toBe('Name  a\nId    0');
});

test('ages are in their largest unit', () => {
  expect([0, 1000, 59_999, 60_000, 7_200_000, 8 * 86_400_000].map(ageOf)).toEqual([
    '0 seconds',
    '1 second',
    '59 seconds',
    '1 minute',
    '2 hours',
    '8 days',
  ]);
  expect(ageOf(undefined)).toBe('');
});
