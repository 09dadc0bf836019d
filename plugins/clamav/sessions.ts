import { type Address, addressText, type Outcome, openSession, type Question, type Session } from './session';

/** The kept sessions of a thread. */
export interface Sessions {
  /** Asks on the next free session; a question whose session was lost is asked once more on a connection of its own. */
  ask: (question: Question, signal?: AbortSignal) => Promise<Outcome>;
  /** Counts the connections that clamd ended: while it stands still, no other clamd can have taken over. */
  losses: () => number;
  close: () => void;
}

const HINTS: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there: is clamd running?',
  ENOENT: 'no such socket: is clamd running?',
  EACCES: 'not allowed to write to the socket',
  ETIMEDOUT: 'no answer to the connection',
};

/** Backlog full: clamd's listen queue can be as short as 15, and a Unix socket then refuses at once instead of waiting. */
const BACKLOG_TRIES = 20;
const BACKLOG_PAUSE = 25;

/** Keeps up to `size` sessions, opened when first needed; `timeout` is for one reply, in milliseconds. */
export const createSessions = (address: Address, size: number, timeout: number): Sessions => {
  const idle: Session[] = [];
  const open = new Set<Session>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let losses = 0;
  let closed = false;

  const connect = async (kept: boolean): Promise<Session> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const session = await openSession(address, kept, (byClamd) => {
          if (byClamd) losses++;
          for (const ended of open) if (!ended.alive()) open.delete(ended);
        });
        open.add(session);
        if (closed) session.close('the engine was closed');
        return session;
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN' && attempt < BACKLOG_TRIES && !closed) {
          await Bun.sleep(BACKLOG_PAUSE);
          continue;
        }
        const said = [code || message, HINTS[code]].filter(Boolean).join(', ');
        throw new Error(`clamd at ${addressText(address)} cannot be reached: ${said}`);
      }
    }
  };

  const turn = (signal?: AbortSignal) =>
    new Promise<boolean>((resolve) => {
      const give = () => {
        signal?.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(give), 1);
        resolve(false);
      };
      waiting.push(give);
      signal?.addEventListener('abort', leave, { once: true });
    });

  const kept = async (): Promise<Session> => {
    for (let session = idle.pop(); session; session = idle.pop()) if (session.alive()) return session;
    return await connect(true);
  };

  const ask: Sessions['ask'] = async (question, signal) => {
    if (closed) return { ended: 'the engine was closed' };
    if (signal?.aborted) return { ended: 'cancelled' };
    if (busy < size) busy++;
    else if (!(await turn(signal))) return { ended: 'cancelled' };
    try {
      if (closed) return { ended: 'the engine was closed' };
      const session = await kept();
      const first = await session.ask(question, signal, timeout);
      if (session.alive()) idle.push(session);
      if (!('lost' in first) || closed) return first;
      const own = await connect(false);
      try {
        return await own.ask(question, signal, timeout);
      } finally {
        own.close('asked');
      }
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy--;
    }
  };

  const close = () => {
    closed = true;
    for (const session of [...open]) session.close('the engine was closed');
    idle.length = 0;
  };

  return { ask, losses: () => losses, close };
};
