import { describe, expect, test } from 'bun:test';
import { z } from 'zod';
import sensitiveData from '../../plugins/sensitive-data';
import type { Answer, EngineFile, SensitiveType } from '../../src/engines/contract';
import { conformance, openEngine } from './conformance';

const CARD = '4012 8888 8888 1881';
const bytes = (text: string) => new TextEncoder().encode(text);
const { signal } = new AbortController();

conformance('sensitive-data', {
  engine: sensitiveData,
  options: {},
  infected: () => bytes(`credit card ${CARD}`),
  clean: () => bytes('nothing to see here'),
});

/** A file that is nothing but its text. */
const fileOf = (text: EngineFile['text'], type = 'text/plain') => ({ type, text }) as EngineFile;

const ask = async (
  text: string | string[] | EngineFile,
  { options = {}, showSensitive = false }: { options?: object; showSensitive?: boolean } = {},
): Promise<Answer> => {
  await using engine = await openEngine(sensitiveData, options);
  const pieces = [text].flat();
  const file =
    typeof text === 'object' && 'type' in text
      ? text
      : fileOf(async function* () {
          yield* pieces as string[];
        });
  return await engine.scan(file, { signal, showSensitive });
};

/** What was found, by type. */
const find = async (...asked: Parameters<typeof ask>): Promise<{ [type: string]: SensitiveType }> => {
  const answer = await ask(...asked);
  const types = answer.status === 'detected' ? (answer.sensitive?.types ?? []) : [];
  return Object.fromEntries(types.map((type) => [type.type, type]));
};
const scoreOf = async (type: string, text: string, options = {}) => (await find(text, { options }))[type]?.score ?? 0;

describe('payment cards', () => {
  test.each([
    ['4111 1111 1111 1111', 'Visa'],
    ['5555-5555-5555-4444', 'Mastercard'],
    ['2223000048400011', 'Mastercard of the new range'],
    ['3782 822463 10005', 'American Express'],
    ['6011 1111 1111 1117', 'Discover'],
    ['3530 1113 3330 0000', 'JCB'],
    ['3056 930902 5904', 'Diners Club'],
    ['6200 0000 0000 0005', 'UnionPay'],
  ])('%s of %s is found', async (number) => {
    expect(await scoreOf('ccn', `pay with ${number}, please`)).toBeGreaterThanOrEqual(50);
  });

  test.each([
    ['4012 8888 8888 1882', 'the check digit is wrong'],
    ['1234 5678 9012 3452', 'no issuer has the range'],
    ['0000 0000 0000 0000', 'it is one digit'],
    ['94012888888881881', 'it is a part of something longer'],
    ['x4012888888881881', 'it is a part of a word'],
    ['4012-8888 8888-1881', 'its separators differ'],
    ['40 12 88 88 88 88 18 81', 'nobody prints it like this'],
    ['1.4012888888881881', 'it is a part of a fraction'],
  ])('%s is none: %s', async (number) => {
    expect(await scoreOf('ccn', `here: ${number}.`)).toBe(0);
  });

  test('words near by, and over the column, make it likelier or less likely', async () => {
    const bare = await scoreOf('ccn', 'x 4012888888881881 x');
    expect(await scoreOf('ccn', 'credit card 4012888888881881')).toBeGreaterThan(bare);
    const order = await scoreOf('ccn', 'order number 4012888888881881');
    expect(order).toBeGreaterThan(0);
    expect(order).toBeLessThan(50);
    expect(await scoreOf('ccn', '{"ref":"4012888888881881"}')).toBeLessThan(50);
    expect(await scoreOf('ccn', 'member number 4012 8888 8888 1881')).toBeLessThan(50);
    expect(await scoreOf('ccn', 'card member 4012 8888 8888 1881')).toBeGreaterThan(bare);
    const table = (head: string) => `id,${head}\n1,4012888888881881\n`;
    expect(await scoreOf('ccn', table('tracking number'))).toBeLessThan(50);
    expect(await scoreOf('ccn', table('card'))).toBeGreaterThan(bare);
  });

  test('repeats make it likelier; many that fail the check digit beside it, less likely', async () => {
    const cards = ['4012888888881881', '4111111111111111', '5555555555554444'];
    const one = await scoreOf('ccn', `x ${cards[0]} x`);
    expect(await scoreOf('ccn', cards.map((card) => `x ${card} x`).join('\n'))).toBeGreaterThan(one);
    const others = Array.from({ length: 9 }, (_, i) => `x 401288888888188${i} x`).join('\n');
    expect(await scoreOf('ccn', `${cards[1]}\n${others}`)).toBeLessThan(50);
  });
});

describe('social security numbers', () => {
  test('are found by their form and what is said of them', async () => {
    expect(await scoreOf('ssn', 'SSN: 536-22-1234')).toBeGreaterThanOrEqual(80);
    expect(await scoreOf('ssn', 'social security number 536221234')).toBeGreaterThanOrEqual(50);
    expect(await scoreOf('ssn', '536221234')).toBe(0);
    expect(await scoreOf('ssn', 'part no 536-22-1234')).toBeLessThan(50);
  });
  test.each(['000-22-1234', '666-22-1234', '912-22-1234', '536-00-1234', '536-22-0000', '078-05-1120'])(
    '%s was never issued',
    async (number) => {
      expect(await scoreOf('ssn', `SSN: ${number}`)).toBeLessThan(50);
    },
  );
});

test('account numbers are found by country, length and check digits', async () => {
  expect(await scoreOf('iban', 'DE89 3704 0044 0532 0130 00')).toBeGreaterThanOrEqual(80);
  expect(await scoreOf('iban', 'GB82WEST12345698765432')).toBeGreaterThanOrEqual(50);
  expect(await scoreOf('iban', 'DE88 3704 0044 0532 0130 00')).toBe(0);
  expect(await scoreOf('iban', 'ZZ89 3704 0044 0532 0130 00')).toBe(0);
});

