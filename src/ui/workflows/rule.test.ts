import { expect, test } from 'bun:test';
import { FileRule } from '../../core/file-rule';
import { type TypedRule, toRule, troublesOf } from './rule';

const typed = (part: Partial<TypedRule>): TypedRule => ({ name: '', type: '', sha256: '', reason: '', ...part });
const isFine = (rule: TypedRule) => Object.values(troublesOf(rule)).every((trouble) => trouble === undefined);

test.each<[Partial<TypedRule>, boolean]>([
  [{}, false],
  [{ reason: 'only a reason' }, false],
  [{ name: '  ' }, false],
  [{ sha256: 'abc' }, false],
  [{ type: 'image' }, false],
  [{ name: '*.exe' }, true],
  [{ name: ' x' }, true],
  [{ type: 'image/*' }, true],
  [{ sha256: ` ${'A1'.repeat(32)} ` }, true],
  [{ minSize: 0 }, true],
  [{ name: 'a', maxSize: 3, reason: 'b' }, true],
])('the page and the workflow agree on %j', (part, fine) => {
  expect(isFine(typed(part))).toBe(fine);
  expect(FileRule.safeParse(toRule(typed(part))).success).toBe(fine);
});

test('what says nothing is left out', () => {
  expect(toRule(typed({ name: '*.exe', reason: ' no ' }))).toEqual({ name: '*.exe', reason: 'no' });
});
