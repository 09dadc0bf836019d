import { afterAll, beforeAll, expect, test } from 'bun:test';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pieceOf } from '../content/piece';
import { createWindow } from './window';
import { endsIn } from './zip-end';

const MB = 1024 * 1024;
const SIZE = 18 * MB + 5;
const END = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-zip-end-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Where the end records of a file are that has one at each of these places. */
const endsOf = (...places: number[]): number[] => {
  const bytes = Buffer.alloc(SIZE);
  for (const at of places) END.copy(bytes, at);
  writeFileSync(join(dir, 'file'), bytes);
  const fd = openSync(join(dir, 'file'), 'r');
  try {
    return endsIn(createWindow(pieceOf(fd, SIZE)));
  } finally {
    closeSync(fd);
  }
};

test('the last end record within 16 MB of the end is found, also where it lies across two steps of the search', () => {
  for (const back of [100_000, MB - 1, MB, MB + 1, MB + 3, MB + 4, 5 * MB + 2, 16 * MB]) {
    expect([back, ...endsOf(MB, SIZE - back)]).toEqual([back, SIZE - back]);
  }
});

test('one that is farther away is none, and neither is one that is cut off', () => {
  expect(endsOf(SIZE - 16 * MB - 1)).toEqual([]);
  expect(endsOf()).toEqual([]);
});
