import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { FILE_ORDERS, type FileOrder } from '../core/file-order';
import type { Scan } from '../core/scan';
import { openTestApi, type TestApi } from './fixtures/harness';
import { addManyFiles } from './fixtures/many';

const COUNT = 1203;

let t: TestApi;
let scan: Scan;

interface Row {
  id: string;
  path: string;
  size: number;
  processed?: string;
}

/** Files in no order at all, many with the same size and time, every tenth without a result. */
beforeAll(async () => {
  t = await openTestApi();
  scan = await addManyFiles(t, COUNT, (at) => {
    const endedAt = 1_000 + ((at * 577) % 90);
    return {
      found: { path: `/${(at * 7919) % COUNT} ä`, size: (at * 311) % 100 },
      outcome: at % 10 === 0 ? undefined : { findings: { answers: [], startedAt: 1, endedAt } },
    };
  });
  await t.addScan([{ path: '/of another scan', size: 50 }]);
});
afterAll(() => t.close());

const ask = async (query: string) => {
  const res = await t.call(`/api/scan/${scan.id}/files?${query}`, { as: 'viewer' });
  return {
    status: res.status,
    ...((await res.json()) as { entries: Row[]; nextCursor: string | null; total: number }),
  };
};

const pages = async (query: string, limit: number): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await ask(`${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
    rows.push(...page.entries);
    cursor = page.nextCursor;
  }
  return rows;
};

const keyOf = (order: FileOrder) => (row: Row) =>
  order.endsWith('path') ? row.path : order.endsWith('size') ? row.size : Date.parse(row.processed ?? '1970-01-01');

const sorted = (rows: Row[], order: FileOrder): Row[] => {
  const key = keyOf(order);
  const up = rows.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    return x < y || (x === y && a.id < b.id) ? -1 : 1;
  });
  return order.startsWith('-') ? up.toReversed() : up;
};

describe.each([...FILE_ORDERS])('sorted by %s', (order) => {
  test('pages of any size have each file once, in that order', async () => {
    for (const limit of [97, 1000]) {
      const rows = await pages(`sort=${order}`, limit);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(COUNT);
      expect(rows.map(({ id }) => id)).toEqual(sorted(rows, order).map(({ id }) => id));
    }
  });

  test('a filter takes the same files as without', async () => {
    const filter = 'status=Allowed&search=7';
    const rows = await pages(`${filter}&sort=${order}`, 50);
    const unsorted = await pages(filter, 50);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows).toEqual(sorted(unsorted, order));
    expect((await ask(`${filter}&sort=${order}`)).total).toBe(unsorted.length);
  });

  test('the report has the order of the list, and says so', async () => {
    const query = `status=Allowed&sort=${order}`;
    const report = (await (await t.call(`/api/scan/${scan.id}/report?${query}`, { as: 'viewer' })).json()) as {
      entries: Row[];
      sort: string;
      recordedMeanwhile: number;
    };
    expect(report).toMatchObject({ sort: order, recordedMeanwhile: 0 });
    expect(report.entries).toEqual(await pages(query, 1000));
  });
});

test('files that change between two pages neither come twice nor take others along', async () => {
  const { scan: other, files } = await t.addScan(['/a', '/b', '/c', '/d'].map((path) => ({ path })));
  const list = async (cursor = '') =>
    (await (await t.call(`/api/scan/${other.id}/files?sort=-processed&limit=2${cursor}`, { as: 'viewer' })).json()) as {
      entries: Row[];
      nextCursor: string;
    };
  const finish = (path: string, endedAt: number) =>
    t.finish(files.find((file) => file.path === path)!.id, { findings: { answers: [], startedAt: 1, endedAt } });
  await finish('/a', 10);
  await finish('/b', 20);
  await finish('/c', 30);
  const first = await list();
  expect(first.entries.map(({ path }) => path)).toEqual(['/c', '/b']);
  await finish('/d', 40);
  const second = await list(`&cursor=${first.nextCursor}`);
  expect(second.entries.map(({ path }) => path)).toEqual(['/a']);
});

test.each(['sort=name', 'sort=--size', 'sort=size&sort=path', 'sort=', 'sort=size;DROP TABLE files'])(
  '%s is refused by name',
  async (query) => {
    const answer = await ask(query);
    expect(answer).toMatchObject({ status: 400, responseMessage: expect.stringContaining('"sort"') });
  },
);

test('a cursor of one order is refused by another', async () => {
  const { nextCursor } = await ask('sort=size&limit=1');
  for (const query of ['sort=path', 'limit=1']) {
    const answer = await ask(`${query}&cursor=${nextCursor}`);
    expect(answer).toMatchObject({ status: 400, responseMessage: expect.stringContaining('"cursor"') });
  }
  const { nextCursor: found } = await ask('limit=1');
  expect(await ask(`sort=-processed&cursor=${found}`)).toMatchObject({ status: 400 });
});
