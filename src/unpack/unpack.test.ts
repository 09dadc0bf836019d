import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pieceInMemory } from '../content/piece';
import { createScratch } from '../content/scratch';
import type { Trouble } from '../core/findings';
import { createBudget, type Limits } from './budget';
import { type Member, type Reader, troubleError } from './contract';
import { createPasswords } from './passwords';
import { type Taken, unpack } from './unpack';

const dir = mkdtempSync(join(tmpdir(), 'assay-unpack-'));
afterAll(() => rmSync(dir, { recursive: true }));
const scratch = createScratch(dir);
/** The nameless files of the scratch folder that are open. */
const descriptors = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(dir);
    } catch {
      // The descriptor with which the folder itself was read.
      return false;
    }
  }).length;

const type = { mime: 'x/y', description: 'Test archive', container: true };
const wide: Limits = { depth: 9, files: 1000, size: 1e12, expansion: 1e9, time: 1e8 };

const holding = (...entries: (Member | Trouble)[]): Reader => ({
  id: 'test',
  reads: () => true,
  members: async function* () {
    yield* entries;
  },
});
const bytes = (name: string, ...pieces: (string | Uint8Array)[]): Member => ({
  name,
  open: async function* () {
    for (const piece of pieces) yield Buffer.from(piece as string);
  },
});
const endless = (name: string, piece = new Uint8Array(1 << 20)): Member => ({
  name,
  open: async function* () {
    for (;;) yield piece;
  },
});
const failing = (name: string, error: unknown, ...before: string[]): Member => ({
  name,
  open: async function* () {
    for (const piece of before) yield Buffer.from(piece);
    throw error;
  },
});

const run = async (
  reader: Reader,
  limits: Partial<Limits> = {},
  signal = new AbortController().signal,
  size = 1000,
) => {
  const budget = createBudget({ ...wide, ...limits }, size, signal);
  const taken: Record<string, string> = {};
  const troubles = await unpack(
    {
      piece: pieceInMemory(new Uint8Array(size), scratch),
      type,
      name: 'test',
      reader,
      budget,
      passwords: createPasswords([]),
      scratch,
    },
    async ({ name, content: { piece }, trouble }: Taken) => {
      taken[name] = trouble?.why ?? Buffer.from(piece.bytes(0, 100)).toString();
      piece.close();
    },
  );
  budget.end();
  return { taken, troubles: troubles.map(({ why }) => why), budget };
};

describe('taking a container apart', () => {
  test('gives every member, small in memory and large on disk, the same bytes', async () => {
    const large = Buffer.alloc(3 << 20, 'x');
    let seen: { size: number; inMemory: boolean; sha256: string } | undefined;
    const budget = createBudget(wide, 1, new AbortController().signal);
    const reader = holding(bytes('large', large.subarray(0, 5), large.subarray(5)));
    const piece = pieceInMemory(new Uint8Array(), scratch);
    await unpack(
      { piece, type, name: '', reader, budget, passwords: createPasswords([]), scratch },
      async ({ content }) => {
        const all = Buffer.concat(await Array.fromAsync(content.piece.stream()));
        expect(all.equals(large)).toBe(true);
        seen = { size: content.piece.size, inMemory: content.piece.inMemory, sha256: content.digest.sha256 };
        content.piece.close();
      },
    );
    budget.end();
    expect(seen).toEqual({
      size: large.length,
      inMemory: false,
      sha256: new Bun.CryptoHasher('sha256').update(large).digest('hex'),
    });
    expect(descriptors()).toBe(0);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('goes on after a member that cannot be read, and keeps what came of it', async () => {
    const { taken, troubles } = await run(
      holding(
        failing('locked', troubleError('encrypted', 'No password was given.')),
        failing('torn', new Error('crc'), 'half'),
        bytes('whole', 'all of it'),
      ),
    );
    expect(taken).toEqual({ locked: 'encrypted', torn: 'damaged', whole: 'all of it' });
    expect(troubles).toEqual([]);
  });

  test('a reader that throws leaves what it gave before, and a trouble', async () => {
    const reader: Reader = {
      ...holding(),
      members: async function* () {
        yield bytes('a', '1');
        throw new Error('torn');
      },
    };
    expect(await run(reader)).toMatchObject({ taken: { a: '1' }, troubles: ['damaged'] });
  });

  test.each([
    ['files', { files: 2 }, ['a', 'b']],
    ['size', { size: 5 }, ['a', 'b']],
  ] as const)('ends at the limit of %s, and says so once', async (why, limits, names) => {
    const { taken, troubles } = await run(
      holding(bytes('a', '12'), bytes('b', '34'), bytes('c', '56'), bytes('d', '78')),
      limits,
    );
    expect(Object.keys(taken)).toEqual([...names]);
    expect(troubles).toEqual([why]);
  });

  test('bytes are counted as they come, whatever a header says', async () => {
    const lying = { ...endless('bomb'), size: 1 };
    expect(await run(holding(bytes('a', '1'), lying), { size: 50e6 })).toMatchObject({
      taken: { a: '1' },
      troubles: ['size'],
    });
    expect(await run(holding(lying), { expansion: 100 })).toMatchObject({ troubles: ['expansion'] });
    expect(descriptors()).toBe(0);
  });

  test('ends when the time is up, also in the midst of a member', async () => {
    expect((await run(holding(endless('slow', new Uint8Array(1))), { time: 20 })).troubles).toEqual(['time']);
    const stop = new AbortController();
    stop.abort();
    expect((await run(holding(bytes('a', '1')), {}, stop.signal)).troubles).toEqual(['time']);
  });

  test('a folder that takes no more is a failure of ours, not of the archive', async () => {
    const full = {
      ...scratch,
      create: () => {
        throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      },
    };
    const budget = createBudget(wide, 1, new AbortController().signal);
    const reader = holding(endless('large'));
    const container = { piece: pieceInMemory(new Uint8Array(), scratch), type, name: '', reader, budget };
    const taking = unpack({ ...container, passwords: createPasswords([]), scratch: full }, async () => {});
    await expect(taking).rejects.toThrow('full');
    budget.end();
  });
});

test('the password that worked last is tried first, and told', () => {
  const passwords = createPasswords(['a', 'b', 'c']);
  passwords.worked('c');
  expect(passwords.list()).toEqual(['c', 'a', 'b']);
  passwords.worked('b');
  expect(passwords.list()).toEqual(['b', 'c', 'a']);
  expect(passwords.lastUsed()).toBe('b');
});
