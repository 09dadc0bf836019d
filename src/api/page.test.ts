import { expect, test } from 'bun:test';
import { newId } from '../core/id';
import { PageQuery, pageOf, pageOfAll } from './page';

test('a cursor leads back to the id that ended the page', () => {
  const rows = [{ id: newId() }, { id: newId() }];
  const { entries, nextCursor, total } = pageOf(rows, 1, 2);
  expect(entries).toEqual([rows[0]!]);
  expect(total).toBe(2);
  expect(PageQuery.parse({ cursor: nextCursor })).toEqual({ limit: 100, cursor: rows[0]!.id });
  expect(pageOf(rows, 2, 2).nextCursor).toBeNull();
  expect(pageOf([], 2, 0)).toEqual({ entries: [], nextCursor: null, total: 0 });
});

test('a short list is paged in the order of ids, also when the last one of a page is gone', () => {
  const all = ['c', 'a', 'd', 'b'].map((id) => ({ id }));
  expect(pageOfAll(all, { limit: 3 }).entries.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  const without = all.filter(({ id }) => id !== 'c');
  expect(pageOfAll(without, { limit: 3, cursor: 'c' })).toMatchObject({ entries: [{ id: 'd' }], nextCursor: null });
});

test.each(['', 'a', 'YQ==', 'YQ', 'Y Q', "' OR 1=1", Buffer.from("' OR 1=1 --").toString('base64url'), '\u0000'])(
  'the cursor %j %#',
  (cursor) => {
    expect(PageQuery.safeParse({ cursor }).success).toBe(cursor === 'YQ');
  },
);
