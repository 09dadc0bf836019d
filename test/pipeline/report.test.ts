import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestApi, type TestApi } from '../../src/api/fixtures/harness';
import { addManyFiles } from '../../src/api/fixtures/many';
import { startListeners } from '../../src/daemon/listen';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi();
});
afterEach(() => t.close());

const ask = (scanId: string, query = '') => t.call(`/api/scan/${scanId}/report?${query}`, { as: 'viewer' });

describe('many files', () => {
  /** The most memory that the program's objects take while a report is read. Bytes. */
  const heapWhile = async (scanId: string, format: string) => {
    const res = await ask(scanId, `format=${format}`);
    let most = 0;
    let parts = 0;
    let bytes = 0;
    for await (const part of res.body!) {
      bytes += part.length;
      if (parts++ % 20 > 0) continue;
      Bun.gc(true);
      most = Math.max(most, process.memoryUsage().heapUsed);
    }
    return { most, bytes };
  };

  test('cost no memory: 100,000 take hardly more than 10,000', async () => {
    const make = (i: number) => ({
      found: { path: `/folder ${i % 100}/file ${i}.pdf` },
      outcome: i % 3 ? {} : undefined,
    });
    const few = await addManyFiles(t, 10_000, make);
    const many = await addManyFiles(t, 100_000, make);
    for (const format of ['json', 'csv']) {
      const small = await heapWhile(few.id, format);
      const large = await heapWhile(many.id, format);
      expect(large.bytes).toBeGreaterThan(small.bytes * 9);
      expect(large.most - small.most).toBeLessThan(10e6);
    }
  });

  test('do not keep other requests waiting', async () => {
    const scan = await addManyFiles(t, 10_000, (i) => ({ found: { path: `/${i}` }, outcome: undefined }));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    // Nothing is found: all the work is done before the second part.
    await (await ask(scan.id, 'format=json&search=nothing-like-it')).text();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});

test('over a connection, nothing is read ahead of a client that stands still, and nothing more when it goes', async () => {
  const long = 'x'.repeat(3_000);
  const scan = await addManyFiles(t, 20_000, (i) => ({ found: { path: `/${long}/${i}` }, outcome: undefined }));
  let reads = 0;
  const { listStretch } = t.store.files;
  t.store.files.listStretch = (stretch) => {
    reads++;
    return listStretch(stretch);
  };
  const folder = mkdtempSync(join(tmpdir(), 'assay-listen-'));
  const path = join(folder, 'assay.sock');
  const listeners = await startListeners('127.0.0.1:0', path, (request, env) => t.api.fetch(request, env));
  const client = connect(path);
  client.pause();
  client.write(`GET /api/scan/${scan.id}/report?format=csv HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const settled = async () => {
    for (let before = -1; before !== reads || reads === 0; await Bun.sleep(300)) before = reads;
    return reads;
  };
  // Of 40 stretches: what the connection's buffers hold.
  expect(await settled()).toBeLessThan(20);
  client.destroy();
  expect(await settled()).toBeLessThan(20);
  await listeners.stop();
  rmSync(folder, { recursive: true });
});
