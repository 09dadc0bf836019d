import type { Window } from './window';
import { aes, aesField } from './zip-aes';
import { zipCrypto } from './zip-crypto';
import type { Lock } from './zip-lock';
import { type Facts, FLAG } from './zip-record';

/** One way to read a member: by the directory, or by the header in front of its content, where they disagree. */
export interface View {
  facts: Facts;
  /** Where its bytes begin, and end. */
  from: number;
  to: number;
  /** Its sizes and checksum are only written behind it, where its own end shows to be. */
  isOpenEnded: boolean;
}

const AES_METHOD = 99;

export const isEncrypted = ({ flags, method }: Facts): boolean =>
  (flags & FLAG.encrypted) !== 0 || method === AES_METHOD;

/** What locks a member; undefined where its kind of encryption is not known here. */
export const lockOf = ({ facts, from, to }: View, window: Window): Lock | undefined => {
  if ((facts.flags & FLAG.strong) !== 0) return undefined;
  const head = (length: number) => window.read(from, Math.min(length, Math.max(0, to - from)));
  if (facts.method !== AES_METHOD) return zipCrypto(facts, head(12));
  const field = aesField(facts);
  return field && aes(field, head);
};
