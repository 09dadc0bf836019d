import { afterEach, beforeEach, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import { openTestApi, type TestApi } from './fixtures/harness';

const PASSWORD = 'correct horse battery';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi();
  await t.addUser('ada', PASSWORD, 'admin');
});
afterEach(() => t.close());

type Answer = Record<string, string>;

const post = async (path: string, json: unknown, ip = '10.0.0.1') => {
  const res = await t.call(`/api/user/${path}`, { method: 'POST', json, env: { ip } });
  return { res, answer: (await res.json()) as Answer };
};
const signIn = async (password = PASSWORD, userName = 'ada', ip?: string) =>
  post('authenticate', { userName, password }, ip);
const statusWith = async (accessToken?: string) =>
  (await t.call('/api/user', { headers: { Authorization: `Bearer ${accessToken}` } })).status;

test('a sign-in gives both tokens with the ends of their lives', async () => {
  const { res, answer } = await signIn();
  expect(res.status).toBe(200);
  expect(Object.keys(answer).sort()).toEqual([
    'accessToken',
    'accessTokenExpiryTime',
    'refreshToken',
    'refreshTokenExpiryTime',
    'responseKey',
    'responseMessage',
  ]);
  expect(answer.accessTokenExpiryTime).toBe('2026-01-01T01:00:00.000Z');
  expect(await statusWith(answer.accessToken)).toBe(200);
});

test('a wrong password and an unknown user cannot be told apart', async () => {
  const wrong = await signIn('not the password');
  const unknown = await signIn(PASSWORD, 'nobody');
  expect(wrong.res.status).toBe(401);
  expect(wrong.answer).toEqual(unknown.answer);
  expect(wrong.answer.responseKey).toBe('SIGN_IN_FAILED');
});

test('the password comes back in no error', async () => {
  const secret = 'my secret password';
  for (const json of [
    { userName: 'ada', password: secret },
    { userName: '', password: secret },
    { userName: 'ada', password: { secret } },
    { password: [secret] },
    [secret],
  ]) {
    const { res, answer } = await post('authenticate', json);
    expect(res.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer)).not.toContain(secret);
  }
});

test('an access token lives for 60 minutes', async () => {
  const { answer } = await signIn();
  t.advance(59 * 60_000);
  expect(await statusWith(answer.accessToken)).toBe(200);
  t.advance(60_000);
  expect(await statusWith(answer.accessToken)).toBe(401);
});

test('tokens of others, unsigned tokens and nonsense are refused', async () => {
  const claims = new SignJWT({ sid: 'x' }).setIssuer('assay').setSubject('x').setExpirationTime('1h');
  const other = await claims.setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32).fill(7));
  const { answer } = await signIn();
  const [, payload] = (answer.accessToken ?? '').split('.');
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  for (const token of [other, none, 'x', 'a.b.c', '', answer.refreshToken]) expect(await statusWith(token)).toBe(401);
});

test('tokens are refreshed, also when the access token is over', async () => {
  const { answer: first } = await signIn();
  t.advance(2 * 60 * 60_000);
  const { res, answer: second } = await post('refreshToken', first);
  expect(res.status).toBe(200);
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect(await statusWith(second.accessToken)).toBe(200);
});

test('a refresh token used twice ends its sign-in and no other', async () => {
  const { answer: first } = await signIn();
  const { answer: other } = await signIn();
  const { answer: second } = await post('refreshToken', first);
  expect((await post('refreshToken', first)).res.status).toBe(401);
  expect(await statusWith(second.accessToken)).toBe(401);
  expect((await post('refreshToken', second)).res.status).toBe(401);
  expect(await statusWith(other.accessToken)).toBe(200);
});

test('of many who use one refresh token at once one at most succeeds, and the sign-in ends', async () => {
  const { answer } = await signIn();
  const all = await Promise.all(Array.from({ length: 20 }, () => post('refreshToken', answer)));
  const winners = all.filter(({ res }) => res.status === 200);
  expect(winners).toHaveLength(1);
  expect(await statusWith(winners[0]!.answer.accessToken)).toBe(401);
  expect((await post('refreshToken', winners[0]!.answer)).res.status).toBe(401);
});

