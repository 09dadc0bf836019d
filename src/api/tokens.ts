import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../core/clock';

const LIFETIME = 60 * 60_000;

/** Whom an access token speaks for. */
export interface Claims {
  userId: string;
  signInId: string;
}

/** A secret that cannot be guessed: 32 random bytes. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** The form in which a random secret is kept. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** JWTs of 60 minutes, signed with a key of their own that is derived from the instance's key. */
export const createAccessTokens = (instanceKey: Uint8Array, clock: Clock) => {
  const key = new Uint8Array(hkdfSync('sha256', instanceKey, '', 'assay access tokens', 32));

  return {
    sign: async ({ userId, signInId }: Claims): Promise<{ token: string; expiresAt: number }> => {
      const expires = Math.floor((clock() + LIFETIME) / 1000);
      const token = await new SignJWT({ sid: signInId })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('assay')
        .setSubject(userId)
        .setIssuedAt(Math.floor(clock() / 1000))
        .setExpirationTime(expires)
        .sign(key);
      return { token, expiresAt: expires * 1000 };
    },

    /** The claims of a token that is ours, else undefined; `expired` takes one whose time is over, too. */
    verify: async (token: string, { expired = false } = {}): Promise<Claims | undefined> => {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer: 'assay',
          currentDate: new Date(expired ? 0 : clock()),
        });
        const { sub, sid } = payload;
        return typeof sub === 'string' && typeof sid === 'string' ? { userId: sub, signInId: sid } : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
};
