import { expect, test } from 'bun:test';
import { isRefusal } from './refusal';
import { createSession } from './session';

const HOUR = 60 * 60_000;

/** A server that knows one browser and tells tokens apart by their number. */
const createServer = () => {
  const asked: string[] = [];
  let now = 0;
  let tokens = 0;
  let signedIn = true;
  const answer = (body: object, status = 200) => Response.json(body, { status });
  const ask = async (input: string | URL | Request, init?: RequestInit) => {
    const path = String(input);
    asked.push(path);
    const refused = answer({ responseKey: 'NOT_SIGNED_IN', responseMessage: 'You are not signed in.' }, 401);
    if (path === '/api/session' && init?.method === 'DELETE') return answer({});
    if (path.startsWith('/api/session')) {
      if (!signedIn) return refused;
      tokens++;
      const accessTokenExpiryTime = new Date(now + HOUR).toISOString();
      return answer({ accessToken: `token ${tokens}`, accessTokenExpiryTime, userName: 'ada', role: 'viewer' });
    }
    const sent = new Headers(init?.headers).get('Authorization');
    return sent === `Bearer token ${tokens}` ? answer({ sent }) : refused;
  };
  return {
    ask,
    asked,
    clock: () => now,
    advance: (ms: number) => {
      now += ms;
    },
    revoke: () => tokens++,
    signOut: () => {
      signedIn = false;
    },
  };
};

const open = () => {
  const server = createServer();
  return { server, session: createSession(server.ask, server.clock) };
};

test('a page of a browser that is signed in is signed in', async () => {
  const { session } = open();
  expect(session.state()).toEqual({ status: 'starting' });
  await session.start();
  expect(session.state()).toEqual({ status: 'in', userName: 'ada', role: 'viewer' });
});

test('a page of another browser asks for a sign-in, without a word of blame', async () => {
  const { server, session } = open();
  server.signOut();
  await session.start();
  expect(session.state()).toEqual({ status: 'out', because: undefined });
});

test('many requests at once share one renewal', async () => {
  const { server, session } = open();
  await session.start();
  server.advance(HOUR);
  await Promise.all([1, 2, 3].map((n) => session.fetch(`/api/${n}`)));
  expect(server.asked.filter((path) => path === '/api/session/renew')).toHaveLength(2);
});

test('a token that is worth nothing any more is renewed, and the request is sent again', async () => {
  const { server, session } = open();
  await session.start();
  server.revoke();
  expect((await session.fetch('/api/scan')).status).toBe(200);
});

test('when the sign-in has ended, the page says so', async () => {
  const { server, session } = open();
  await session.start();
  server.signOut();
  server.revoke();
  const error = await session.fetch('/api/scan').catch((thrown: unknown) => thrown);
  expect(isRefusal(error) && error.status).toBe(401);
  expect(session.state()).toMatchObject({ status: 'out', because: { key: 'NOT_SIGNED_IN' } });
});

test('a server that is away is not a sign-out', async () => {
  const { server, session } = open();
  await session.start();
  server.ask = () => Promise.reject(new TypeError('Failed to fetch'));
  const away = createSession((...args) => server.ask(...args), server.clock);
  await away.start();
  expect(away.state()).toMatchObject({ status: 'out', because: { key: 'UNREACHABLE' } });
  expect(session.state().status).toBe('in');
});
