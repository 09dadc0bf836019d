import type { Trouble } from '../core/findings';
import { troubleError } from './contract';

/** How far one file is taken apart, all its levels together. Bytes, milliseconds. */
export interface Limits {
  depth: number;
  files: number;
  size: number;
  /** How many times larger than the file. */
  expansion: number;
  time: number;
}

/** Counts what is taken out of one file, as it is read: a header's word does not matter. */
export interface Budget {
  /** @throws TroubleError when there are too many */
  addMember: () => void;
  /** @throws TroubleError when it is too much */
  addBytes: (count: number) => void;
  /** Whether a limit was met, which ends the taking apart on all levels. */
  isMet: () => boolean;
  /** The limit that was met, to whoever asks first: it is told of one container, the innermost. */
  tell: () => Trouble | undefined;
  /** Aborts when the time is up. */
  signal: AbortSignal;
  members: () => number;
  bytes: () => number;
  /** Call it when the file is done. */
  end: () => void;
}

/** What may be taken out of any file, however small it is: many honest files of a few KB are large when they are unpacked. Bytes. */
const FREE = 100 * 1000 * 1000;

const count = (n: number) => n.toLocaleString('en');

/**
 * @param size of the file itself, in bytes
 * @param outer aborts when nobody waits for the file any more
 */
export const createBudget = (limits: Limits, size: number, outer: AbortSignal): Budget => {
  const ending = new AbortController();
  const largest = Math.max(FREE, size * limits.expansion);
  let members = 0;
  let bytes = 0;
  let met: Trouble | undefined;
  let told = false;

  const meet = (why: Trouble['why'], message: string): never => {
    const error = troubleError(why, message);
    met ??= error.trouble;
    throw error;
  };
  const stop = (message: string) => {
    met ??= { why: 'time', message };
    ending.abort();
  };
  const tooLate = `It was not done within ${count(limits.time)} ms.`;
  const deadline = performance.now() + limits.time;
  const timer = setTimeout(() => stop(tooLate), limits.time);
  const stopWithFile = () => stop('It was not done when the time for the file was up.');
  outer.addEventListener('abort', stopWithFile);
  if (outer.aborted) stopWithFile();

  const check = () => {
    // The timer does not come to its turn while a thread is busy.
    if (performance.now() > deadline) stop(tooLate);
    if (met !== undefined) meet(met.why, met.message);
  };

  return {
    addMember: () => {
      check();
      if (members >= limits.files) meet('files', `It holds more than the ${count(limits.files)} files of the limit.`);
      members += 1;
    },
    addBytes: (more) => {
      check();
      if (bytes + more > limits.size)
        meet('size', `What it holds is larger than the ${count(limits.size)} bytes of the limit.`);
      if (bytes + more > largest)
        meet('expansion', `What it holds is more than ${count(limits.expansion)} times as large as it is.`);
      bytes += more;
    },
    isMet: () => met !== undefined,
    tell: () => {
      if (told) return undefined;
      told = met !== undefined;
      return met;
    },
    signal: ending.signal,
    members: () => members,
    bytes: () => bytes,
    end: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', stopWithFile);
    },
  };
};
