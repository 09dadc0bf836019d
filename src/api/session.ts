import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { toRfc3339 } from '../core/clock';
import { Role } from '../core/user';
import { hashPassword, type Session } from './auth';
import type { ApiDeps } from './deps';
import { Acknowledgement, type ApiEnv, body, createRouter, errors, json } from './router';
import type { SignIn } from './sign-in';

const COOKIE = 'assay_session';
const PATH = '/api/session';

const Credentials = z.strictObject({ userName: z.string().min(1).max(200), password: z.string().min(1).max(1024) });

const BrowserSession = Acknowledgement.extend({
  accessToken: z.string().openapi({ description: 'For "Authorization: Bearer"; to be kept in memory alone.' }),
  accessTokenExpiryTime: z.string(),
  userName: z.string(),
  role: Role,
}).openapi('BrowserSession');

const answers = { 200: json(BrowserSession, 'The session, with a new access token.'), ...errors };

const setup = createRoute({
  method: 'get',
  path: '/setup',
  tags: ['Authentication'],
  summary:
    'Say whether the first user still has the password that Assay printed at its first start, so that the page asks for another',
  security: [],
  responses: {
    200: json(
      z.object({
        userName: z.string().optional().openapi({ description: 'Whose it is; absent once it was changed.' }),
      }),
      'Whether Assay is to be set up.',
    ),
    ...errors,
  },
});

const start = createRoute({
  method: 'post',
  path: '/',
  tags: ['Authentication'],
  summary: 'Sign a browser in: what outlives the page is in a cookie that scripts cannot read',
  security: [],
  request: { body: body(Credentials) },
  responses: answers,
});

const renew = createRoute({
  method: 'post',
  path: '/renew',
  tags: ['Authentication'],
  summary: 'Give a page of a signed-in browser an access token, when it opens or its token runs out',
  security: [],
  responses: answers,
});

const password = createRoute({
  method: 'post',
  path: '/password',
  tags: ['Authentication'],
  summary: 'Change one’s own password; every other sign-in of the user ends',
  security: [],
  request: { body: body(Credentials.extend({ newPassword: z.string().min(8).max(1024) })) },
  responses: answers,
});

const end = createRoute({
  method: 'delete',
  path: '/',
  tags: ['Authentication'],
  summary: 'Sign a browser out, in all of its pages',
  security: [],
  responses: { 200: json(Acknowledgement, 'The browser is signed out.'), ...errors },
});

/** Over TLS, which may end at a proxy, the cookie must not travel without it. */
const isSecure = (c: Context): boolean =>
  c.req.header('X-Forwarded-Proto') === 'https' || new URL(c.req.url).protocol === 'https:';

const keep = (c: Context, { refreshToken, refreshTokenExpiresAt }: Session): void => {
  setCookie(c, COOKIE, refreshToken, {
    path: PATH,
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(c),
    expires: new Date(refreshTokenExpiresAt),
  });
};

/**
 * Sign-ins of browsers. The cookie goes to these addresses alone and nothing else takes it, so that no request from elsewhere can do anything by it;
 * it is not exchanged at each use, because several pages of one browser use it at once.
 */
export const createSessionRoutes = ({ auth, store, clock }: ApiDeps, signIn: SignIn) => {
  const answer = async (c: Context<ApiEnv>, refreshToken: string | undefined, key: string, message: string) => {
    const { user, accessToken, accessTokenExpiresAt } = await auth.renew(refreshToken ?? '');
    return c.json(
      {
        accessToken,
        accessTokenExpiryTime: toRfc3339(accessTokenExpiresAt),
        userName: user.name,
        role: user.role,
        responseKey: key,
        responseMessage: message,
      },
      200,
    );
  };

  return createRouter()
    .openapi(setup, async (c) => c.json({ userName: (await store.users.findFirst())?.name }, 200))
    .openapi(start, async (c) => {
      const session = await signIn(c, c.req.valid('json'));
      keep(c, session);
      return answer(c, session.refreshToken, 'SIGNED_IN', 'You are signed in.');
    })
    .openapi(renew, (c) => answer(c, getCookie(c, COOKIE), 'SESSION_RENEWED', 'Here is a new access token.'))
    .openapi(password, async (c) => {
      const { newPassword, ...credentials } = c.req.valid('json');
      const { refreshToken } = await signIn(c, credentials);
      const { user } = await auth.renew(refreshToken);
      await store.users.setPassword(user.id, await hashPassword(newPassword));
      await store.audit.append(user.name, 'user.password', { id: user.id, userName: user.name }, clock());
      const session = await auth.signIn(user.name, newPassword);
      keep(c, session);
      return answer(c, session.refreshToken, 'PASSWORD_CHANGED', 'Your password is changed.');
    })
    .openapi(end, async (c) => {
      await auth.end(getCookie(c, COOKIE) ?? '');
      deleteCookie(c, COOKIE, { path: PATH });
      return c.json({ responseKey: 'SIGNED_OUT', responseMessage: 'You are signed out.' }, 200);
    });
};
