import { describe, expect, test } from 'bun:test';
import { toAnswer, toDefinitions } from './answer';

describe('what an engine answers', () => {
  test('is taken as it is where it is an answer, without what does not belong to one', () => {
    for (const answer of [
      { status: 'clean' },
      { status: 'clean', looksInside: true },
      { status: 'detected', name: 'Eicar', kind: 'Threat' },
      { status: 'detected', name: 'Limit', kind: 'Unscannable', resultCode: 13 },
      { status: 'skipped', reason: 'not its kind', retry: false },
      { status: 'failed', reason: 'away', retry: false },
    ]) {
      expect(toAnswer({ ...answer, engineId: 'another', more: 5n })).toEqual(answer as never);
    }
  });

  test('is none when it says nothing that there is', () => {
    for (const said of [undefined, null, 'clean', 0, [], {}, { status: 'CLEAN' }, { status: true }]) {
      expect(() => toAnswer(said)).toThrow('what it answers');
    }
  });

  test('is a detection when it says so, however the rest is', () => {
    const threat = { status: 'detected', name: 'something without a name', kind: 'Threat' };
    for (const more of [
      {},
      { name: 5 },
      { kind: 'Virus', sensitive: 'yes', vulnerabilities: [{}], severity: 'awful' },
    ]) {
      expect(toAnswer({ status: 'detected', ...more })).toEqual(threat as never);
    }
  });

  test('says why in words, and not in more of them than anybody reads', () => {
    expect(toAnswer({ status: 'failed' })).toEqual({ status: 'failed', reason: 'it does not say why', retry: true });
    expect(toAnswer({ status: 'skipped', reason: {} })).toEqual({ status: 'skipped', reason: 'it does not say why' });
    expect(toAnswer({ status: 'detected', name: 'x'.repeat(5_000), kind: 'Threat' })).toMatchObject({
      name: 'x'.repeat(1_000),
    });
  });
});

test('definitions have a version that is text', () => {
  expect(toDefinitions({ version: '1', date: 7 })).toEqual({ version: '1' });
  for (const said of [undefined, {}, { version: 5n }, '1']) expect(() => toDefinitions(said)).toThrow('definitions');
});
