import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json';
import yara from '../../plugins/yara';
import { VERSIONS } from '../../plugins/yara/native';
import { conformance, openEngine, openFile } from './conformance';
import { eicar } from './samples';

const text = (content: string) => new TextEncoder().encode(content);
const never = { signal: new AbortController().signal };
let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yara-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: string | Uint8Array, name = `file-${count++}`) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const rules = (source: string) => write(source, `rules-${count++}.yar`);
const rule = (name: string, condition: string, more = '') => `rule ${name} { ${more} condition: ${condition} }`;

/** The answer of the rules alone, without those inside the program. */
const answer = async (source: string, content: string | Uint8Array, options: object = {}) => {
  await using opened = await openEngine(yara, { rules: [rules(source)], builtIn: false, ...options });
  using file = openFile(write(content));
  return await opened.scan(file, never);
};

conformance('yara', {
  engine: yara,
  options: {},
  infected: eicar,
  clean: () => text('nothing to see here'),
  tooBig: { options: { maxFileSize: 1000 }, content: () => new Uint8Array(1001) },
});

const SLOW = 'rule slow { condition: for all i in (1..1700000000) : (uint8(i % filesize) == 0) }';
const SLOW_IF_ZEROS = SLOW.replace('condition: ', 'condition: uint8(17000000) == 0 and ');
conformance('yara on large files', {
  engine: yara,
  options: () => ({ rules: [rules(rule('large', '$a at 17000000', 'strings: $a = "needle"'))], builtIn: false }),
  infected: () => large('needle'),
  clean: () => large('noodle'),
  hang: {
    content: () => large(''),
    options: () => ({ rules: [rules(SLOW)], builtIn: false, timeout: 2000 }),
    limited: () => ({ rules: [rules(SLOW_IF_ZEROS)], builtIn: false, timeout: 1000 }),
  },
});
const large = (needle: string) => {
  const content = new Uint8Array(17_000_100);
  content.set(text(needle), 17_000_000);
  return content;
};

