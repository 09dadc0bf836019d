import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { EngineState } from '../core/engine';
import { Fault } from '../core/fault';
import { createEventRoutes } from './events';
import { aProcessing, openTestApi, type TestApi } from './fixtures/harness';
import { authenticate } from './gate';
import { createRouter } from './router';

let t: TestApi;
let pid: number | undefined;
let reloads: number;
/** The engines once they are open anew, where they are others then. */
let opened: EngineState[] | undefined;

const engines: EngineState[] = [
  {
    id: 'clamav',
    name: 'ClamAV',
    state: 'ready',
    settings: 'a',
    finds: ['Threat'],
    definitions: { version: '1', date: '2025-12-31T23:00:00Z' },
  },
  { id: 'yara', name: 'YARA', state: 'failing', settings: 'b', reason: 'no rules', finds: ['Threat'] },
];

beforeEach(async () => {
  pid = 1;
  reloads = 0;
  opened = undefined;
  const reload = async () => {
    reloads++;
    if (reloads > 1) throw new Fault('ENGINE_UNAVAILABLE', 'ClamAV cannot be opened.');
  };
  t = await openTestApi({
    host: { engines: async () => (reloads > 0 && opened) || engines, reload, pid: () => pid, restarts: () => 3 },
  });
});
afterEach(() => t.close());

test('engines are listed with the age of their definitions', async () => {
  expect(await (await t.call('/api/engine', { as: 'viewer' })).json()).toMatchObject({
    total: 2,
    entries: [
      { id: 'clamav', definitions: { version: '1', age: 60 * 60_000 } },
      { id: 'yara', state: 'failing', settings: 'b', reason: 'no rules' },
    ],
  });
});

test('engines are opened anew', async () => {
  const reload = (id: string) => t.call(`/api/engine/${id}/reload`, { method: 'POST', as: 'admin' });
  expect(await (await reload('clamav')).json()).toMatchObject({ responseKey: 'ENGINE_RELOADED' });
  expect((await reload('other')).status).toBe(404);
  expect(reloads).toBe(1);
  expect((await reload('clamav')).status).toBe(503);
});

test('who opens engines anew is told of those that then fail: the one that was named, and others that did not before', async () => {
  const reload = async (id: string) => {
    reloads = 0;
    return await (await t.call(`/api/engine/${id}/reload`, { method: 'POST', as: 'admin' })).json();
  };
  expect(await reload('yara')).toMatchObject({
    responseKey: 'ENGINE_UNAVAILABLE',
    responseMessage: 'The engines are open anew, but YARA is failing: no rules.',
    hint: expect.any(String),
  });
  opened = engines.map((engine) => ({ ...engine, state: 'failing', reason: 'gone' }));
  expect(await reload('yara')).toMatchObject({
    responseMessage: 'The engines are open anew, but ClamAV is failing: gone; YARA is failing: gone.',
  });
});

test('health is open to all, and says when files cannot be looked into', async () => {
  const ready = await t.call('/api/health');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ live: true, ready: true, version: '0.0.0-test' });
  pid = undefined;
  const starting = await t.call('/api/health');
  expect(starting.status).toBe(503);
  expect(await starting.json()).toMatchObject({ live: true, ready: false });
});

const { verdict } = aProcessing();
const aFile = (path: string) => ({ type: 'file', scanId: 's', fileId: 'f', path, verdict }) as const;

test('metrics count what happened and what is due', async () => {
  await t.addScan([{ path: '/a' }, { path: '/b' }]);
  t.emit(aFile('/a'));
  const res = await t.call('/metrics', { as: 'viewer' });
  expect(res.headers.get('Content-Type')).toStartWith('text/plain; version=0.0.4');
  const text = await res.text();
  expect(text).toContain('assay_files_processed_total{result="No Threat Detected"} 1\n');
  expect(text).toContain('assay_queue_pending 2\n');
  expect(text).toContain('assay_scans{state="running"} 1\n');
  expect(text).toContain('assay_scans{state="failed"} 0\n');
  expect(text).toContain('assay_engine_host_restarts 3\n');
  expect(text).toMatch(/process_resident_memory_bytes \d+/);
});

describe('events', () => {
  /** Reads until the text is there. */
  const readUntil = async (reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string) => {
    let text = '';
    while (!text.includes(wanted)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`ended before "${wanted}": ${text}`);
      text += new TextDecoder().decode(value);
    }
    return text;
  };

  test('tell of scans and files until the client goes away', async () => {
    const before = t.listening();
    const res = await t.call('/api/events', { as: 'viewer' });
    expect(res.headers.get('Content-Type')).toBe('text/event-stream');
    const reader = res.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    await readUntil(reader, ': still here');
    expect(t.listening()).toBe(before + 1);
    t.emit(aFile('/a\nevent: forged\n\n'));
    const text = await readUntil(reader, '\n\n');
    expect(text.split('\n')[0]).toBe('event: file');
    const data = JSON.parse(text.split('\n')[1]!.slice('data: '.length));
    expect(data).toMatchObject({ fileId: 'f', path: '/a\nevent: forged\n\n', scanAllResultA: 'No Threat Detected' });
    const { scan } = await t.addScan();
    t.emit({ type: 'scan', scan });
    expect(await readUntil(reader, 'event: scan')).toContain(scan.id);
    await reader.cancel();
    await Bun.sleep(0);
    expect(t.listening()).toBe(before);
  });

  test('say how many were lost on a client that does not read', async () => {
    const res = await t.call('/api/events', { as: 'viewer' });
    for (let i = 0; i < 1_500; i++) t.emit(aFile(`/${i}`));
    const reader = res.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    expect(await readUntil(reader, 'event: lost')).toMatch(/event: lost\ndata: {"count":[1-9]\d*}/);
    await reader.cancel();
  });

  test('end when the credentials do', async () => {
    const app = createRouter().use(authenticate(t.deps)).route('/', createEventRoutes(t.deps, 1));
    const res = await app.request('/', { headers: { ApiKey: 'key of viewer' } });
    const reader = res.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    await readUntil(reader, ': still here');
    const viewer = (await t.store.users.listApiKeys()).find(({ name }) => name === 'viewer');
    await t.store.users.removeApiKey(viewer!.id);
    await expect(readUntil(reader, 'never sent')).rejects.toThrow('ended');
  });
});
