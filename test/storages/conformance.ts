import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Fault } from '../../src/core/fault';
import type { Found, Place } from '../../src/core/file';
import { newId } from '../../src/core/id';
import type { Act, Claim } from '../../src/storages/act';
import type { Backend } from '../../src/storages/contract';

/** A storage with nothing in it, and a way to its files past it: what others do there. */
export interface Ground {
  storage: Backend;
  /** The place of a name below the root of the storage. */
  at: (name: string) => Place;
  write: (name: string, content: string) => Promise<void>;
  remove: (name: string) => Promise<void>;
  /** Undefined when it is not there. */
  read: (name: string) => Promise<string | undefined>;
  /** Of all files, sorted. */
  names: () => Promise<string[]>;
  /** Of a place that is not in the storage. */
  outside: Place;
  clear: () => Promise<void>;
}

export interface Kind {
  /** Starts what all grounds stand on. */
  start?: () => Promise<void>;
  stop?: () => Promise<void>;
  open: () => Promise<Ground>;
  /** False when this one has no tags for its files, whatever the kind has. */
  tags: boolean;
  /** Names that this one loses by itself. */
  except?: RegExp;
  /** It keeps the versions of a file that was overwritten or removed. */
  versions?: boolean;
}

/** Names that would do harm if they were anything but data. */
export const HOSTILE = [
  '$(touch pwned)',
  "'; DROP TABLE files; --",
  '-rf',
  '*?[a]',
  '.assay-',
  '...',
  ' a b+c&d%41 ',
  'new\nline\r\ttab\u0007',
  'back\\slash:colon|pipe"quote',
  '<script>alert(1)</script>',
  'ümläut/日本/\u202Etxt.exe',
  `${'n'.repeat(251)}.txt`,
  'u\u0308', // and not ü
  '%2e%2e/%2f',
  'q?uery#fragment',
];

export const act = (more: Partial<Act> = {}): Act => ({ id: newId(), again: false, claim: async () => {}, ...more });

export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing thrown',
    (error: Fault) => error.code,
  );

/** `rejects` holds up the event loop that it waits for. */
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing thrown',
    (error: Error) => error.message,
  );

