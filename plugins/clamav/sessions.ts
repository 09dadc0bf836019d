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

/**
 * A Unix socket refuses at once while clamd's listen queue is full, and that may be as short as 15: indistinguishable from nobody
 * listening, so it is tried again for a fifth of a second, but not for each of many files.
 */
const FULL = ['EAGAIN', 'ECONNREFUSED'];
const TRIES = 10;
const PAUSE = 20;
const BELIEVED_FOR = 1_000;
/** How soon a cancel is noticed, in milliseconds. */
const SWEEP = 50;

/** Keeps up to `size` sessions, opened when first needed; `timeout` is for one reply, in milliseconds. */
export const createSessions = (address: Address, size: number, timeout: number): Sessions => {
  const idle: Session[] = [];
  const open = new Set<Session>();
  const waiting: { signal?: AbortSignal; turn: (mine: boolean) => void }[] = [];
  let busy = 0;
  let losses = 0;
  let closed = false;
  let refusedAt = Number.NEGATIVE_INFINITY;

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
        const believed = performance.now() - refusedAt < BELIEVED_FOR;
        if ('unix' in address && FULL.includes(code) && attempt < TRIES && !believed && !closed) {
          await Bun.sleep(PAUSE);
          continue;
        }
        if (!believed) refusedAt = performance.now();
        const said = [code || message, HINTS[code]].filter(Boolean).join(', ');
        throw new Error(`clamd at ${addressText(address)} cannot be reached: ${said}`);
      }
    }
  };

  const sweep = () => {
    for (const session of open) session.check();
    for (const each of waiting.filter(({ signal }) => signal?.aborted)) {
      waiting.splice(waiting.indexOf(each), 1);
      each.turn(false);
    }
  };
  let sweeping: Timer | undefined;

  const enter = async (signal?: AbortSignal): Promise<boolean> => {
    if (busy === size) return await new Promise((turn) => waiting.push({ signal, turn }));
    if (busy++ === 0) sweeping = setInterval(sweep, SWEEP);
    return true;
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) return next.turn(true);
    if (--busy === 0) clearInterval(sweeping);
  };

  const kept = async (): Promise<Session> => {
    for (let session = idle.pop(); session; session = idle.pop()) if (session.alive()) return session;
    return await connect(true);
  };

  const ask: Sessions['ask'] = async (question, signal) => {
    if (closed) return { ended: 'the engine was closed' };
    if (signal?.aborted) return { ended: 'cancelled' };
    if (!(await enter(signal))) return { ended: 'cancelled' };
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
      leave();
    }
  };

  const close = () => {
    closed = true;
    for (const session of [...open]) session.close('the engine was closed');
    idle.length = 0;
  };

  return { ask, losses: () => losses, close };
};
