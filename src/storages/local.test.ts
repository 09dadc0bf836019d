import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../core/fault';
import type { Found } from '../core/file';
import { createLocal } from './local';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assay-local-')));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

mkdirSync(at('root/deep/er'), { recursive: true });
mkdirSync(at('root/state'));
mkdirSync(at('outside'));
for (const name of ['root/b', 'root/a', 'root/deep/er/c', 'root/state/own', 'outside/x']) writeFileSync(at(name), name);
symlinkSync(at('outside'), at('root/link'));
symlinkSync(at('outside/x'), at('root/linked'));
symlinkSync(at('root'), at('alias'));

const list = async (root: string, path = '', except: string[] = []): Promise<Found[]> => {
  const found: Found[] = [];
  for await (const { files } of createLocal(root, except).list(path, new AbortController().signal))
    found.push(...files);
  return found;
};
const paths = async (...args: Parameters<typeof list>) => (await list(...args)).map(({ path }) => path);
const codeOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing thrown',
    (error) => (error as Fault).code,
  );

describe('a local folder', () => {
  test('is listed in an order that repeats, without links and without what is left out', async () => {
    const expected = ['root/a', 'root/b', 'root/deep/er/c'].map(at);
    expect(await paths(at('root'), '', [at('root/state')])).toEqual(expected);
    expect(await paths(at('root'), '', [at('root/state')])).toEqual(expected);
  });

  test('that is Assay’s own, or lies in it, is refused, also behind a link', async () => {
    const own = [at('root/state')];
    symlinkSync(at('root/state'), at('to state'));
    mkdirSync(at('root/state/in'));
    for (const root of ['root/state', 'root/state/in', 'root/state/own', 'to state'].map(at)) {
      expect(await codeOf(paths(root, '', own))).toBe('BAD_REQUEST');
      expect(await codeOf(createLocal(root, own).test())).toBe('BAD_REQUEST');
    }
    expect(await codeOf(paths(at('root'), 'state', own))).toBe('BAD_REQUEST');
  });

  test('that is itself a link is followed, shown as it was named and opened where it is', async () => {
    const [first] = await list(at('alias'), 'deep');
    expect(first!.path).toBe(at('alias/deep/er/c'));
    expect(Buffer.from(first!.raw!).toString()).toBe(at('root/deep/er/c'));
  });

  test('is not listed through a link in it', async () => {
    symlinkSync('/usr', at('root/to usr'));
    symlinkSync(at('root/deep'), at('root/to deep'));
    for (const path of ['to usr', 'to usr/bin', 'to deep/er']) {
      expect(await codeOf(paths(at('root'), path))).toBe('BAD_REQUEST');
    }
    expect(await paths(at('alias'), 'deep')).toEqual([at('alias/deep/er/c')]);
  });

  test('is listed from a folder in it, never from one outside', async () => {
    expect(await paths(at('root'), 'deep')).toEqual([at('root/deep/er/c')]);
    for (const path of ['..', '../outside', '/etc', 'deep/../../outside', 'deep\0']) {
      expect(await codeOf(paths(at('root'), path))).toBe('BAD_REQUEST');
      expect(await codeOf(createLocal(at('root')).find([path]))).toBe('BAD_REQUEST');
      expect(() => createLocal(at('root')).placeOf(path, [])).toThrow();
    }
  });

  test('may be one file', async () => {
    expect(await paths(at('root/a'))).toEqual([at('root/a')]);
  });

  test('that is not there says so, listed or tested', async () => {
    expect(await codeOf(paths(at('nothing')))).toBe('STORAGE_UNREACHABLE');
    expect(await codeOf(createLocal(at('nothing')).test())).toBe('STORAGE_UNREACHABLE');
    await createLocal(at('alias')).test();
  });

  test('stops when it is told to', async () => {
    const listing = createLocal('/usr').list('', AbortSignal.abort());
    expect(
      (async () => {
        for await (const _ of listing);
      })(),
    ).rejects.toThrow();
  });
});
