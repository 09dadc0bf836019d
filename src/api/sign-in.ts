import type { Context } from 'hono';
import { Fault } from '../core/fault';
import { createAttempts } from './attempts';
import type { Session } from './auth';
import type { ApiDeps } from './deps';
import type { ApiEnv } from './router';

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

/**
 * Signs in who knows a user's password.
 * @throws Fault SIGN_IN_FAILED, TOO_MANY_ATTEMPTS
 */
export type SignIn = (c: Context<ApiEnv>, credentials: { userName: string; password: string }) => Promise<Session>;

/** The way in with a password, in one place so that every route counts the attempts together. */
export const createSignIn = ({ auth, store, clock }: Pick<ApiDeps, 'auth' | 'store' | 'clock'>): SignIn => {
  const limit = createSignInLimit(clock);

  return async (c, { userName, password }) => {
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
    return session;
  };
};
