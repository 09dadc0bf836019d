import { beforeEach, describe, expect, test } from 'bun:test';
import type { Looked } from '../storages/contract';
import { createSettling, type Settling } from './settling';

let now: number;
let there: Map<string, Looked>;
let settling: Settling;

beforeEach(() => {
  now = 1_000_000;
  there = new Map();
  settling = createSettling(
    ({ path }) => there.get(path),
    { settle: 100, longest: 1000 },
    () => now,
  );
});

const put = (
  path: string,
  { is = 'file', changedAt = now, stamp = `${changedAt}` }: Partial<Looked> & { stamp?: string } = {},
) => there.set(path, { is, changedAt, found: { path, size: 1, modifiedAt: changedAt, stamp } });

const write = (path: string) => {
  put(path);
  settling.touch({ path });
};

/** What has come to rest, looking every ten milliseconds for a while. */
const after = (ms: number): string[] => {
  const rested: string[] = [];
  for (const end = now + ms; now < end; ) {
    now += 10;
    rested.push(...settling.rested().files.map(({ path }) => path));
  }
  return rested;
};

describe('a file that changes', () => {
  test('is taken once it was left alone, and once only', () => {
    write('a');
    expect(after(90)).toEqual([]);
    expect(after(500)).toEqual(['a']);
    expect(settling.size()).toBe(0);
  });

  test('is waited for while it is being written, however often', () => {
    for (let i = 0; i < 9; i++) {
      write('slow');
      expect(after(60)).toEqual([]);
    }
    expect(after(500)).toEqual(['slow']);
  });

  test('that grows without anybody telling is not taken as half of itself', () => {
    write('quiet');
    now += 95;
    put('quiet');
    expect(after(60)).toEqual([]);
    expect(after(500)).toEqual(['quiet']);
  });

  test('that never comes to rest is taken all the same, again and again', () => {
    let taken = 0;
    for (let i = 0; i < 300; i++) {
      write('log');
      taken += after(10).length;
    }
    expect(taken).toBe(3);
  });

  test('whose times lie in the future is taken when it looks the same twice', () => {
    put('tomorrow', { changedAt: now + 1e9 });
    settling.touch({ path: 'tomorrow' });
    expect(after(1000)).toEqual(['tomorrow']);
  });

  test('that is gone again is forgotten', () => {
    write('temporary');
    there.delete('temporary');
    expect(after(500)).toEqual([]);
    expect(settling.size()).toBe(0);
  });
});

test('folders are told apart, and links are left out', () => {
  put('folder', { is: 'folder' });
  put('link', { is: 'link' });
  settling.touch({ path: 'folder' });
  settling.touch({ path: 'link' });
  now += 100;
  expect(settling.rested()).toEqual({ files: [], folders: [{ path: 'folder' }] });
  expect(settling.size()).toBe(0);
});

test('names that differ only in bytes that are no text are different files', () => {
  const place = (byte: number) => ({ path: 'a\uFFFD', raw: Uint8Array.of(0x61, byte) });
  settling.touch(place(0xfe));
  settling.touch(place(0xff));
  expect(settling.size()).toBe(2);
});
