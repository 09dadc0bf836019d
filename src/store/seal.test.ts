import { expect, test } from 'bun:test';
import { Fault } from '../core/fault';
import { createSeal } from './seal';

const key = (fill: number) => new Uint8Array(32).fill(fill);
const seal = createSeal(key(7));

const faultOf = (act: () => unknown): Fault => {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('it was opened');
};

test.each(['', 'a password', 'Pässwörd 密码', 'x'.repeat(100_000)])('what is sealed comes out again', (secret) => {
  expect(seal.open(seal.seal(secret, 'workflow:a'), 'workflow:a').toString()).toBe(secret);
});

test('bytes that are no text come out as they went in', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect([...seal.open(seal.seal(bytes, 'x'), 'x')]).toEqual([...bytes]);
});

test('what is sealed twice looks different each time and never like the secret', () => {
  const sealed = Array.from({ length: 100 }, () => seal.seal('a password', 'x'));
  expect(new Set(sealed).size).toBe(100);
  for (const one of sealed) {
    expect(one).not.toContain('password');
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('password');
  }
});

test('another key, another context, another version or a changed byte opens nothing, and the fault tells nothing', () => {
  const sealed = seal.seal('a password', 'workflow:a');
  const changed = (at: number) => {
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[at] = bytes[at]! ^ 1;
    return bytes.toString('base64url');
  };
  const length = Buffer.from(sealed, 'base64url').length;
  const faults = [
    faultOf(() => createSeal(key(8)).open(sealed, 'workflow:a')),
    faultOf(() => seal.open(sealed, 'workflow:b')),
    faultOf(() => seal.open(sealed, '')),
    ...Array.from({ length }, (_, at) => faultOf(() => seal.open(changed(at), 'workflow:a'))),
    ...['', 'AQ', sealed.slice(0, 20), sealed.slice(0, -4), 'no seal at all'].map((text) =>
      faultOf(() => seal.open(text, 'workflow:a')),
    ),
  ];
  for (const { code, hint, message } of faults) {
    expect(code).toBe('NOT_POSSIBLE');
    expect(hint).toContain('instance.key');
    expect(message).not.toContain('password');
  }
});