test('e-mail addresses are told in bulk only', async () => {
  const some = (count: number) => Array.from({ length: count }, (_, i) => `person${i}@example.org`).join('; ');
  const options = { emailsFrom: 5 };
  expect(await scoreOf('email', some(4), options)).toBe(0);
  expect(await scoreOf('email', 'one@example.org '.repeat(50), options)).toBe(0);
  expect(await scoreOf('email', some(5), options)).toBeGreaterThanOrEqual(50);
});

test('private keys and secrets of clouds are found, and examples of them count for little', async () => {
  const { privateKey } = await crypto.subtle
    .generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    .then((pair) => pair as CryptoKeyPair);
  const body = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64');
  const pem = `-----BEGIN PRIVATE KEY-----\n${body.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
  expect(await scoreOf('private_key', pem)).toBeGreaterThanOrEqual(80);
  expect(JSON.stringify(await find(pem))).not.toContain(body.slice(0, 20));
  expect(await scoreOf('private_key', '-----BEGIN PRIVATE KEY-----\n(your key here)\n')).toBeLessThan(50);
  expect(await scoreOf('secret', `key = AKIA${'QWERTYUIOPASDF23'}`)).toBeGreaterThanOrEqual(50);
  expect(await scoreOf('secret', 'key = AKIAIOSFODNN7EXAMPLE')).toBeLessThan(50);
});

describe('own expressions', () => {
  const own = (pattern: string, more = {}) => ({ patterns: [{ name: 'Mine', pattern, ...more }] });

  test('are found under their number and name', async () => {
    const found = await find('the number STF-123456', { options: own('STF-\\d{6}') });
    expect(found).toEqual({ regex_1: expect.objectContaining({ displayName: 'Mine', count: 1, score: 80 }) });
    expect(await scoreOf('regex_1', 'stf-123456', own('STF-\\d{6}'))).toBe(0);
    expect(await scoreOf('regex_1', 'stf-123456', own('STF-\\d{6}', { ignoreCase: true }))).toBe(80);
    expect(await scoreOf('regex_1', 'staff STF-123456', own('STF-\\d{6}', { keywords: ['Staff'] }))).toBe(100);
  });

  test.each([
    ['(', 'RE2'],
    ['(a)\\1', 'RE2'],
    ['(?=a)b', 'RE2'],
    ['a*', 'empty'],
    ['(a{1000}){1000}', 'RE2'],
  ])('%s is refused with its name', async (pattern, why) => {
    const options = sensitiveData.options(z).parse(own(pattern));
    await expect(sensitiveData.prepare(options)).rejects.toThrow(new RegExp(`"Mine".*${why}`));
  });

  // With a backtracking engine each of these would outlast the sun.
  test.each(['(a+)+$b', '(a|a)*c', '(.*a){20}x', '([a-z]+)*[0-9]z'])(
    '%s comes to an end on a hostile text',
    async (pattern) => {
      expect(await ask('a'.repeat(100_000), { options: own(pattern) })).toEqual({ status: 'clean' });
    },
  );
});

describe('what is told of a find', () => {
  test('is masked, with all that is sensitive around it', async () => {
    const text = `Ann, credit card ${CARD}, SSN 536-22-1234, account DE89370400440532013000, member 8843212345 of us`;
    const found = await find(text);
    expect(found.ccn?.hits[0]).toMatchObject({ hit: '**** **** **** 1881', before: 'Ann, credit card ' });
    const said = JSON.stringify(found).replaceAll(/\D/g, '');
    for (const number of ['401288888888', '536221234', '370400440532', '8843212345'])
      expect(said).not.toContain(number);
  });

  test('is as it is when the workflow wants that', async () => {
    const found = await find(`credit card ${CARD} of Ann`, { showSensitive: true });
    expect(found.ccn?.hits[0]).toMatchObject({ before: 'credit card ', hit: CARD, after: ' of Ann' });
  });

  test('is bounded, and all are counted, also in a text that comes in pieces and goes on for long', async () => {
    const filler = 'lorem ipsum dolor sit amet '.repeat(400);
    const pieces = Array.from({ length: 100 }, () => [filler, 'card 4012 88', '88 8888 1881 and so on']).flat();
    const { ccn } = await find(pieces);
    expect(ccn?.count).toBe(100);
    expect(ccn?.hits).toHaveLength(20);
  });
});

describe('what was not read is never clean', () => {
  const broken = (text: string, unread?: 'skipped' | 'failed') =>
    fileOf(async function* () {
      yield text;
      throw Object.assign(new Error('page 2 is damaged'), { unread });
    });

  test('a kind without text is skipped', async () => {
    expect(await ask(fileOf(() => undefined, 'image/png'))).toMatchObject({ status: 'skipped' });
  });
  test('a text that ends too soon says why', async () => {
    const reason = 'page 2 is damaged';
    expect(await ask(broken('nothing', 'skipped'))).toEqual({ status: 'skipped', reason });
    expect(await ask(broken('nothing', 'failed'))).toEqual({ status: 'failed', reason, retry: false });
    expect(await ask(broken('nothing'))).toEqual({ status: 'failed', reason, retry: true });
  });
  test('what was found before that is told, with why there may be more', async () => {
    expect(await ask(broken(`card ${CARD}`, 'failed'))).toMatchObject({
      status: 'detected',
      sensitive: { unread: { status: 'failed', reason: 'page 2 is damaged' } },
    });
  });
});
