import { afterEach, beforeEach, expect, test } from 'bun:test';
import { FAULTS, Fault, type FaultCode } from '../core/fault';
import type { Log } from '../core/log';
import { openTestApi, type TestApi } from './fixtures/harness';

let t: TestApi;
let thrown: unknown;
let logged: unknown[][];

beforeEach(async () => {
  logged = [];
  const note = (...args: unknown[]) => void logged.push(args);
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const reload = async () => {
    throw thrown;
  };
  t = await openTestApi({
    log,
    host: {
      engines: async () => [{ id: 'x', name: 'X', state: 'ready', settings: '', finds: [] }],
      reload,
      restarts: () => 0,
      pid: () => 1,
    },
  });
});
afterEach(() => t.close());

const answerTo = async (error: unknown) => {
  thrown = error;
  const res = await t.call('/api/engine/x/reload', { method: 'POST', as: 'admin' });
  return { status: res.status, text: await res.clone().text(), answer: (await res.json()) as Record<string, string> };
};

test.each(Object.keys(FAULTS) as FaultCode[])(
  'the fault %s is answered as the table says, with its hint',
  async (code) => {
    const { status, answer } = await answerTo(new Fault(code, 'What is wrong.', { hint: 'What to do.' }));
    expect(status).toBe(FAULTS[code].http);
    expect(answer).toEqual({ responseKey: code, responseMessage: 'What is wrong.', hint: 'What to do.' });
    expect(logged).toEqual([]);
  },
);

test('a fault tells neither its cause nor a hint that it does not have', async () => {
  const { answer } = await answerTo(new Fault('BUSY', 'What is wrong.', { cause: new Error('inside') }));
  expect(answer).toEqual({ responseKey: 'BUSY', responseMessage: 'What is wrong.' });
});

test('a bug is logged once under an id that the answer has, and the answer has nothing else of it', async () => {
  const { status, text, answer } = await answerTo(new Error('the inside of it'));
  expect(status).toBe(500);
  expect(answer).toEqual({
    responseKey: 'INTERNAL_ERROR',
    responseMessage: expect.stringContaining(answer.errorId ?? '?'),
    errorId: expect.any(String),
  });
  expect(text).not.toContain('the inside');
  expect(text).not.toContain(import.meta.dir);
  expect(logged).toHaveLength(1);
  expect(logged[0]?.[0]).toMatchObject({ errorId: answer.errorId, path: '/api/engine/x/reload' });
});

test('a statement that failed is logged without its values', async () => {
  const cause = new Error('SQLITE_ERROR: near "x"');
  await answerTo(new Error('Failed query: insert into users\nparams: ada,$argon2id$secret', { cause }));
  const { err } = logged[0]![0] as { err: Error };
  expect(`${err.message} ${err.stack}`).not.toContain('secret');
  expect(err.message).toContain('near "x"');
});

test('a full disk is no bug', async () => {
  const { status, answer } = await answerTo(
    new Error('Failed query', { cause: new Error('SQLITE_FULL: disk is full') }),
  );
  expect(status).toBe(503);
  expect(answer).toMatchObject({ responseKey: 'DISK_FULL', hint: expect.any(String) });
});

const post = (body: string, headers: Record<string, string> = { 'Content-Type': 'application/json' }) =>
  t.api.request('/api/storage', { method: 'POST', body, headers: { ApiKey: 'key of admin', ...headers } });

test.each([
  ['malformed JSON', '{', undefined, 400],
  ['nothing', '', undefined, 400],
  ['no JSON', 'name=x', { 'Content-Type': 'application/x-www-form-urlencoded' }, 400],
  ['JSON that does not say so', '{}', { 'Content-Type': 'text/plain' }, 400],
  ['more than 8 MB', `"${'x'.repeat(8_000_000)}"`, undefined, 413],
])('a body of %s is refused', async (_, body, headers, status) => {
  const res = await post(body, headers);
  expect(res.status).toBe(status);
  const answer = await res.json();
  expect(answer).toMatchObject({ responseKey: status === 400 ? 'BAD_REQUEST' : 'TOO_LARGE' });
  expect(logged).toEqual([]);
});

test('a body that does not say its length cannot be too large either', async () => {
  const stream = new ReadableStream({
    start: (controller) => {
      for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(1_000_000).fill(32));
      controller.close();
    },
  });
  const headers = { ApiKey: 'key of admin', 'Content-Type': 'application/json' };
  expect((await t.api.request('/api/storage', { method: 'POST', body: stream, headers })).status).toBe(413);
});

test('who is not signed in sends 1 MB at the most', async () => {
  const json = { userName: 'x'.repeat(1_000_000), password: 'x' };
  expect((await t.call('/api/user/authenticate', { method: 'POST', json })).status).toBe(413);
});

test('a body that names no such field says which', async () => {
  const res = await post('{"name":"x","options":{"kind":"local","path":7}}');
  expect(await res.json()).toMatchObject({ responseMessage: expect.stringContaining('"options.path"') });
});

test('an address or a method that does not exist is 404', async () => {
  for (const [method, path] of [
    ['GET', '/api/nothing'],
    ['PUT', '/api/scan'],
    ['GET', '/'],
  ] as const) {
    const res = await t.call(path, { method, as: 'admin' });
    expect(res.status).toBe(404);
    expect(await res.json()).toMatchObject({ responseKey: 'NOT_FOUND' });
  }
});
