import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hc } from 'hono/client';
import type { Api } from './api';
import { openTestApi, type TestApi } from './fixtures/harness';

let t: TestApi;
let dir: string;
let stop: () => Promise<void>;
let overSocket: ReturnType<typeof hc<Api>>;
let overTcp: ReturnType<typeof hc<Api>>;

beforeAll(async () => {
  t = await openTestApi();
  dir = mkdtempSync(join(tmpdir(), 'assay-socket-'));
  const unix = join(dir, 'assay.sock');
  const local = Bun.serve({ unix, fetch: (request) => t.api.fetch(request, { socket: true }) });
  const tcp = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, server) => t.api.fetch(request, { socket: false, ip: server.requestIP(request)?.address }),
  });
  const unixFetch = ((url: string, init: RequestInit) => fetch(url, { ...init, unix })) as typeof fetch;
  overSocket = hc<Api>('http://localhost', { fetch: unixFetch });
  overTcp = hc<Api>(`http://127.0.0.1:${tcp.port}`);
  stop = async () => {
    await local.stop(true);
    await tcp.stop(true);
  };
});
afterAll(async () => {
  await stop();
  t.close();
  rmSync(dir, { recursive: true });
});

test('the typed client works over the socket, without signing in', async () => {
  const options = { kind: 'local', path: '/srv/files' } as const;
  const created = await overSocket.api.storage.$post({ json: { name: 'Files', options } });
  if (!created.ok) throw new Error((await created.json()).responseKey);
  const storage = await created.json();
  const started = await overSocket.api.scan.$post({ json: { storageId: storage.id } });
  if (!started.ok) throw new Error((await started.json()).responseKey);
  const { id, counts } = await started.json();
  const total: number = counts.total;
  expect(total).toBe(0);
  const files = await overSocket.api.scan[':id'].files.$get({
    param: { id },
    query: { limit: '10', status: ['Blocked', 'Failed'], detection: 'Threat' },
  });
  if (!files.ok) throw new Error((await files.json()).responseKey);
  const { entries, nextCursor } = await files.json();
  const cursor: string | null = nextCursor;
  expect({ entries, cursor }).toEqual({ entries: [], cursor: null });
});

test('the typed client gets typed errors', async () => {
  const res = await overSocket.api.file[':id'].$get({ param: { id: 'unknown' } });
  if (res.ok) {
    const code: number = (await res.json()).scanResult.scanResults.scanAllResultI;
    throw new Error(`found ${code}`);
  }
  const { responseKey, hint } = await res.json();
  const maybe: string | undefined = hint;
  expect([responseKey, maybe]).toEqual(['NOT_FOUND', undefined]);
});

test('over TCP it has to sign in', async () => {
  expect((await overTcp.api.scan.$get({ query: {} })).status).toBe(401);
  await t.addUser('ada', 'a good password', 'viewer');
  const signedIn = await overTcp.api.user.authenticate.$post({
    json: { userName: 'ada', password: 'a good password' },
  });
  if (!signedIn.ok) throw new Error('not signed in');
  const { accessToken } = await signedIn.json();
  const headers = { Authorization: `Bearer ${accessToken}` };
  expect((await overTcp.api.scan.$get({ query: {} }, { headers })).status).toBe(200);
  const [entry] = await t.store.audit.list({ limit: 1 });
  expect(entry).toMatchObject({ action: 'user.signIn', detail: { address: '127.0.0.1' } });
});

test('a browser that was led here under another name gets nothing', async () => {
  const { url } = await overTcp.api.health.$get();
  expect((await fetch(url, { headers: { Host: 'evil.example' } })).status).toBe(403);
});