describe('yara', () => {
  test('a small file on which the rules take too long has failed, naming the limit, and is not tried again', async () => {
    expect(await answer(SLOW, new Uint8Array(100), { timeout: 1000 })).toEqual({
      status: 'failed',
      reason: 'the rules took longer than the time limit of 1000 ms',
      retry: false,
    });
  });

  test('so has a large one', async () => {
    await using opened = await openEngine(yara, {
      rules: [rules(SLOW)],
      builtIn: false,
      timeout: 1000,
    });
    using file = openFile(write(large('')));
    expect(await opened.scan(file, never)).toMatchObject({ status: 'failed', retry: false });
  });

  test('EICAR may be followed by white space up to 128 bytes, and by nothing else', async () => {
    await using opened = await openEngine(yara, {});
    const scan = async (content: Uint8Array) => {
      using file = openFile(write(content));
      return (await opened.scan(file, never)).status;
    };
    const followedBy = (more: string) => Buffer.concat([eicar(), text(more)]);
    expect(await scan(followedBy(' \t\r\n\x1a'))).toBe('detected');
    expect(await scan(followedBy(' '.repeat(60)))).toBe('detected');
    expect(await scan(followedBy(' '.repeat(61)))).toBe('clean');
    expect(await scan(followedBy('x'))).toBe('clean');
    expect(await scan(Buffer.concat([text(' '), eicar()]))).toBe('clean');
    expect(await scan(eicar().slice(0, 67))).toBe('clean');
  });

  const builtIn: [string, () => string][] = [
    ['PHP_Webshell_Evaluates_Request', () => `<?php @${'ev'}al(base64_decode($_PO${'ST'}['x'])); ?>`],
    [
      'JSP_Webshell_Executes_Request',
      () => `<%@ page %><% Runtime.get${'Runtime'}().exec(request.getPara${'meter'}("c")); %>`,
    ],
    ['ASP_Webshell_Evaluates_Request', () => `<% ev${'al'} requ${'est'}("c") %>`],
    ['RTF_Loads_Equation_Editor', () => `{\\rtf1{\\object\\objupdate 4571756174696F6E${'2e33'}}}`],
    [
      'Shortcut_Runs_Hidden_PowerShell',
      () => `L\x00\x00\x00\x01\x14\x02\x00 power${'shell'}.exe -w hidden -enc ${'QUJD'.repeat(20)}`,
    ],
    [
      'Mimikatz_Executable',
      () =>
        `MZ${[...`gentil${'kiwi'} (Benjamin DELPY) sekur${'lsa'}::logon${'passwords'}`].map((c) => `${c}\0`).join('')}`,
    ],
    ['XMRig_Coin_Miner', () => `\x7fELF stratum+${'tcp'}:// donate.v2.xm${'rig'}.com`],
  ];
  test.each(builtIn)('the built-in rule %s finds what it says', async (name, sample) => {
    await using opened = await openEngine(yara, {});
    using file = openFile(write(sample()));
    expect(await opened.scan(file, never)).toMatchObject({ status: 'detected', name });
  });

  test("a rule's meta or tag says what kind of finding it is, and the gravest of several is the answer", async () => {
    const pua = rule('p', 'true', 'meta: kind = "pua"');
    const suspicious = 'rule s : Suspicious { condition: true }';
    expect(await answer(pua, 'x')).toEqual({ status: 'detected', name: 'p', kind: 'PotentiallyUnwanted' });
    expect(await answer(`${pua} ${suspicious}`, 'x')).toEqual({ status: 'detected', name: 's', kind: 'Suspicious' });
    expect(await answer(`${pua} ${suspicious} ${rule('t', 'true')}`, 'x')).toEqual({
      status: 'detected',
      name: 't',
      kind: 'Threat',
    });
  });

  test('private rules are not reported, but the rules that use them are', async () => {
    expect(await answer(`private ${rule('hidden', 'true')}`, 'x')).toEqual({ status: 'clean' });
    expect(await answer(`private ${rule('hidden', 'true')} ${rule('shown', 'hidden')}`, 'x')).toMatchObject({
      name: 'shown',
    });
  });

  test('global rules restrict the others of their file and are no findings themselves', async () => {
    const source = `/* " */ global /* why */ ${rule('is_small', 'filesize < 3')} ${rule('found', '$a', 'strings: $a = "x"')}`;
    expect(await answer(source, 'y')).toEqual({ status: 'clean' });
    expect(await answer(source, 'x')).toMatchObject({ name: 'found' });
    expect(await answer(source, 'xxx')).toEqual({ status: 'clean' });
  });

  test('modules work: pe, elf, hash, math', async () => {
    const source = `import "pe" import "elf" import "hash" import "math"
      rule hashed { condition: hash.md5(0, filesize) == "9dd4e461268c8034f5c8564e155c67a6" }
      rule even { condition: math.entropy(0, filesize) > 7.9 and not pe.is_pe and not defined elf.type }`;
    expect(await answer(source, 'x')).toMatchObject({ name: 'hashed' });
    const all = Uint8Array.from({ length: 4096 }, (_, i) => i % 256);
    expect(await answer(source, all)).toMatchObject({ name: 'even' });
  });

  test('a folder is searched for *.yar and *.yara, each file in a namespace of its own and links to it once', async () => {
    const root = join(folder, 'tree');
    mkdirSync(join(root, 'deep'), { recursive: true });
    writeFileSync(join(root, 'a.yar'), rule('same', '$a', 'strings: $a = "one"'));
    writeFileSync(join(root, 'deep/b.YARA'), rule('same', '$a', 'strings: $a = "two"'));
    writeFileSync(join(root, 'readme.txt'), 'not a rule');
    symlinkSync(join(root, 'a.yar'), join(root, 'link.yar'));
    symlinkSync(root, join(root, 'deep/loop'));
    await using opened = await openEngine(yara, { rules: [root], builtIn: false });
    expect((await opened.definitions()).version).toStartWith(`yara ${VERSIONS.yara}, 2 rules `);
    for (const content of ['one', 'two']) {
      using file = openFile(write(content));
      expect(await opened.scan(file, never)).toMatchObject({ status: 'detected', name: 'same' });
    }
  });

  test('a rule file that does not compile stops the engine, naming each such file, the line and what is wrong', async () => {
    const good = rules(rule('good', 'true'));
    const bad = rules('rule ok { condition: true }\nrule bad {\n  condition: $missing\n}');
    const worse = rules('rule {');
    const opening = openEngine(yara, { rules: [good, bad, worse] });
    await expect(opening).rejects.toThrow(`${bad}:3: unknown pattern \`$missing\``);
    await expect(opening).rejects.toThrow(`${worse}:1: `);
    await expect(opening).rejects.not.toThrow(good);
  });

  test('rules that are missing, include others, are not text, or are none at all stop the engine with the reason', async () => {
    await expect(openEngine(yara, { rules: ['/nowhere/x.yar'] })).rejects.toThrow('/nowhere/x.yar cannot be read');
    await expect(openEngine(yara, { rules: [rules('\ninclude "other.yar"')] })).rejects.toThrow(
      ':2: include is not supported',
    );
    await expect(openEngine(yara, { rules: [write(new Uint8Array([0xff, 0xfe]))] })).rejects.toThrow(
      'is not UTF-8 text',
    );
    await expect(openEngine(yara, { builtIn: false })).rejects.toThrow('there are no rules');
  });

  test('a folder without rules is warned of', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const warnings: string[] = [];
    await using _ = await openEngine(
      yara,
      { rules: [empty] },
      { debug() {}, info() {}, warn: (message) => warnings.push(message) },
    );
    expect(warnings).toEqual([expect.stringContaining(empty)]);
  });

  test('definitions change with the rules and carry the time of the newest file', async () => {
    const path = rules(rule('first', 'false'));
    utimesSync(path, new Date('2026-01-02T03:04:05Z'), new Date('2026-01-02T03:04:05Z'));
    await using before = await openEngine(yara, { rules: [path] });
    expect((await before.definitions()).date).toBe('2026-01-02T03:04:05.000Z');
    writeFileSync(path, rule('second', 'false'));
    await using after = await openEngine(yara, { rules: [path] });
    expect((await after.definitions()).version).not.toBe((await before.definitions()).version);
  });

  test('the version shown is that of the library that is pinned', () => {
    expect(packageJson.dependencies['@litko/yara-x-linux-x64-gnu']).toBe(VERSIONS.binding);
  });

  test('several large files at once each have their answer, and a file that shrank has failed', async () => {
    const source = rule('large', '$a at 17000000', 'strings: $a = "needle"');
    await using opened = await openEngine(yara, { rules: [rules(source)], builtIn: false });
    const files = ['needle', 'noodle', 'needle'].map((needle) => openFile(write(large(needle))));
    const answers = await Promise.all(files.map((file) => opened.scan(file, never)));
    expect(answers.map(({ status }) => status)).toEqual(['detected', 'clean', 'detected']);
    truncateSync(files[0]!.path, 16_900_000);
    expect(await opened.scan(files[0]!, never)).toEqual({
      status: 'failed',
      reason: 'the file changed its size',
      retry: true,
    });
    for (const file of files) file[Symbol.dispose]();
  });
});
