import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../core/fault';
import type { Place } from '../core/file';
import { newId } from '../core/id';
import type { Act } from './act';
import type { Backend } from './contract';
import { openKernel } from './kernel';
import { createLocal } from './local';

const kernel = openKernel();
let base: string;
let root: string;
let storage: Backend;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'assay-acts-')));
  root = join(base, 'root');
  mkdirSync(join(root, 'state'), { recursive: true });
  storage = createLocal(root, [join(root, 'state')], kernel);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const at = (name: string) => join(root, name);
const place = (name: string): Place => ({ path: at(name) });
const write = (name: string, content = name) => writeFileSync(at(name), content);
const read = (name: string) => readFileSync(at(name), 'utf8');
const act = (more: Partial<Act> = {}): Act => ({ id: newId(), again: false, claim: async () => {}, ...more });
const identityAt = async (name: string) => (await storage.stat(place(name)))!.identity;
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing thrown',
    (error: Fault) => error.code,
  );
const names = (name = '') => readdirSync(at(name)).sort();
async function* bytes(...pieces: string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

describe('an act on a local file', () => {
  test('that was written to, or exchanged, since it was looked into touches nothing', async () => {
    write('a');
    write('b');
    const identities = [await identityAt('a'), await identityAt('b')] as const;
    write('a', 'A');
    utimesSync(at('a'), 1, 1);
    renameSync(at('b'), at('kept'));
    write('b', 'b');
    for (const [name, identity] of [
      ['a', identities[0]],
      ['b', identities[1]],
    ] as const) {
      expect(await codeOf(storage.remove(place(name), identity, act()))).toBe('FILE_CHANGED');
      expect(await codeOf(storage.move(place(name), identity, place('x'), act()))).toBe('FILE_CHANGED');
      expect(await codeOf(storage.copy(place(name), identity, place('x'), act()))).toBe('FILE_CHANGED');
      expect(await codeOf(storage.tag(place(name), identity, { seen: '1' }))).toBe('FILE_CHANGED');
    }
    expect(names()).toEqual(['a', 'b', 'kept', 'state']);
    expect([read('a'), read('b'), read('kept')]).toEqual(['A', 'b', 'b']);
  });

  test('can be told of that somebody has open to write to it, and not of one that is only read', async () => {
    write('a');
    const isWritten = async () => storage.isWritten(place('a'), await identityAt('a'));
    for (const [flags, expected] of [
      ['r', false],
      ['r+', true],
      ['a', true],
    ] as const) {
      const fd = openSync(at('a'), flags);
      expect([flags, await isWritten()]).toEqual([flags, expected]);
      closeSync(fd);
      expect(await isWritten()).toBe(false);
    }
    expect(await codeOf(storage.isWritten(place('a'), 'another'))).toBe('FILE_CHANGED');
  });

  test('follows no link: neither in the place of the file, nor in the place of a folder on the way, nor at the destination', async () => {
    mkdirSync(at('in'));
    mkdirSync(join(base, 'outside'));
    writeFileSync(join(base, 'outside/f'), 'precious');
    write('in/f');
    write('g');
    const [f, g] = [await identityAt('in/f'), await identityAt('g')];
    renameSync(at('in'), at('was'));
    symlinkSync(join(base, 'outside'), at('in'));
    symlinkSync(join(base, 'outside'), at('to'));
    symlinkSync(join(base, 'outside/f'), at('link'));
    for (const run of [
      () => storage.remove(place('in/f'), f, act()),
      () => storage.move(place('in/f'), f, place('x'), act()),
      () => storage.remove(place('link'), f, act()),
      () => storage.move(place('g'), g, place('to/g'), act()),
      () => storage.copy(place('g'), g, place('to/deep/g'), act()),
      () => storage.put(place('to/g'), bytes('g'), act()),
    ])
      expect(await codeOf(run())).toBe('FILE_CHANGED');
    expect(readdirSync(join(base, 'outside'))).toEqual(['f']);
    expect(readFileSync(join(base, 'outside/f'), 'utf8')).toBe('precious');
    expect([names(), names('was')]).toEqual([['g', 'in', 'link', 'state', 'to', 'was'], ['f']]);
  });

  test('gives back the name of a file that took the place in the very moment of the act', async () => {
    write('a');
    write('new', 'new');
    const identity = await identityAt('a');
    // Between the last look at the name and the rename.
    const swapping = {
      ...kernel,
      rename: (from: number, name: Uint8Array, to: number, newName: Uint8Array) => {
        if (Buffer.from(name).toString() === 'a') renameSync(at('new'), at('a'));
        kernel.rename(from, name, to, newName);
      },
    };
    const swapped = createLocal(root, [], swapping);
    expect(await codeOf(swapped.remove(place('a'), identity, act()))).toBe('FILE_CHANGED');
    expect([names(), read('a')]).toEqual([['a', 'state'], 'new']);
    write('new', 'newer');
    expect(await codeOf(swapped.move(place('a'), await identityAt('a'), place('to/a'), act()))).toBe('FILE_CHANGED');
    expect([names(), names('to'), read('a')]).toEqual([['a', 'state', 'to'], [], 'newer']);
  });

  test('numbers names of 255 bytes and names that are not UTF-8', async () => {
    const long = `${'ü'.repeat(125)}.txt`;
    mkdirSync(at('to'));
    for (const name of [long, `to/${long}`]) write(name, 'x');
    const got = await storage.copy(place(long), await identityAt(long), place(`to/${long}`), act());
    expect(got.place.path).toEndWith('ü (2).txt');
    const raw = Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0x66, 0xff, 0x2e, 0x62)]);
    writeFileSync(raw, 'raw');
    const odd: Place = { path: raw.toString(), raw };
    const { identity } = (await storage.stat(odd))!;
    expect(storage.namesOf(odd).map((name) => Buffer.from(name).toString('hex'))).toEqual(['66ff2e62']);
    const to = storage.placeOf('to', storage.namesOf(odd));
    await storage.copy(odd, identity, to, act());
    const moved = await storage.move(odd, identity, to, act());
    const kept = readdirSync(at('to'), { encoding: 'buffer' }).map((name) => Buffer.from(name).toString('hex'));
    expect(kept.filter((name) => name.startsWith('66ff')).sort()).toEqual([
      '66ff20283229 2e62'.replace(' ', ''),
      '66ff2e62',
    ]);
    expect(Buffer.from(moved.place.raw!).toString('hex')).toEndWith('66ff202832292e62');
    expect(readFileSync(Buffer.from(moved.place.raw!), 'utf8')).toBe('raw');
  });

  test('takes one name of several and leaves the others, with their content', async () => {
    write('a');
    linkSync(at('a'), at('same'));
    const identity = await identityAt('a');
    const moved = await storage.move(place('a'), identity, place('to/a'), act());
    expect([moved.identity, read('same'), read('to/a')]).toEqual([identity, 'a', 'a']);
    await storage.remove(place('same'), identity, act());
    expect([names(), read('to/a')]).toEqual([['state', 'to'], 'a']);
  });

  test('stays out of the state of Assay, and out of what is beyond the storage', async () => {
    write('state/key', 'key');
    write('a');
    writeFileSync(join(base, 'beyond'), 'b');
    const [key, a] = [await storage.stat(place('state/key')).catch(() => undefined), await identityAt('a')];
    expect(key).toBeUndefined();
    const beyond = { path: join(base, 'beyond') };
    const other = createLocal(base, [], kernel);
    const identity = (await other.stat(place('state/key')))!.identity;
    for (const run of [
      () => storage.remove(place('state/key'), identity, act()),
      () => storage.move(place('a'), a, place('state/a'), act()),
      () => storage.copy(place('a'), a, place('state/deep/a'), act()),
      () => storage.copy(place('a'), a, beyond, act()),
      () => storage.put(beyond, bytes('x'), act()),
    ])
      expect(await codeOf(run())).toBe('BAD_REQUEST');
    expect(await codeOf(storage.remove(beyond, (await other.stat(beyond))!.identity, act()))).toBe('BAD_REQUEST');
    expect([names('state'), read('a'), readFileSync(beyond.path, 'utf8')]).toEqual([['key'], 'a', 'b']);
  });

  test('gives back content, owner, mode, times and extended attributes', async () => {
    write('a', 'content');
    chmodSync(at('a'), 0o2755);
    const stat = await storage.stat(place('a'));
    await storage.tag(place('a'), stat!.identity, { seen: 'yes', 'by who': 'ü' });
    utimesSync(at('a'), 1_000_000_000.25, 1_000_000_001.5);
    const before = lstatSync(at('a'), { bigint: true });
    const opened = await storage.open(place('a'), {}, new AbortController().signal);
    const { attributes } = opened;
    const put = await storage.put(place('b'), opened.stream, act(), { attributes, exact: true });
    const after = lstatSync(at('b'), { bigint: true });
    expect([after.mode, after.uid, after.gid, after.mtimeNs]).toEqual([
      before.mode,
      before.uid,
      before.gid,
      before.mtimeNs,
    ]);
    expect([read('b'), put.identity]).toEqual(['content', await identityAt('b')]);
    using fd = { ...(await open('b')) };
    expect(Buffer.from(kernel.getAttribute(fd.fd, 'user.assay.by who')!).toString()).toBe('ü');
    const copied = await storage.copy(place('b'), put.identity, place('c'), act());
    expect(lstatSync(copied.place.path).mode & 0o7777).toBe(0o755);
  });

  test('fails whole when what it reads changes under it, or its reader throws', async () => {
    write('a', 'x'.repeat(3_000_000));
    const identity = await identityAt('a');
    const opened = await storage.open(place('a'), { identity }, new AbortController().signal);
    const growing = (async function* () {
      for await (const piece of opened.stream) {
        yield piece;
        writeFileSync(at('a'), 'y', { flag: 'a' });
      }
    })();
    expect(await codeOf(storage.put(place('to/a'), growing, act()))).toBe('FILE_CHANGED');
    const failing = (async function* () {
      yield Buffer.from('half');
      throw new Error('the source broke');
    })();
    await expect(storage.put(place('to/b'), failing, act())).rejects.toThrow('the source broke');
    expect(names('to')).toEqual([]);
  });

  test('removes the folders that it left empty, and neither the root nor one that holds something', async () => {
    mkdirSync(at('deep/er/est'), { recursive: true });
    write('deep/er/est/a');
    write('deep/kept');
    await storage.remove(place('deep/er/est/a'), await identityAt('deep/er/est/a'), act());
    await storage.removeEmptyFolders(place('deep/er/est/a'));
    expect(names('deep')).toEqual(['kept']);
    rmSync(at('state'), { recursive: true });
    rmSync(at('deep'), { recursive: true });
    await storage.removeEmptyFolders(place('gone'));
    expect(existsSync(root)).toBe(true);
  });
});

const open = async (name: string): Promise<{ fd: number } & Disposable> => {
  const { openSync, closeSync } = await import('node:fs');
  const fd = openSync(at(name), 'r');
  return { fd, [Symbol.dispose]: () => closeSync(fd) };
};
