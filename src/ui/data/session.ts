import type { Role } from '../../core/user';
import { isRefusal, type Refusal, toRefusal, unreachable } from './refusal';

export type SessionState =
  | { status: 'starting' }
  | { status: 'out'; because?: Refusal }
  | { status: 'in'; userName: string; role: Role };

interface Answer {
  accessToken: string;
  accessTokenExpiryTime: string;
  userName: string;
  role: Role;
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The token is renewed this long before it runs out. Milliseconds. */
const EARLY = 60_000;

export interface Session {
  state: () => SessionState;
  subscribe: (listener: () => void) => () => void;
  /** Takes up the sign-in that the browser has, if it has one. */
  start: () => Promise<void>;
  /** @throws Refusal */
  signIn: (userName: string, password: string) => Promise<void>;
  /** The user whose password is still the one that Assay printed. */
  firstUser: () => Promise<string | undefined>;
  /**
   * Takes another password for an old one, and signs in with it.
   * @throws Refusal
   */
  choosePassword: (userName: string, password: string, newPassword: string) => Promise<void>;
  /** @throws Refusal */
  changePassword: (password: string, newPassword: string) => Promise<void>;
  signOut: () => Promise<void>;
  /**
   * Asks as the one who is signed in; renews the access token when it has to.
   * @throws Refusal
   */
  fetch: Fetch;
}

/** The sign-in of this page. The access token is kept here alone; what outlives the page is in a cookie that no script can read. */
export const createSession = (ask: Fetch, now: () => number = Date.now): Session => {
  const listeners = new Set<() => void>();
  let state: SessionState = { status: 'starting' };
  let token: { value: string; endsAt: number } | undefined;
  let renewing: Promise<void> | undefined;

  const become = (next: SessionState) => {
    state = next;
    for (const listener of listeners) listener();
  };

  const send: Fetch = async (input, init) => {
    const response = await ask(input, init).catch((error: unknown) => {
      if (init?.signal?.aborted) throw error;
      throw unreachable();
    });
    if (!response.ok) throw await toRefusal(response);
    return response;
  };

  const post = async (path: string, body: object): Promise<void> => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const answer = (await (await send(`/api/session${path}`, init)).json()) as Answer;
    token = { value: answer.accessToken, endsAt: Date.parse(answer.accessTokenExpiryTime) };
    const { userName, role } = answer;
    const same = state.status === 'in' && state.userName === userName && state.role === role;
    if (!same) become({ status: 'in', userName, role });
  };

  const end = (because?: Refusal) => {
    token = undefined;
    become({ status: 'out', because });
  };

  /** One renewal at a time, whoever waits for it. */
  const renew = (): Promise<void> => {
    renewing ??= post('/renew', {})
      .catch((error: unknown) => {
        if (isRefusal(error) && error.status === 401) end(state.status === 'in' ? error : undefined);
        throw error;
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };

  const withToken: Fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('Authorization', `Bearer ${token?.value ?? ''}`);
    return send(input, { ...init, headers });
  };

  const choosePassword: Session['choosePassword'] = (userName, password, newPassword) =>
    post('/password', { userName, password, newPassword });

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () =>
      renew().catch((error: unknown) => {
        if (state.status === 'starting') end(isRefusal(error) && error.status !== 401 ? error : undefined);
      }),
    signIn: (userName, password) => post('', { userName, password }),
    firstUser: async () => ((await (await send('/api/session/setup')).json()) as { userName?: string }).userName,
    choosePassword,
    changePassword: (password, newPassword) =>
      choosePassword(state.status === 'in' ? state.userName : '', password, newPassword),
    signOut: async () => {
      await send('/api/session', { method: 'DELETE' });
      end();
    },
    fetch: async (input, init) => {
      if (token === undefined || token.endsAt - now() < EARLY) await renew();
      const used = token;
      return withToken(input, init).catch(async (error: unknown) => {
        if (!isRefusal(error) || error.status !== 401) throw error;
        // Another request may have renewed it meanwhile.
        if (token === used) await renew();
        return withToken(input, init);
      });
    },
  };
};