export async function* bytes(...pieces: string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

export const textOf = async (stream: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(stream)).toString();

const never = new AbortController().signal;

/** An act that ends where it was about to put a file, or right after that; and the same asked for again. */
const cutOff = (where: 'before it is noted' | 'once it is noted'): { first: Act; again: () => Act } => {
  const id = newId();
  let claimed: Claim | undefined;
  const claim = async (one: Claim) => {
    if (where === 'before it is noted') throw new Error('cut off');
    claimed = one;
    throw new Error('cut off');
  };
  return { first: act({ id, claim }), again: () => act({ id, again: true, claimed }) };
};

/** What every kind of storage does, and what none does. */
export const conformance = (name: string, kind: Kind): void =>
  describe(name, () => {
    const hostile = HOSTILE.filter((path) => !kind.except?.test(path));
    let ground: Ground;
    let storage: Backend;
    let at: Ground['at'];

    beforeAll(async () => kind.start?.(), 60_000);
    afterAll(async () => kind.stop?.());
    beforeEach(async () => {
      ground = await kind.open();
      ({ storage, at } = ground);
    });
    afterEach(() => ground.clear());

    const write = (path: string, content = path) => ground.write(path, content);
    const writeAll = (paths: string[]) => Promise.all(paths.map((path) => write(path)));
    const contents = async () =>
      Object.fromEntries(
        await Promise.all((await ground.names()).map(async (path) => [path, await ground.read(path)])),
      );
    const identityAt = async (path: string) => (await storage.stat(at(path)))!.identity;
    const list = async (folder = '', after?: string): Promise<Found[]> => {
      const found: Found[] = [];
      for await (const { files } of storage.list(folder, never, after)) found.push(...files);
      return found;
    };

    describe('looked into', () => {
      test('each file is listed once, whatever its name, and can be opened by what the listing says', async () => {
        await writeAll(hostile);
        const found = await list();
        expect(found.map(({ path }) => path).sort()).toEqual(hostile.map((path) => at(path).path).sort());
        const look = async ({ path, raw, size, stamp }: Found) => {
          const place = raw === undefined ? { path } : { path, raw };
          const opened = await storage.open(place, {}, never);
          const content = await textOf(opened.stream);
          expect(at(content).path).toBe(path);
          expect([size, stamp]).toEqual([Buffer.byteLength(content), (await storage.stat(place))!.stamp]);
        };
        await Promise.all(found.map(look));
        expect((await list()).map(({ path }) => path)).toEqual(found.map(({ path }) => path));
      });

      test('a listing goes on behind the cursor of each of its groups', async () => {
        const names = Array.from({ length: 10 }, (_, n) => `f/${n}é\n`);
        await writeAll(names);
        let before: string[] = [];
        for await (const { files, cursor } of storage.list('', never)) {
          before = [...before, ...files.map(({ path }) => path)];
          const rest = cursor === undefined ? [] : (await list('', cursor)).map(({ path }) => path);
          if (cursor !== undefined) expect([...before, ...rest]).toEqual(names.map((path) => at(path).path));
        }
        expect(before).toEqual(names.map((path) => at(path).path));
      });

      test('a folder is listed by itself, and not what begins like it', async () => {
        await writeAll(['in/a', 'in/deep/b', 'into/c', 'd']);
        expect((await list('in')).map(({ path }) => path)).toEqual(['in/a', 'in/deep/b'].map((path) => at(path).path));
      });

      test('files are found by their paths, in their order; what is not there is found without a stamp', async () => {
        for (const path of ['a', hostile[0]!]) await write(path);
        const found = await storage.find([hostile[0]!, 'nowhere', 'a'].map((path) => at(path).path));
        expect(found.map(({ path, size }) => [path, size])).toEqual([
          [at(hostile[0]!).path, 14],
          [at('nowhere').path, 0],
          [at('a').path, 1],
        ]);
        expect(found.map(({ stamp }) => stamp !== undefined)).toEqual([true, false, true]);
        expect(await codeOf(storage.find([ground.outside.path]))).toBe('BAD_REQUEST');
      });

      test('a file is stated as it is now: another content is another identity, and what is not there is nothing', async () => {
        await write('a/b', 'one');
        const before = (await storage.stat(at('a/b')))!;
        await write('a/b', 'three');
        const after = (await storage.stat(at('a/b')))!;
        expect([before.size, after.size]).toEqual([3, 5]);
        expect(after.identity).not.toBe(before.identity);
        expect(after.stamp).not.toBe(before.stamp);
        for (const path of ['a', 'nowhere', 'no/where']) expect(await storage.stat(at(path))).toBeUndefined();
      });

      test('a file is opened whole or in a range, as what it was looked at, or not at all', async () => {
        await write('a', '0123456789');
        await write('empty', '');
        const identity = await identityAt('a');
        const read = async (range: Parameters<Backend['open']>[1], path = 'a') => {
          const opened = await storage.open(at(path), range, never);
          return [opened.size, await textOf(opened.stream)];
        };
        expect(await read({})).toEqual([10, '0123456789']);
        expect(await read({ start: 7, identity })).toEqual([10, '789']);
        expect(await read({ start: 2, end: 5 })).toEqual([10, '234']);
        expect(await read({ end: 3 })).toEqual([10, '012']);
        expect(await read({ start: 5, end: 99 })).toEqual([10, '56789']);
        expect(await read({}, 'empty')).toEqual([0, '']);
        expect((await storage.open(at('a'), {}, never)).identity).toBe(identity);
        await write('a', '9876543210 and more');
        // Where versions are kept, that one can still be read.
        const tail = await read({ start: 7, identity }).catch(({ code }: Fault) => code);
        expect(kind.versions ? tail : [tail]).toEqual(kind.versions ? [10, '789'] : ['FILE_CHANGED']);
        await ground.remove('a');
        expect(await codeOf(storage.open(at('a'), {}, never))).toBe('NOT_FOUND');
      });

      test('streams that are ended early, or that nobody reads, hold nothing', async () => {
        await write('a', 'x'.repeat(300_000));
        // More than there are connections at once.
        const openOne = async (_: unknown, n: number) => {
          const ending = new AbortController();
          const { stream } = await storage.open(at('a'), {}, ending.signal);
          if (n % 2 === 0) for await (const _ of stream) break;
          else ending.abort();
        };
        await Promise.all(Array.from({ length: 70 }, openOne));
        expect((await textOf((await storage.open(at('a'), {}, never)).stream)).length).toBe(300_000);
      });

      test('it says what it is: its limits, that it is there, and that it can be used', async () => {
        expect(storage.limits.notes.length).toBeGreaterThan(0);
        expect(storage.limits.path).toBeGreaterThan(255);
        expect(await storage.away()).toBeUndefined();
        await storage.test();
      });

      test('names lead to a place and back, and never out of the folder', async () => {
        for (const path of hostile) {
          const names = storage.namesOf(at(path));
          expect(names.map((one) => Buffer.from(one).toString())).toEqual(path.split('/'));
          expect(storage.placeOf('', names).path).toBe(at(path).path);
        }
        const odd = ['..', '.', '', 'a'].map((one) => Buffer.from(one));
        const made = await storage.put(storage.placeOf('to', odd), bytes('odd'), act());
        expect(made.place.path).toStartWith(at('to/').path);
        expect((await ground.names()).every((path) => path.startsWith('to/'))).toBe(true);
      });
    });

    describe('acted on', () => {
      test('exactly that file is removed, moved and copied, and the others stay', async () => {
        await writeAll(['a', 'b', 'c', 'other', 'to/other']);
        await storage.remove(at('a'), await identityAt('a'), act());
        const moved = await storage.move(at('b'), await identityAt('b'), at('to/the/b'), act());
        const copied = await storage.copy(at('c'), await identityAt('c'), at('to/c'), act());
        expect(await contents()).toEqual({
          c: 'c',
          other: 'other',
          'to/c': 'c',
          'to/other': 'to/other',
          'to/the/b': 'b',
        });
        expect([moved.place.path, copied.place.path]).toEqual([at('to/the/b').path, at('to/c').path]);
        expect([moved.identity, copied.identity]).toEqual([await identityAt('to/the/b'), await identityAt('to/c')]);
      });

      test('names are nothing but data', async () => {
        const carry = async (path: string, n: number) => {
          await write(path, `${n}`);
          const copied = await storage.copy(at(path), await identityAt(path), at(`copy/${path}`), act());
          const moved = await storage.move(copied.place, copied.identity, at(`moved/${path}`), act());
          expect(moved.place.path).toBe(at(`moved/${path}`).path);
          await storage.remove(at(path), await identityAt(path), act());
        };
        await Promise.all(hostile.map(carry));
        expect(await contents()).toEqual(Object.fromEntries(hostile.map((path, n) => [`moved/${path}`, `${n}`])));
      }, 30_000);

      test('what is not what was looked into is touched in no way', async () => {
        await write('a');
        await write('gone');
        const [identity, gone] = [await identityAt('a'), await identityAt('gone')];
        await write('a', 'something else');
        await ground.remove('gone');
        for (const [path, was, code] of [
          ['a', identity, 'FILE_CHANGED'],
          ['gone', gone, 'NOT_FOUND'],
        ] as const) {
          const acts = [
            storage.remove(at(path), was, act()),
            storage.move(at(path), was, at('to/x'), act()),
            storage.copy(at(path), was, at('to/x'), act()),
            storage.tag(at(path), was, { seen: '1' }),
          ];
          expect(await Promise.all(acts.map(codeOf))).toEqual(acts.map(() => code));
        }
        expect(await contents()).toEqual({ a: 'something else' });
      });

      test('nothing is ever overwritten: the new file gets a number', async () => {
        await writeAll(['a.txt', 'b.txt', 'to/a.txt', 'n', 'to/n', '.h', 'to/.h']);
        const copied = await storage.copy(at('a.txt'), await identityAt('a.txt'), at('to/a.txt'), act());
        const moved = await storage.move(at('b.txt'), await identityAt('b.txt'), at('to/a.txt'), act());
        const made = await storage.put(at('to/a.txt'), bytes('p', 'ut'), act());
        const plain = await storage.copy(at('n'), await identityAt('n'), at('to/n'), act());
        const hidden = await storage.copy(at('.h'), await identityAt('.h'), at('to/.h'), act());
        const got = [copied, moved, made, plain, hidden].map(({ place }) => place.path);
        const wanted = ['to/a (2).txt', 'to/a (3).txt', 'to/a (4).txt', 'to/n (2)', 'to/.h (2)'];
        expect(got).toEqual(wanted.map((path) => at(path).path));
        expect(await ground.read('to/a.txt')).toBe('to/a.txt');
        expect(await ground.read('to/a (4).txt')).toBe('put');
      });

      test('acts at the same time on one name get a name each, and nothing is lost', async () => {
        const from = Array.from({ length: 6 }, (_, n) => `from/${n}`);
        await writeAll(from);
        const identities = await Promise.all(from.map(identityAt));
        await Promise.all([
          ...from.map((path, n) => storage.move(at(path), identities[n]!, at('to/same'), act())),
          ...from.map((path) => storage.put(at('to/same'), bytes('put ', path), act())),
        ]);
        const left = await contents();
        expect(Object.values(left).sort()).toEqual([...from, ...from.map((path) => `put ${path}`)].sort());
        expect(Object.keys(left).every((path) => path.startsWith('to/same'))).toBe(true);
      });

      test('a file is put at one place exactly, or not at all', async () => {
        await write('a', 'there');
        await write('source', 'content');
        const { attributes } = await storage.open(at('source'), {}, never);
        expect(await codeOf(storage.put(at('a'), bytes('x'), act(), { exact: true }))).toBe('NAME_TAKEN');
        const made = await storage.put(at('b'), bytes('exactly'), act(), { exact: true, attributes });
        expect(made).toEqual({ place: at('b'), identity: await identityAt('b') });
        // The folders that it was in may have been removed since, because they were empty.
        await storage.put(at('new/folders/c'), bytes('exactly'), act(), { exact: true, attributes });
        expect(await contents()).toEqual({ a: 'there', b: 'exactly', 'new/folders/c': 'exactly', source: 'content' });
      });

      test('a file that nobody is writing to is known for it', async () => {
        await write('a', 'whole');
        expect(await storage.isWritten(at('a'), await identityAt('a'))).toBe(false);
      });

      test('what another kind of storage kept beside a content is left out', async () => {
        const others = { uid: 0, gid: 0, mode: 0o644, accessed: '1', modified: '1', extended: {}, ContentType: 'a/b' };
        for (const attributes of [{ kind: 'other', ...others }, {}]) {
          const options = { attributes: JSON.stringify(attributes) };
          expect((await storage.put(at('a'), bytes('a'), act(), options)).place.path).toStartWith(at('a').path);
        }
      });

      test('a large file and an empty one are put, and both are copied', async () => {
        const piece = 'a piece of this'.repeat(70_000);
        const pieces = Array.from({ length: 18 }, () => piece);
        const large = await storage.put(at('large'), bytes(...pieces), act());
        const empty = await storage.put(at('empty'), bytes(), act());
        const copied = await storage.copy(at('large'), large.identity, at('to/large'), act());
        await storage.copy(at('empty'), empty.identity, at('to/empty'), act());
        const opened = await storage.open(copied.place, { identity: copied.identity }, never);
        expect([opened.size, await ground.read('to/empty')]).toEqual([piece.length * 18, '']);
        expect((await textOf(opened.stream)) === pieces.join('')).toBe(true);
      }, 30_000);

      test('what could not be read to its end is put nowhere', async () => {
        const failing = (async function* () {
          yield Buffer.from('half');
          throw new Error('the source broke');
        })();
        expect(await messageOf(storage.put(at('to/b'), failing, act()))).toBe('the source broke');
        expect(await ground.names()).toEqual([]);
      });

      test.each(['before it is noted', 'once it is noted'] as const)(
        'an act that is cut off where it was about to put a file, %s, is done once when it is asked for again',
        async (where) => {
          await writeAll(['a', 'b', 'to/a', 'to/b', 'to/p']);
          const identities = [await identityAt('a'), await identityAt('b')] as const;
          const copying = cutOff(where);
          const moving = cutOff(where);
          const putting = cutOff(where);
          const run = (acts: [Act, Act, Act]) => [
            () => storage.copy(at('a'), identities[0], at('to/a'), acts[0]),
            () => storage.move(at('b'), identities[1], at('to/b'), acts[1]),
            () => storage.put(at('to/p'), bytes('put'), acts[2]),
          ];
          const first = run([copying.first, moving.first, putting.first]);
          expect(await Promise.all(first.map((go) => messageOf(go())))).toEqual(['cut off', 'cut off', 'cut off']);
          expect(await contents()).toMatchObject({ a: 'a', 'to/a': 'to/a', 'to/b': 'to/b', 'to/p': 'to/p' });
          await Promise.all(run([copying.again(), moving.again(), putting.again()]).map((go) => go()));
          expect(await contents()).toEqual({
            a: 'a',
            'to/a': 'to/a',
            'to/a (2)': 'a',
            'to/b': 'to/b',
            'to/b (2)': 'b',
            'to/p': 'to/p',
            'to/p (2)': 'put',
          });
        },
      );

      test('an act that was done, and of which nobody heard, is done once when it is asked for again', async () => {
        await writeAll(['a', 'b', 'c']);
        const identities = await Promise.all(['a', 'b', 'c'].map(identityAt));
        const claims = new Map<string, Claim>();
        const noting = (): Act => {
          const id = newId();
          return act({ id, claim: async (claim) => void claims.set(id, claim) });
        };
        const again = (one: Act): Act => ({ ...one, again: true, claimed: claims.get(one.id) });
        const [copying, moving, putting, removing] = [noting(), noting(), noting(), noting()] as const;
        const run = (as: (one: Act) => Act) => [
          () => storage.copy(at('a'), identities[0]!, at('to/a'), as(copying)),
          () => storage.move(at('b'), identities[1]!, at('to/b'), as(moving)),
          () => storage.put(at('to/p'), bytes('put'), as(putting)),
          () => storage.remove(at('c'), identities[2]!, as(removing)),
        ];
        const first = [];
        for (const go of run((one) => one)) first.push(await go());
        for (const one of [copying, moving, putting])
          expect(await storage.made(again(one))).toEqual(first[[copying, moving, putting].indexOf(one)] as Claim);
        expect(await storage.made(act())).toBeUndefined();
        const second = [];
        for (const go of run(again)) second.push(await go());
        expect(second).toEqual(first);
        expect(await contents()).toEqual({ a: 'a', 'to/a': 'a', 'to/b': 'b', 'to/p': 'put' });
      });

      test('what others put where a file was removed by an act stays, when that act is asked for again', async () => {
        await writeAll(['a', 'b']);
        const [a, b] = [await identityAt('a'), await identityAt('b')];
        let claimed: Claim | undefined;
        const claim = async (one: Claim) => {
          claimed = one;
        };
        const moving = act({ claim });
        await storage.move(at('b'), b, at('to/b'), moving);
        const removing = act();
        await storage.remove(at('a'), a, removing);
        await write('a', 'another');
        await write('b', 'another');
        expect(await codeOf(storage.remove(at('a'), a, { ...removing, again: true }))).toBe('FILE_CHANGED');
        await storage.move(at('b'), b, at('to/b'), { ...moving, again: true, claimed });
        expect(await contents()).toEqual({ a: 'another', b: 'another', 'to/b': 'b' });
      });

      test('tags are set and the others stay; where there are none, that is said', async () => {
        await write('a');
        const identity = await identityAt('a');
        if (!kind.tags) {
          expect(await codeOf(storage.tag(at('a'), identity, { seen: 'yes' }))).toBe('NOT_POSSIBLE');
          return;
        }
        await storage.tag(at('a'), identity, { seen: 'no', kept: 'as & it is <é>' });
        await storage.tag(at('a'), identity, { seen: 'yes' });
        expect(await ground.read('a')).toBe('a');
        expect(await identityAt('a')).toBe(identity);
        expect(storage.limits.tags).toBeDefined();
      });

      test('nothing outside of the storage is read or touched', async () => {
        await write('a');
        const a = await identityAt('a');
        for (const run of [
          () => storage.copy(at('a'), a, ground.outside, act()),
          () => storage.move(at('a'), a, ground.outside, act()),
          () => storage.put(ground.outside, bytes('x'), act()),
          () => storage.remove(ground.outside, a, act()),
          () => storage.tag(ground.outside, a, { seen: '1' }),
          () => storage.open(ground.outside, {}, never),
        ])
          expect(await codeOf(run())).toBe('BAD_REQUEST');
        expect(await contents()).toEqual({ a: 'a' });
      });

      test('folders that are left empty are removed upwards, and none that holds something', async () => {
        await write('deep/er/est/a');
        await write('deep/kept');
        await storage.remove(at('deep/er/est/a'), await identityAt('deep/er/est/a'), act());
        await storage.removeEmptyFolders(at('deep/er/est/a'));
        expect(await contents()).toEqual({ 'deep/kept': 'deep/kept' });
      });
    });
  });
