import type { Socket, SocketHandler } from 'bun';

/** Where clamd listens. */
export type Address = { unix: string } | { hostname: string; port: number };

export const addressText = (address: Address): string =>
  'unix' in address ? address.unix : `${address.hostname}:${address.port}`;

/** How a question ended: clamd's reply without the number of the command, or why there is none. */
export type Outcome = { reply: string } | { lost: string } | { ended: string };

/** What a question writes through. `write` waits until the kernel took all bytes, and answers false once nobody wants them. */
export interface Wire {
  fd: () => number;
  write: (bytes: Uint8Array) => Promise<boolean>;
  /** False once there is a reply, or nobody waits for one. */
  wanted: () => boolean;
  /** Gives the connection up, so that the question is asked again on another. */
  lose: (why: string) => void;
}

export type Question = (wire: Wire) => void | Promise<void>;

/** One connection to clamd with one question at a time: clamd's command buffer breaks on several FILDES at once. */
export interface Session {
  ask: (question: Question, signal: AbortSignal | undefined, timeout: number) => Promise<Outcome>;
  alive: () => boolean;
  /** Ends a question that was cancelled or took too long. A look now and then costs less than a timer and a listener for each file. */
  check: () => void;
  close: (why: string) => void;
}

const CONNECT_TIMEOUT = 5_000;
const OK: Outcome = { reply: 'OK' };

/** ` OK\0` at the end: by far the most frequent reply is told without making a string. */
const isOk = (bytes: Buffer): boolean => {
  const end = bytes.length;
  return end > 4 && bytes[end - 1] === 0 && bytes[end - 2] === 75 && bytes[end - 3] === 79 && bytes[end - 4] === 32;
};

/** Connects, within 5 s. `kept` sessions use IDSESSION and take question after question; others take one, and no idle timeout of clamd cuts them. */
export const openSession = async (
  address: Address,
  kept: boolean,
  onEnd: (byClamd: boolean) => void,
): Promise<Session> => {
  let socket: Socket | undefined;
  let lost: string | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  let writable: (() => void) | undefined;
  let check: (() => void) | undefined;
  let sending = false;
  let held: Buffer | undefined;

  const end = (why: string, byClamd: boolean) => {
    if (lost !== undefined) return;
    lost = why;
    socket?.terminate();
    settle?.({ lost: why });
    writable?.();
    onEnd(byClamd);
  };
  const lose = (why: string) => end(why, true);
  const close = (why: string) => end(why, false);
  const answer = (outcome: Outcome) => {
    settle?.(outcome);
    // A refusal in the middle of a stream: what clamd would take the rest for is anyone's guess.
    if (sending) close('replied before all was sent');
  };

  const data = (_: Socket, chunk: Buffer) => {
    // Nothing was asked: clamd says farewell ("COMMAND READ TIMED OUT").
    if (!settle) return lose('clamd ended the session');
    if (!held && kept && isOk(chunk) && chunk.indexOf(0) === chunk.length - 1) return answer(OK);
    held = held ? Buffer.concat([held, chunk]) : Buffer.from(chunk);
    const text = held.toString();
    if (text.startsWith('COMMAND READ TIMED OUT')) return lose('clamd ended the session by its ReadTimeout');
    const end = text.indexOf('\0');
    if (end < 0) return;
    held = undefined;
    answer({ reply: (kept ? text.slice(0, end).replace(/^\d+: /, '') : text.slice(0, end)).trim() });
  };

  const handlers: SocketHandler<undefined> = {
    data,
    drain: () => writable?.(),
    close: () => lose('clamd closed the connection'),
    end: () => lose('clamd closed the connection'),
    error: (_, error) => lose(error.message),
  };
  const connecting =
    'unix' in address ? Bun.connect({ ...address, socket: handlers }) : Bun.connect({ ...address, socket: handlers });
  connecting.then((late) => lost !== undefined && late.terminate()).catch(() => {});
  let timer: Timer | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), CONNECT_TIMEOUT);
  });
  try {
    socket = await Promise.race([connecting, tooLate]);
  } catch (error) {
    lost = 'never connected';
    throw error;
  } finally {
    clearTimeout(timer);
  }

  // Bun's sockets tell their descriptor, its types do not yet.
  const connected = socket as Socket & { readonly fd: number };
  const wire: Wire = {
    fd: () => connected.fd,
    wanted: () => settle !== undefined && lost === undefined,
    lose,
    write: async (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        if (!wire.wanted()) return false;
        const written = connected.write(at === 0 ? bytes : bytes.subarray(at));
        if (written < 0) return false;
        at += written;
        if (at < bytes.length) {
          await new Promise<void>((resolve) => {
            writable = resolve;
          });
        }
      }
      return wire.wanted();
    },
  };

  const ask: Session['ask'] = (question, signal, timeout) =>
    new Promise((resolve, reject) => {
      if (lost !== undefined) return resolve({ lost });
      const until = performance.now() + timeout;
      const done = () => {
        settle = undefined;
        check = undefined;
      };
      // clamd notices a closed connection and gives the scan up; a session with a reply outstanding is of no more use.
      const giveUp = (ended: string) => {
        done();
        close(ended);
        resolve({ ended });
      };
      check = () => {
        if (signal?.aborted) giveUp('cancelled');
        else if (performance.now() > until) giveUp(`no reply within ${timeout} ms`);
      };
      settle = (outcome) => {
        done();
        resolve(outcome);
      };
      const failed = (error: unknown) => {
        if (!settle) return;
        done();
        close('the file could not be sent');
        reject(error);
      };
      const sent = () => {
        sending = false;
      };
      sending = true;
      try {
        const rest = question(wire);
        if (rest) rest.then(sent, failed);
        else sent();
      } catch (error) {
        failed(error);
      }
    });

  if (kept && connected.write('zIDSESSION\0') !== 11) lose('clamd takes no bytes');
  return { ask, alive: () => lost === undefined, check: () => check?.(), close };
};
