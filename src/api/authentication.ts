import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import { Fault } from '../core/fault';
import { createAttempts } from './attempts';
import type { Session } from './auth';
import type { ApiDeps } from './deps';
import { Acknowledgement, body, createRouter, errors, json } from './router';

const Credentials = z.object({ userName: z.string().min(1).max(200), password: z.string().min(1).max(1024) });

const TokenPair = z.object({ accessToken: z.string().max(4096), refreshToken: z.string().max(4096) });

const SessionAnswer = Acknowledgement.extend({
  accessToken: z.string(),
  accessTokenExpiryTime: z.string(),
  refreshToken: z.string(),
  refreshTokenExpiryTime: z.string(),
}).openapi('Session');

const authenticate = createRoute({
  method: 'post',
  path: '/authenticate',
  tags: ['Authentication'],
  summary: 'Sign in',
  security: [],
  request: { body: body(Credentials) },
  responses: { 200: json(SessionAnswer, 'The sign-in.'), ...errors },
});

const refreshToken = createRoute({
  method: 'post',
  path: '/refreshToken',
  tags: ['Authentication'],
  summary: 'Change both tokens for new ones; a refresh token used twice ends its sign-in',
  security: [],
  request: { body: body(TokenPair) },
  responses: { 200: json(SessionAnswer, 'The sign-in, with new tokens.'), ...errors },
});

const logout = createRoute({
  method: 'post',
  path: '/logout',
  tags: ['Authentication'],
  summary: 'Sign out',
  security: [],
  request: { body: body(TokenPair) },
  responses: { 200: json(Acknowledgement, 'Both tokens are worth nothing now.'), ...errors },
});

const toAnswer = (session: Session, responseKey: string, responseMessage: string) => ({
  accessToken: session.accessToken,
  accessTokenExpiryTime: toRfc3339(session.accessTokenExpiresAt),
  refreshToken: session.refreshToken,
  refreshTokenExpiryTime: toRfc3339(session.refreshTokenExpiresAt),
  responseKey,
  responseMessage,
});

const WINDOW = 5 * 60_000;

/** Lets a user name be tried 10 times and an address 30 times in five minutes; what succeeds does not count. */
const createSignInLimit = (clock: ApiDeps['clock']) => {
  const byName = createAttempts({ limit: 10, window: WINDOW, clock });
  const byAddress = createAttempts({ limit: 30, window: WINDOW, clock });
  return {
    wait: (name: string, address: string) => Math.max(byName.wait(name), byAddress.wait(address)),
    count: (name: string, address: string) => {
      byName.count(name);
      byAddress.count(address);
    },
    forgive: (name: string, address: string) => {
      byName.forgive(name);
      byAddress.forgive(address);
    },
  };
};

export const createAuthenticationRoutes = ({ auth, store, clock }: ApiDeps) => {
  const limit = createSignInLimit(clock);

  return createRouter()
    .openapi(authenticate, async (c) => {
      const { userName, password } = c.req.valid('json');
      const address = c.env?.ip ?? '';
      const seconds = Math.ceil(limit.wait(userName, address) / 1000);
      if (seconds > 0) {
        c.header('Retry-After', String(seconds));
        throw new Fault('TOO_MANY_ATTEMPTS', 'There were too many attempts to sign in.', {
          hint: `Try again in ${seconds} s.`,
        });
      }
      limit.count(userName, address);
      const session = await auth.signIn(userName, password);
      limit.forgive(userName, address);
      await store.audit.append(userName, 'user.signIn', { address }, clock());
      return c.json(toAnswer(session, 'SIGNED_IN', 'You are signed in.'), 200);
    })
    .openapi(refreshToken, async (c) => {
      const session = await auth.refresh(c.req.valid('json'));
      return c.json(toAnswer(session, 'TOKENS_REFRESHED', 'Here are new tokens; the old ones are used up.'), 200);
    })
    .openapi(logout, async (c) => {
      await auth.signOut(c.req.valid('json'));
      return c.json({ responseKey: 'SIGNED_OUT', responseMessage: 'You are signed out.' }, 200);
    });
};
