import { crc32 } from 'node:zlib';
import { type Passwords, troubleError } from './contract';
import { noPasswordOpens } from './encrypted';
import { passwordBytes } from './password-bytes';
import type { Window } from './window';
import type { Decoder } from './zip-inflate';
import type { Key, Lock } from './zip-lock';
import { decoderOf } from './zip-method';
import { slicesOf } from './zip-slices';
import { lockOf, type View } from './zip-view';

/** What is shared by the members of one zip while it is read. */
export interface Source {
  window: Window;
  passwords: Passwords;
  signal: AbortSignal;
  /** Unpacks what only 7-Zip does. */
  bySevenZip: (method: number) => Decoder;
  /** Passwords that opened one of its members. */
  proven: Set<string>;
}

export interface Opened {
  lock: Lock;
  key: Key;
}

type Verdict = 'opens' | 'likely' | 'wrong';

/** Up to this size a member is tried as a whole, and of a larger one that much. Bytes. */
const SMALL = 1024 * 1024;
/** From so many unpacked bytes on it is no accident that there are some, and from so many on no more are needed. Bytes. */
const NO_ACCIDENT = 1024;
const ENOUGH = 256 * 1024;

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

/** Unpacks the beginning: chance makes little of what is not what it was locked from. */
const sampled = async (view: View, { lock, key }: Opened, { window, signal, bySevenZip }: Source): Promise<Verdict> => {
  const { start, end } = bounds(view, lock);
  const decipher = key.start();
  const sampleEnd = Math.min(end, start + SMALL);
  async function* sample() {
    for await (const piece of slicesOf(window, start, sampleEnd, signal, 512)) yield decipher.update(piece);
  }
  let length = 0;
  let sum = 0;
  try {
    const decoder = decoderOf(lock.method, bySevenZip);
    for await (const bytes of decoder?.stream(sample(), { facts: view.facts, used: () => {} }) ?? []) {
      length += bytes.length;
      sum = crc32(bytes, sum);
      if (length >= ENOUGH) return 'likely';
    }
    if (sampleEnd === end && sum === view.facts.crc) return 'opens';
  } catch {
    signal.throwIfAborted();
  }
  return length >= NO_ACCIDENT ? 'likely' : 'wrong';
};

/** Unpacks all of it and compares the checksum; false where it is too large for that, or wrong. */
const isWholeRight = (view: View, { lock, key }: Opened, { window, bySevenZip }: Source): boolean => {
  const { start, end } = bounds(view, lock);
  const whole = decoderOf(lock.method, bySevenZip)?.whole;
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
  // What opened others, or passed a check of two bytes and is the only one, is not worth reading a large member twice.
  const isTrusted = isProven || (lock.isSealed && source.passwords.list().length === 1);
  if (isLarge && isTrusted && (lock.isSealed || lock.method === 0)) return 'likely';
  if (lock.isSealed) return (await isSealIntact(view, opened, source)) ? 'opens' : 'likely';
  if (isWholeRight(view, opened, source)) return 'opens';
  if (lock.method !== 0) {
    const verdict = await sampled(view, opened, source);
    return verdict === 'wrong' && isProven ? 'likely' : verdict;
  }
  if (isLarge && (await isChecksumRight(view, opened, source))) return 'opens';
  return isProven ? 'likely' : 'wrong';
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
  throw noPasswordOpens(passwords.length);
};