test('a refresh token needs the access token of its own sign-in', async () => {
  const { answer: one } = await signIn();
  const { answer: two } = await signIn();
  const mixed = { accessToken: one.accessToken, refreshToken: two.refreshToken };
  expect((await post('refreshToken', mixed)).res.status).toBe(401);
  expect((await post('refreshToken', two)).res.status).toBe(200);
});

test('a refresh token ends, too', async () => {
  const { answer } = await signIn();
  t.advance(8 * 24 * 60 * 60_000);
  expect((await post('refreshToken', answer)).res.status).toBe(401);
});

test('after signing out both tokens are worth nothing', async () => {
  const { answer } = await signIn();
  expect((await post('logout', answer)).answer.responseKey).toBe('SIGNED_OUT');
  expect(await statusWith(answer.accessToken)).toBe(401);
  expect((await post('refreshToken', answer)).res.status).toBe(401);
});

test('a user who is removed, or gets another password, is signed out at once', async () => {
  const eve = await t.addUser('eve', PASSWORD, 'admin');
  const { answer: first } = await signIn(PASSWORD, 'eve');
  await t.call(`/api/user/${eve.id}`, { method: 'PATCH', as: 'admin', json: { password: 'another password' } });
  expect(await statusWith(first.accessToken)).toBe(401);
  expect((await signIn(PASSWORD, 'eve')).res.status).toBe(401);
  const { answer: second } = await signIn('another password', 'eve');
  await t.call(`/api/user/${eve.id}`, { method: 'DELETE', as: 'admin' });
  expect(await statusWith(second.accessToken)).toBe(401);
});

test('a role that changes holds from the next request on', async () => {
  const eve = await t.addUser('eve', PASSWORD, 'admin');
  const { answer } = await signIn(PASSWORD, 'eve');
  await t.call(`/api/user/${eve.id}`, { method: 'PATCH', as: 'admin', json: { role: 'viewer' } });
  expect(await statusWith(answer.accessToken)).toBe(403);
});

test('a name can be guessed at ten times, then it must wait, whoever asks', async () => {
  for (let i = 0; i < 10; i++) expect((await signIn('wrong', 'ada', `10.0.0.${i}`)).res.status).toBe(401);
  const { res, answer } = await signIn(PASSWORD, 'ada', '10.0.1.1');
  expect(res.status).toBe(429);
  expect(answer).toMatchObject({ responseKey: 'TOO_MANY_ATTEMPTS', hint: 'Try again in 300 s.' });
  expect(res.headers.get('Retry-After')).toBe('300');
  t.advance(300_000);
  expect((await signIn()).res.status).toBe(200);
});

test('an address can guess thirty times, whatever the names, also at once', async () => {
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => signIn('wrong', `user${i}`)));
  expect(all.filter(({ res }) => res.status === 429)).toHaveLength(10);
  expect((await signIn()).res.status).toBe(429);
  expect((await signIn(PASSWORD, 'ada', '10.0.0.2')).res.status).toBe(200);
});

test('signing in with the right password is never too often', async () => {
  for (let i = 0; i < 40; i++) expect((await signIn()).res.status).toBe(200);
});

test('an API key speaks for its role; its use is noted', async () => {
  expect((await t.call('/api/scan', { as: 'viewer' })).status).toBe(200);
  expect((await t.call('/api/scan', { headers: { ApiKey: 'wrong' } })).status).toBe(401);
  const viewer = (await t.store.users.listApiKeys()).find(({ name }) => name === 'viewer');
  expect(viewer?.lastUsedAt).toBe(t.deps.clock());
});

test('neither tokens nor passwords are kept as they are', async () => {
  const { answer } = await signIn();
  await post('refreshToken', answer);
  const file = t.store.users;
  expect(await file.findRefreshToken(answer.refreshToken ?? '')).toBeUndefined();
  expect((await file.findSecret('ada'))?.passwordHash).toStartWith('$argon2id$');
  expect(JSON.stringify(await t.store.audit.list({ limit: 100 }))).not.toContain(answer.refreshToken ?? '?');
});
