import { createRoute, z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import type { Session } from './auth';
import type { ApiDeps } from './deps';
import { Acknowledgement, body, createRouter, errors, json } from './router';
import type { SignIn } from './sign-in';

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

export const createAuthenticationRoutes = ({ auth }: ApiDeps, signIn: SignIn) =>
  createRouter()
    .openapi(authenticate, async (c) => {
      const session = await signIn(c, c.req.valid('json'));
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
