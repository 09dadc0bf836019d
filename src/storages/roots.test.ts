import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Found } from '../core/file';
import { readPathList } from './path-list';
import { createRoots, type Root, rootOf } from './roots';
import type { WalkRules } from './walk';

let dir: string;
beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'assay-roots-')));
  mkdirSync(join(dir, 'a/b/c'), { recursive: true });
  mkdirSync(join(dir, 'state'));
  for (const name of ['a/1', 'a/b/2', 'a/b/c/3', 'state/db']) writeFileSync(join(dir, name), 'x');
  symlinkSync(join(dir, 'a/1'), join(dir, 'link'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function* each<T>(values: T[]): AsyncGenerator<T, void> {
  yield* values;
}

const find = async (roots: Root[], rules: Partial<WalkRules> = {}): Promise<Found[]> => {
  const found: Found[] = [];
  const backend = createRoots(each(roots), { excluded: new Set(), ...rules });
  for await (const { files } of backend.list('', new AbortController().signal)) found.push(...files);
  return found;
};

const pathsOf = async (...args: Parameters<typeof find>) => (await find(...args)).map(({ path }) => path);

test('a folder is listed to its depth, and without what is left out', async () => {
  const root = [rootOf(dir)];
  const all = ['a/1', 'a/b/2', 'a/b/c/3', 'state/db'].map((name) => join(dir, name));
  expect(await pathsOf(root)).toEqual(all);
  expect(await pathsOf([rootOf(join(dir, 'a'))], { recursive: false })).toEqual([join(dir, 'a/1')]);
  expect(await pathsOf(root, { excluded: new Set([join(dir, 'state')]) })).toEqual(all.slice(0, 3));
  expect(await pathsOf(root, { skipsFile: (path) => path.endsWith('1') })).toEqual(all.slice(1));
  expect(await pathsOf(root, { skipsFolder: (path) => path.endsWith('/b') })).toEqual([all[0]!, all[3]!]);
});

test('what was written is shown, and what is opened follows as bytes where it differs', async () => {
  const written = relative(process.cwd(), join(dir, 'a/b/c'));
  const [file] = await find([rootOf(written)]);
  expect(file).toMatchObject({ path: `${written}/3`, raw: Buffer.from(join(dir, 'a/b/c/3')) });
  const [plain] = await find([rootOf(join(dir, 'a/1'))]);
  expect(plain?.raw).toBeUndefined();
  const [link] = await find([rootOf(join(dir, 'link'))]);
  expect(link).toMatchObject({ path: join(dir, 'link'), raw: Buffer.from(join(dir, 'a/1')), size: 1 });
});

test('a path without anything behind it is found, so that its result says so', async () => {
  expect(await find([rootOf('/no/such/file')])).toEqual([{ path: '/no/such/file', size: 0, modifiedAt: 0 }]);
});

test('a list that never goes on does not hold up the end', async () => {
  const abort = new AbortController();
  async function* silent(): AsyncGenerator<Root, void> {
    await new Promise(() => {});
    yield rootOf('/');
  }
  const listing = createRoots(silent(), { excluded: new Set() }).list('', abort.signal)[Symbol.asyncIterator]().next();
  abort.abort(new Error('enough'));
  await expect(listing).rejects.toThrow('enough');
});

const read = async (...pieces: (string | Uint8Array)[]) => {
  const paths: (string | Buffer)[] = [];
  for await (const path of readPathList(each(pieces.map((piece) => Buffer.from(piece as string))))) paths.push(path);
  return paths;
};

test('a list of paths is read across its pieces', async () => {
  expect(await read('/a', '/b\n\n/c d\r\n', '/e')).toEqual(['/a/b', '/c d\r', '/e']);
  expect(await read()).toEqual([]);
  expect(await read(new Uint8Array([0x2f, 0xff, 0x0a]), 'x')).toEqual([Buffer.from([0x2f, 0xff]), 'x']);
  await expect(read('x'.repeat(100_000))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});
