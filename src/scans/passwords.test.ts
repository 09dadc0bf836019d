import { describe, expect, test } from 'bun:test';
import { Fault } from '../core/fault';
import type { Due } from '../core/file';
import { type Log, silentLog } from '../core/log';
import { createPasswords } from './passwords';

const due = (runId: string, more: Partial<Due> = {}) =>
  ({ runId, reason: 'rescan', workflowId: 'w', workflowRevision: 1, ...more }) as Due;

/** A store that counts how often it was asked. */
const storeOf = (given: { [run: string]: string[] }, own: { [workflow: string]: string[] } = {}) => {
  const asked: string[] = [];
  return {
    asked,
    rescans: {
      passwords: async (id: string) => {
        asked.push(id);
        return given[id] ?? [];
      },
    },
    workflows: {
      passwords: async (id: string, revision: number) => {
        asked.push(`${id}/${revision}`);
        return own[`${id}/${revision}`] ?? [];
      },
    },
  };
};

const passwordsOf = (store: ReturnType<typeof storeOf>, log: Log = silentLog) =>
  createPasswords({ store: store as never, log });

describe('the passwords of a run', () => {
  test("are the rescan's own in their order, then the workflow's, each once", async () => {
    const passwords = passwordsOf(storeOf({ r: ['c', 'a'] }, { 'w/1': ['b', 'a', 'd'] }));
    expect(await passwords.of(due('r'))).toEqual(['c', 'a', 'b', 'd']);
  });

  test("of a first scan are the workflow's", async () => {
    const passwords = passwordsOf(storeOf({ s: ['never'] }, { 'w/2': ['b'] }));
    expect(await passwords.of(due('s', { reason: 'scan', workflowRevision: 2 }))).toEqual(['b']);
  });

  test('are read once for a run and a revision, and the same array goes to all their files', async () => {
    const store = storeOf({ r: ['a'] });
    const passwords = passwordsOf(store);
    const [one, two] = await Promise.all([passwords.of(due('r')), passwords.of(due('r'))]);
    expect(one).toBe(two);
    expect(store.asked).toEqual(['r', 'w/1']);
    await passwords.of(due('r', { workflowRevision: 2 }));
    expect(store.asked).toEqual(['r', 'w/1', 'r', 'w/2']);
  });

  test('are forgotten when it is over, and those of the others kept', async () => {
    const store = storeOf({ r: ['a'], s: ['b'] });
    const passwords = passwordsOf(store);
    await passwords.of(due('r'));
    const kept = await passwords.of(due('s'));
    passwords.keepOnly(['s']);
    expect(await passwords.of(due('s'))).toBe(kept);
    store.asked.length = 0;
    await passwords.of(due('r'));
    expect(store.asked).toEqual(['r', 'w/1']);
  });
});

describe('one that opened something', () => {
  test('is tried first from then on, in that run alone', async () => {
    const passwords = passwordsOf(storeOf({ r: ['a', 'b', 'c'], s: ['a', 'b', 'c'] }));
    await passwords.of(due('r'));
    await passwords.of(due('s'));
    passwords.worked('r', 'c');
    passwords.worked('r', 'b');
    expect(await passwords.of(due('r'))).toEqual(['b', 'c', 'a']);
    expect(await passwords.of(due('s'))).toEqual(['a', 'b', 'c']);
  });

  test('counts for nothing when nobody gave it, or when its run is over', async () => {
    const passwords = passwordsOf(storeOf({ r: ['a', 'b'] }));
    const before = await passwords.of(due('r'));
    passwords.worked('r', 'made up by the file');
    expect(await passwords.of(due('r'))).toBe(before);
    passwords.keepOnly([]);
    passwords.worked('r', 'b');
    expect(await passwords.of(due('r'))).toEqual(['a', 'b']);
  });
});

test('when the key that sealed them was lost, the others are tried, and the log says why, without them', async () => {
  const lost = () => Promise.reject(new Fault('NOT_POSSIBLE', 'A stored secret cannot be read.'));
  const store = { ...storeOf({}, { 'w/1': ['b'] }), rescans: { passwords: lost } };
  const logged: unknown[][] = [];
  const log = { ...silentLog, warn: (...args: unknown[]) => void logged.push(args) } as Log;
  expect(await passwordsOf(store, log).of(due('r'))).toEqual(['b']);
  expect(logged).toEqual([[expect.objectContaining({ run: 'r' }), 'passwords cannot be tried']]);
});

test('an error of the store itself is not taken for a lost key', async () => {
  const broken = () => Promise.reject(new Error('disk I/O error'));
  const store = { ...storeOf({}), rescans: { passwords: broken } };
  expect(passwordsOf(store).of(due('r'))).rejects.toThrow('disk I/O error');
});
