import type { Clock } from '../core/clock';
import { Fault } from '../core/fault';
import { newId } from '../core/id';
import type { Actor, User } from '../core/user';
import type { UserQueries } from '../store/users';
import { type Claims, createAccessTokens, hashSecret, newSecret } from './tokens';

const REFRESH_LIFETIME = 7 * 24 * 60 * 60_000;
/** A key's last use is written down at most this often, so that reading does not write. */
const TOUCH_EVERY = 60_000;

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** A sign-in's current tokens, with the ends of their lives. */
export interface Session extends Tokens {
  accessTokenExpiresAt: number;
  refreshTokenExpiresAt: number;
}

export interface Auth {
  /** @throws Fault SIGN_IN_FAILED */
  signIn: (userName: string, password: string) => Promise<Session>;
  /**
   * Gives new tokens for old ones. A refresh token that comes a second time ends its sign-in.
   * @throws Fault NOT_SIGNED_IN
   */
  refresh: (tokens: Tokens) => Promise<Session>;
  /** @throws Fault NOT_SIGNED_IN */
  signOut: (tokens: Tokens) => Promise<void>;
  /**
   * Gives an access token for a refresh token, and leaves that as it is: for a browser, which keeps it where no script can read it.
   * @throws Fault NOT_SIGNED_IN
   */
  renew: (refreshToken: string) => Promise<{ user: User; accessToken: string; accessTokenExpiresAt: number }>;
  /** Ends the sign-in of a refresh token; without one, nothing. */
  end: (refreshToken: string) => Promise<void>;
  /**
   * Who sent a request with these headers.
   * @throws Fault NOT_SIGNED_IN
   */
  identify: (headers: Headers) => Promise<Actor>;
}

export const hashPassword = (password: string): Promise<string> => Bun.password.hash(password, 'argon2id');

const notSignedIn = () =>
  new Fault('NOT_SIGNED_IN', 'You are not signed in, or no longer.', {
    hint: 'Sign in at /api/user/authenticate and send "Authorization: Bearer <accessToken>", or send "ApiKey: <key>".',
  });

/** @param instanceKey the instance's own key; what signs tokens is derived from it */
export const createAuth = (deps: { users: UserQueries; instanceKey: Uint8Array; clock: Clock }): Auth => {
  const { users, clock } = deps;
  const accessTokens = createAccessTokens(deps.instanceKey, clock);
  let decoy: Promise<string> | undefined;

  const newRefreshToken = (claims: Claims) => {
    const token = newSecret();
    return { token, hash: hashSecret(token), kept: { ...claims, expiresAt: clock() + REFRESH_LIFETIME } };
  };

  const toSession = async (claims: Claims, refresh: ReturnType<typeof newRefreshToken>): Promise<Session> => {
    const access = await accessTokens.sign(claims);
    return {
      accessToken: access.token,
      accessTokenExpiresAt: access.expiresAt,
      refreshToken: refresh.token,
      refreshTokenExpiresAt: refresh.kept.expiresAt,
    };
  };

  /** The sign-in that both tokens belong to; the access token's time may be over. */
  const signInOf = async ({ accessToken, refreshToken }: Tokens) => {
    const claims = await accessTokens.verify(accessToken, { expired: true });
    const kept = await users.findRefreshToken(hashSecret(refreshToken));
    if (!claims || !kept || kept.signInId !== claims.signInId || kept.expiresAt <= clock()) throw notSignedIn();
    return claims;
  };

  const byAccessToken = async (token: string): Promise<Actor | undefined> => {
    const claims = await accessTokens.verify(token);
    return claims && users.findSignedIn(claims.userId, claims.signInId);
  };

  const byApiKey = async (secret: string): Promise<Actor | undefined> => {
    const key = await users.findApiKey(hashSecret(secret));
    if (!key) return undefined;
    if (clock() - (key.lastUsedAt ?? 0) > TOUCH_EVERY) await users.touchApiKey(key.id, clock());
    return { name: `apikey:${key.name}`, role: key.role };
  };

  return {
    signIn: async (userName, password) => {
      // An unknown name is checked against a hash that nothing matches, so that it takes as long as a wrong password.
      decoy ??= hashPassword(newSecret());
      const nobody = await decoy;
      const secret = await users.findSecret(userName);
      const matches = await Bun.password.verify(password, secret?.passwordHash ?? nobody);
      if (!secret || !matches) throw new Fault('SIGN_IN_FAILED', 'The user name or the password is wrong.');
      await users.removeExpiredTokens(clock());
      const claims = { userId: secret.user.id, signInId: newId() };
      const refresh = newRefreshToken(claims);
      await users.insertRefreshToken(refresh.hash, refresh.kept);
      return toSession(claims, refresh);
    },

    refresh: async (tokens) => {
      const claims = await signInOf(tokens);
      const next = newRefreshToken(claims);
      if (await users.rotateRefreshToken(hashSecret(tokens.refreshToken), next.hash, next.kept.expiresAt)) {
        return toSession(claims, next);
      }
      await users.endSignIn(claims.signInId);
      throw notSignedIn();
    },

    signOut: async (tokens) => {
      const { signInId } = await signInOf(tokens);
      await users.endSignIn(signInId);
    },

    renew: async (refreshToken) => {
      const kept = await users.findRefreshToken(hashSecret(refreshToken));
      if (!kept || kept.used || kept.expiresAt <= clock()) throw notSignedIn();
      const user = await users.findSignedIn(kept.userId, kept.signInId);
      if (!user) throw notSignedIn();
      const { token, expiresAt } = await accessTokens.sign({ userId: kept.userId, signInId: kept.signInId });
      return { user, accessToken: token, accessTokenExpiresAt: expiresAt };
    },

    end: async (refreshToken) => {
      const kept = await users.findRefreshToken(hashSecret(refreshToken));
      if (kept) await users.endSignIn(kept.signInId);
    },

    identify: async (headers) => {
      const bearer = /^Bearer +(\S+)$/i.exec(headers.get('Authorization') ?? '')?.[1];
      const apiKey = headers.get('ApiKey');
      const actor = bearer ? await byAccessToken(bearer) : apiKey ? await byApiKey(apiKey) : undefined;
      if (!actor) throw notSignedIn();
      return { name: actor.name, role: actor.role };
    },
  };
};
