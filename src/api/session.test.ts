import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from './fixtures/harness';

const PASSWORD = 'correct horse battery';

let t: TestApi;
beforeEach(async () => {
  t = await openTestApi();
  await t.addUser('ada', PASSWORD, 'viewer');
});
afterEach(() => t.close());

const signIn = (password = PASSWORD, headers = {}) =>
  t.call('/api/session', { method: 'POST', json: { userName: 'ada', password }, headers });
const cookieOf = (res: Response) => res.headers.get('Set-Cookie')?.split(';')[0] ?? '';
const renew = (Cookie: string) => t.call('/api/session/renew', { method: 'POST', headers: { Cookie } });
const statusWith = async (accessToken: string) =>
  (await t.call('/api/scan', { headers: { Authorization: `Bearer ${accessToken}` } })).status;
const tokenOf = async (res: Response) => ((await res.json()) as { accessToken: string }).accessToken;

test('a browser is signed in by a cookie that no script can read and no other site can use', async () => {
  const res = await signIn();
  const cookie = res.headers.get('Set-Cookie') ?? '';
  for (const word of ['HttpOnly', 'SameSite=Strict', 'Path=/api/session', 'Expires=']) expect(cookie).toContain(word);
  expect(cookie).not.toContain('Secure');
  const answer = (await res.json()) as Record<string, string>;
  expect(answer).toMatchObject({ userName: 'ada', role: 'viewer', responseKey: 'SIGNED_IN' });
  expect(JSON.stringify(answer)).not.toContain(cookieOf(res).split('=')[1]!);
  expect(await statusWith(answer.accessToken!)).toBe(200);
});

test('over TLS the cookie stays within TLS', async () => {
  const res = await signIn(PASSWORD, { 'X-Forwarded-Proto': 'https' });
  expect(res.headers.get('Set-Cookie')).toContain('Secure');
});

test('pages of one browser renew as often as they like, each for itself', async () => {
  const cookie = cookieOf(await signIn());
  const tokens = await Promise.all(
    [renew(cookie), renew(cookie), renew(cookie)].map(async (res) => tokenOf(await res)),
  );
  for (const token of tokens) expect(await statusWith(token)).toBe(200);
});

test('the cookie opens nothing but the session', async () => {
  const Cookie = cookieOf(await signIn());
  expect((await t.call('/api/scan', { headers: { Cookie } })).status).toBe(401);
});

test('a session ends with its time, and with a sign-out in every page', async () => {
  const first = await signIn();
  const token = await tokenOf(first);
  const out = await t.call('/api/session', { method: 'DELETE', headers: { Cookie: cookieOf(first) } });
  expect(out.status).toBe(200);
  expect(out.headers.get('Set-Cookie')).toContain('Max-Age=0');
  expect((await renew(cookieOf(first))).status).toBe(401);
  expect(await statusWith(token)).toBe(401);

  const cookie = cookieOf(await signIn());
  t.advance(7 * 24 * 60 * 60_000);
  expect((await renew(cookie)).status).toBe(401);
  expect((await renew('')).status).toBe(401);
});

test('a refresh token that was exchanged is no session', async () => {
  const res = await t.call('/api/user/authenticate', { method: 'POST', json: { userName: 'ada', password: PASSWORD } });
  const { accessToken, refreshToken } = (await res.json()) as Record<string, string>;
  await t.call('/api/user/refreshToken', { method: 'POST', json: { accessToken, refreshToken } });
  expect((await renew(`assay_session=${refreshToken}`)).status).toBe(401);
});

test('everybody changes their own password, knowing the old one; other sign-ins end', async () => {
  const cookie = cookieOf(await signIn());
  const change = (password: string, newPassword = 'another password') =>
    t.call('/api/session/password', { method: 'POST', json: { userName: 'ada', password, newPassword } });
  expect((await change('not the password')).status).toBe(401);
  expect((await change(PASSWORD, 'short')).status).toBe(400);
  const changed = await change(PASSWORD);
  expect(changed.status).toBe(200);
  expect((await renew(cookie)).status).toBe(401);
  expect((await renew(cookieOf(changed))).status).toBe(200);
  expect((await signIn()).status).toBe(401);
  expect((await signIn('another password')).status).toBe(200);
});

test('attempts count wherever they are made', async () => {
  for (let attempt = 0; attempt < 5; attempt++) {
    await signIn('wrong');
    await t.call('/api/user/authenticate', { method: 'POST', json: { userName: 'ada', password: 'wrong' } });
  }
  expect((await signIn()).status).toBe(429);
});

test('whoever asks is told whether the first password is still to be changed, and nothing more; a change ends that for good', async () => {
  const setup = async () => (await t.call('/api/session/setup')).json();
  expect(await setup()).toEqual({});
  const hash = await Bun.password.hash('printed once', { algorithm: 'argon2id', memoryCost: 8, timeCost: 1 });
  const admin = { id: 'first', name: 'admin', role: 'admin', createdAt: 1 } as const;
  await t.store.users.insert(admin, hash, { firstPassword: true });
  expect(await setup()).toEqual({ userName: 'admin' });
  const choose = (password: string) =>
    t.call('/api/session/password', {
      method: 'POST',
      json: { userName: 'admin', password, newPassword: 'chosen by myself' },
    });
  expect((await choose('a guess')).status).toBe(401);
  expect(await setup()).toEqual({ userName: 'admin' });
  expect((await choose('printed once')).status).toBe(200);
  expect(await setup()).toEqual({});
  expect((await choose('printed once')).status).toBe(401);
});
