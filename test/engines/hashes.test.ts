import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hashes from '../../plugins/hashes';
import type { EngineFile } from '../../src/engines/contract';
import { conformance, openEngine, openFile, quiet } from './conformance';
import { eicar } from './samples';

const text = (content: string) => new TextEncoder().encode(content);
const digest = (algorithm: string, content: string | Uint8Array) => createHash(algorithm).update(content).digest('hex');
const sha256 = (content: string | Uint8Array) => digest('sha256', content);
const never = { signal: new AbortController().signal };

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hashes-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: string | Uint8Array, name = `list-${count++}.txt`) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** The answer about a file of this content. */
const answer = async (options: { block?: string[]; allow?: string[] }, content: string) => {
  await using opened = await openEngine(hashes, options);
  using file = openFile(write(content, 'sample'));
  return await opened.scan(file, never);
};
const threat = (name: string) => ({ status: 'detected', name, kind: 'Threat' }) as const;

conformance('hashes', {
  engine: hashes,
  options: () => ({ block: [write(`${sha256(eicar())} Eicar-Test-Signature\n`)] }),
  infected: eicar,
  clean: () => text('good'),
  readsContent: false,
});

describe('hashes', () => {
  test('each kind of hash is found, in either case', async () => {
    for (const algorithm of ['md5', 'sha1', 'sha256']) {
      const hash = digest(algorithm, 'bad');
      expect(await answer({ block: [write(`${hash} Bad.Thing\n`)] }, 'bad')).toEqual(threat('Bad.Thing'));
      expect(await answer({ block: [write(hash.toUpperCase())] }, 'bad')).toMatchObject({ kind: 'Blocklisted' });
    }
  });

  test('a hash without the name of a threat is on a block list, and is called by its file or its list', async () => {
    const hash = sha256('bad');
    expect(await answer({ block: [write(`# ours\r\n\r\n${hash}\r\n`, 'ours.txt')] }, 'bad')).toEqual({
      status: 'detected',
      name: 'ours.txt',
      kind: 'Blocklisted',
    });
    const sums = write(`${sha256('other')}  a.bin\n${hash} *dir/b c.exe\n`);
    expect(await answer({ block: [sums] }, 'bad')).toMatchObject({ name: 'dir/b c.exe', kind: 'Blocklisted' });
    expect(await answer({ block: [write(`${hash} # seen in May`, 'ours.txt')] }, 'bad')).toMatchObject({
      name: 'ours.txt',
      kind: 'Blocklisted',
    });
  });

  test("MalwareBazaar's CSV gives the signature as the name", async () => {
    const row = (content: string, signature: string) =>
      `"2026-01-02 03:04:05", "${sha256(content)}", "${digest('md5', content)}", "${digest('sha1', content)}", "me", "a, ""b"".exe", "exe", "application/x-dosexec", "${signature}", "n/a"`;
    const list = write(
      [
        '################################',
        '# MalwareBazaar recent (CSV)   #',
        '#',
        '# "first_seen_utc","sha256_hash","md5_hash","sha1_hash","reporter","file_name","file_type_guess","mime_type","signature","clamav"',
        row('bad', 'AgentTesla'),
        row('worse', 'n/a'),
        '# Number of entries: 2',
      ].join('\r\n'),
      'bazaar.csv',
    );
    expect(await answer({ block: [list] }, 'bad')).toEqual(threat('AgentTesla'));
    expect(await answer({ block: [list] }, 'worse')).toMatchObject({ name: 'bazaar.csv', kind: 'Blocklisted' });
    expect(await answer({ block: [list] }, 'good')).toEqual({ status: 'clean' });
  });

  test('other CSV is read by its titles, or as hash and name', async () => {
    const titled = write(`"SHA-1","MD5","FileName"\n"${digest('sha1', 'good')}","${digest('md5', 'x')}","good.exe"\n`);
    expect(await answer({ allow: [titled] }, 'good')).toMatchObject({ kind: 'Allowlisted' });
    expect(await answer({ block: [write(`\ufeff${sha256('bad')},Bad.Thing,2026\n`)] }, 'bad')).toEqual(
      threat('Bad.Thing'),
    );
  });

  test('a plain list stays one below a comment that reads like a header', async () => {
    const list = write(`# Our list, SHA256, MD5\n${sha256('bad')}\n${sha256('worse')} Worse.Thing\n`);
    expect(await answer({ block: [list] }, 'bad')).toMatchObject({ kind: 'Blocklisted' });
    expect(await answer({ block: [list] }, 'worse')).toEqual(threat('Worse.Thing'));
  });

  test("ClamAV's hdb and hsb match only with the size they name, or any with *", async () => {
    const hdb = write(`${digest('md5', 'bad')}:3:Bad.Thing\n${digest('md5', 'worse')}:4:Worse.Thing\n`, 'a.hdb');
    const hsb = write(`${sha256('big')}:*:Big.Thing:73\n${digest('sha1', 'old')}:3:Old.Thing\n`, 'a.hsb');
    const block = [hdb, hsb];
    expect(await answer({ block }, 'bad')).toEqual(threat('Bad.Thing'));
    expect(await answer({ block }, 'worse')).toEqual({ status: 'clean' });
    expect(await answer({ block }, 'big')).toEqual(threat('Big.Thing'));
    expect(await answer({ block }, 'old')).toEqual(threat('Old.Thing'));
  });

  test('a hash that one list ties to another size is still found by a list that does not', async () => {
    const block = [write(`${digest('md5', 'bad')}:99:Other.Size\n`), write(digest('md5', 'bad'), 'plain.txt')];
    expect(await answer({ block }, 'bad')).toMatchObject({ name: 'plain.txt' });
  });

  test('a known good file is allowlisted; on both lists it is blocked', async () => {
    const list = [write(`${sha256('x')}  x.exe`)];
    const other = [write(sha256('other'))];
    expect(await answer({ allow: list, block: other }, 'x')).toEqual({
      status: 'detected',
      name: 'x.exe',
      kind: 'Allowlisted',
    });
    expect(await answer({ allow: list, block: list }, 'x')).toMatchObject({ kind: 'Blocklisted' });
  });

  test('a file that no list knows is clean only when there is something to be blocked', async () => {
    expect(await answer({ block: [write(sha256('bad'))] }, 'x')).toEqual({ status: 'clean' });
    expect(await answer({}, 'x')).toEqual({
      status: 'skipped',
      reason: 'no block list is configured',
      retry: false,
    });
    expect(await answer({ allow: [write(sha256('good'))] }, 'x')).toMatchObject({ status: 'skipped' });
    expect(await answer({ block: [write('# nothing yet\n')] }, 'x')).toEqual({
      status: 'skipped',
      reason: 'the block lists are empty',
      retry: false,
    });
  });

  test('malformed lines are left out with a warning of how many and where, and the good ones hold', async () => {
    const warnings: string[] = [];
    const log = { ...quiet, warn: (message: string) => void warnings.push(message) };
    const list = write(
      `${sha256('bad')}\n${sha256('x').slice(1)}\nhello\n${sha256('y')}0\n${'f'.repeat(3_000_000)}\n${sha256('worse')}`,
    );
    await using opened = await openEngine(hashes, { block: [list] }, log);
    expect(warnings).toEqual([expect.stringContaining(`${list}:2: 4 of its lines`)]);
    expect((await opened.definitions()).version).toContain('2 blocked');
  });

  test('a file that is no list at all stops the engine, naming the file and the line', async () => {
    const wrong = write('\nDear reader,\n');
    await expect(openEngine(hashes, { block: [wrong] })).rejects.toThrow(`${wrong}:2: `);
    await expect(openEngine(hashes, { block: [write(crypto.getRandomValues(new Uint8Array(5000)))] })).rejects.toThrow(
      'no list of hashes',
    );
    await expect(openEngine(hashes, { allow: ['/nowhere.txt'] })).rejects.toThrow('/nowhere.txt cannot be read');
  });

  test('a folder gives the lists in it and nothing else', async () => {
    const lists = join(folder, 'lists');
    mkdirSync(lists);
    writeFileSync(join(lists, 'a.txt'), sha256('one'));
    writeFileSync(join(lists, 'b.hsb'), `${sha256('two')}:*:Two.Thing`);
    writeFileSync(join(lists, 'main.cvd'), 'not a list');
    expect(await answer({ block: [lists] }, 'one')).toMatchObject({ name: 'a.txt' });
    expect(await answer({ block: [lists] }, 'two')).toEqual(threat('Two.Thing'));
  });

  test('definitions change with the lists, count them, and carry the time of the newest', async () => {
    const list = write(sha256('one'));
    const date = new Date('2026-01-02T03:04:05Z');
    utimesSync(list, date, date);
    const definitions = async (options: object) => {
      await using opened = await openEngine(hashes, options);
      return await opened.definitions();
    };
    const before = await definitions({ block: [list] });
    expect(before).toEqual({
      version: expect.stringMatching(/^1 list, 1 blocked, 0 allowed [0-9a-f]{6}$/),
      date: date.toISOString(),
    });
    expect((await definitions({ allow: [list] })).version.slice(-6)).not.toBe(before.version.slice(-6));
    writeFileSync(list, sha256('two'));
    expect((await definitions({ block: [list] })).version).not.toBe(before.version);
  });

  test('an allow list of weak hashes is warned of', async () => {
    const warnings: string[] = [];
    const log = { ...quiet, warn: (message: string) => void warnings.push(message) };
    await using _ = await openEngine(hashes, { allow: [write(digest('md5', 'good'))] }, log);
    expect(warnings).toEqual([expect.stringContaining('MD5')]);
  });

  test('of a million entries each is found, and its neighbours are not', async () => {
    const edges = [
      '0'.repeat(64),
      'f'.repeat(64),
      `0000${'f'.repeat(60)}`,
      `0001${'0'.repeat(60)}`,
      `fffe${'f'.repeat(60)}`,
      `ffff${'0'.repeat(60)}`,
    ];
    const random = Array.from({ length: 1_000_000 }, (_, i) => Bun.SHA256.hash(String(i), 'hex') as string);
    await using opened = await openEngine(hashes, { block: [write([...random, ...edges].join('\n'))] });
    const status = async (hash: string) => {
      const file = { path: '/x', size: 1, sha256: hash, sha1: '1'.repeat(40), md5: '1'.repeat(32) } as EngineFile;
      return (await opened.scan(file, never)).status;
    };
    const sample = random.filter((_, i) => i % 997 === 0 || i < 10 || i > 999_990);
    for (const hash of [...edges, ...sample]) {
      expect(await status(hash)).toBe('detected');
      const last = Number.parseInt(hash.slice(-1), 16) ^ 1;
      expect(await status(hash.slice(0, -1) + last.toString(16))).toBe('clean');
    }
  });
});
