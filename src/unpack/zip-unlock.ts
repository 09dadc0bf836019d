import { crc32 } from 'node:zlib';
import { type Passwords, troubleError } from './contract';
import { passwordBytes } from './password-bytes';
import type { Window } from './window';
import type { Key, Lock } from './zip-lock';
import { decoderOf } from './zip-method';
import { slicesOf } from './zip-slices';
import { lockOf, type View } from './zip-view';

/** What is shared by the members of one zip while it is read. */
export interface Source {
  window: Window;
  passwords: Passwords;
  signal: AbortSignal;
  /** Passwords that opened one of its members. */
  proven: Set<string>;
}

export interface Opened {
  lock: Lock;
  key: Key;
}

type Verdict = 'opens' | 'likely' | 'wrong';

/** Up to this size a member is tried as a whole. Bytes. */
const SMALL = 1024 * 1024;
/** What is tried of a larger one, and how much must come out of what is not what it was locked from for it to be no accident. Bytes. */
const SAMPLE = 64 * 1024;
const NO_ACCIDENT = 1024;

/** Not locked at all, whatever the flags say. */
const openLock = ({ facts }: View): Lock => {
  const key = { start: () => ({ update: (bytes: Uint8Array) => bytes, fits: () => true }) };
  return { head: 0, tail: 0, isSealed: false, method: facts.method, hasChecksum: true, key: async () => key };
};

const bounds = ({ from, to }: View, lock: Lock) => ({ start: from + lock.head, end: Math.max(from, to - lock.tail) });

const isSealIntact = async (view: View, { lock, key }: Opened, { window, signal }: Source): Promise<boolean> => {
  const { start, end } = bounds(view, lock);
  const decipher = key.start();
  for await (const piece of slicesOf(window, start, end, signal)) decipher.update(piece);
  return decipher.fits(window.read(end, lock.tail));
};

const isChecksumRight = async (view: View, { lock, key }: Opened, { window, signal }: Source): Promise<boolean> => {
  const { start, end } = bounds(view, lock);
  const decipher = key.start();
  let sum = 0;
  for await (const piece of slicesOf(window, start, end, signal)) sum = crc32(decipher.update(piece), sum);
  return sum === view.facts.crc;
};

/** Whether the beginning unpacks to more than chance would make of it. */
const unpacksWell = async (view: View, { lock, key }: Opened, { window, signal }: Source): Promise<boolean> => {
  const { start, end } = bounds(view, lock);
  const decipher = key.start();
  const sampleEnd = Math.min(end, start + SAMPLE);
  async function* sample() {
    for await (const piece of slicesOf(window, start, sampleEnd, signal, 512)) yield decipher.update(piece);
  }
  let length = 0;
  try {
    const packed = { length: sampleEnd - start, used: () => {} };
    for await (const bytes of decoderOf(lock.method)?.stream(sample(), packed) ?? []) {
      length += bytes.length;
      if (length >= NO_ACCIDENT) return true;
    }
  } catch {
    return false;
  }
  return false;
};

/** Unpacks all of it and compares the checksum; false where it is too large for that, or wrong. */
const isWholeRight = (view: View, { lock, key }: Opened, { window }: Source): boolean => {
  const { start, end } = bounds(view, lock);
  const whole = decoderOf(lock.method)?.whole;
  if (whole === undefined || end - start > SMALL || view.facts.size > 4 * SMALL) return false;
  try {
    const { bytes } = whole(key.start().update(window.read(start, end - start)), view.facts.size);
    return crc32(bytes) === view.facts.crc;
  } catch {
    return false;
  }
};

const tryKey = async (view: View, opened: Opened, source: Source, isProven: boolean): Promise<Verdict> => {
  const { lock } = opened;
  const isLarge = view.to - view.from > SMALL;
  // The only password, or one that opened others, is not worth reading a large member twice.
  if (isLarge && (isProven || source.passwords.list().length === 1) && (lock.isSealed || lock.method === 0))
    return 'likely';
  if (lock.isSealed) return (await isSealIntact(view, opened, source)) ? 'opens' : 'likely';
  if (isWholeRight(view, opened, source)) return 'opens';
  if (lock.method !== 0) return (await unpacksWell(view, opened, source)) ? 'likely' : 'wrong';
  if (isLarge && (await isChecksumRight(view, opened, source))) return 'opens';
  return isProven ? 'likely' : 'wrong';
};

const noKey = (given: number): string => {
  if (given === 0) return 'It is encrypted and no password was given.';
  if (given === 1) return 'It is encrypted and the password that was given does not open it.';
  return `It is encrypted and none of the ${given} passwords opens it.`;
};

/**
 * Finds what opens a locked member. The quick check of a lock lets one wrong password in 256 (or 65,536) pass, so the content decides;
 * a member that is damaged is opened by the first password that is likely to be its own.
 * @throws TroubleError `encrypted`
 */
export const unlock = async (view: View, source: Source): Promise<Opened> => {
  const lock = lockOf(view, source.window);
  if (lock === undefined) throw troubleError('encrypted', 'It is encrypted in a way of PKWARE that is not read here.');
  const passwords = [...source.passwords.list()];
  let likely: (Opened & { password: string }) | undefined;
  for (const password of passwords) {
    for (const bytes of passwordBytes(password)) {
      source.signal.throwIfAborted();
      const key = await lock.key(bytes);
      if (key === undefined) continue;
      const verdict = await tryKey(view, { lock, key }, source, source.proven.has(password));
      if (verdict === 'likely') likely ??= { lock, key, password };
      if (verdict !== 'opens') continue;
      source.proven.add(password);
      source.passwords.worked(password);
      return { lock, key };
    }
  }
  if (likely !== undefined) {
    source.passwords.worked(likely.password);
    return likely;
  }
  // Some programs ignore the flag, so that what is not locked opens there without a password.
  const open = openLock(view);
  const key = await open.key(new Uint8Array());
  if (key !== undefined && isWholeRight(view, { lock: open, key }, source)) return { lock: open, key };
  throw troubleError('encrypted', noKey(passwords.length));
};
