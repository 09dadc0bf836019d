import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacks } from '../../test/needs';
import { readBytes } from './fixtures/read-bytes';
import { inWords, readMade } from './fixtures/read-made';
import { written } from './written';

const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31 + (i >> 8)) % 256));

const uuencode = (...args: string[]): string => {
  const dir = mkdtempSync(join(tmpdir(), 'assay-written-'));
  try {
    writeFileSync(join(dir, 'data'), bytes);
    return Bun.spawnSync(['uuencode', ...args, 'data', 'the name.bin'], { cwd: dir }).stdout.toString();
  } finally {
    rmSync(dir, { recursive: true });
  }
};

/** By yenc-draft.1.3, since no program is at hand that writes it. */
const yenc = (content: Buffer): string => {
  const critical = new Set([0, 0x0a, 0x0d, 0x3d]);
  const letters = [...content].map((byte) => {
    const shifted = (byte + 42) % 256;
    return critical.has(shifted) ? `=${String.fromCharCode((shifted + 64) % 256)}` : String.fromCharCode(shifted);
  });
  const rows: string[] = [];
  for (let i = 0; i < letters.length; i += 128) rows.push(letters.slice(i, i + 128).join(''));
  return [
    `=ybegin line=128 size=${content.length} name=the name.bin`,
    ...rows,
    `=yend size=${content.length}`,
    '',
  ].join('\r\n');
};

describe.skipIf(lacks('uuencode'))('a file that is written as text', () => {
  test.each([
    ['by uuencode', () => uuencode()],
    ['by uuencode as base64', () => uuencode('-m')],
    ['as yEnc', () => yenc(bytes)],
    ['as a piece of yEnc', () => yenc(bytes).replace('\r\n', `\r\n=ypart begin=1 end=${bytes.length}\r\n`)],
  ])('%s comes out', async (_, make) => {
    expect(await readMade(written, make())).toEqual([{ name: 'the name.bin', content: bytes }]);
  });

  test.each([
    ['uuencode', () => uuencode()],
    ['uuencode as base64', () => uuencode('-m')],
    ['yEnc', () => yenc(bytes)],
  ])('by %s that is cut off comes out as far as it goes, and says so', async (_, make) => {
    const [cut] = await readBytes(written, Buffer.from(make().slice(0, 3000), 'latin1'));
    expect(cut?.why).toBe('damaged');
    expect(cut?.content?.length).toBeGreaterThan(2000);
    expect(bytes.toString('latin1').indexOf(cut?.content?.slice(0, 2000) ?? '')).toBe(0);
  });

  test('is not missed where words only begin like one', async () => {
    const words = 'begin 644 words\nand go on without an end\n';
    expect((await readMade(written, words)).map(({ trouble }) => trouble)).toEqual([undefined]);
  });

  test('comes out also where a mail gateway cut the blanks at the ends of its lines', async () => {
    const zeros = ['begin 644 zeros', `M${' '.repeat(60)}`, '`', 'end', ''].join('\n');
    const cut = zeros.replaceAll(/ +\n/g, '\n');
    expect(cut).toContain('\nM\n');
    expect((await readMade(written, cut))[0]?.content).toEqual(Buffer.alloc(45));
  });

  test('does not hide one that follows it', async () => {
    const one = 'begin 644 one\n#0V%T\n`\nend\n';
    expect(inWords(await readMade(written, `${one}words\n${one}`))).toEqual(['one: Cat', 'one: Cat']);
    const [outer, ...inner] = inWords(await readMade(written, `begin 644 open\n#0V%T\n${one}`));
    expect(outer).toStartWith('open: Cat');
    expect(inner).toEqual(['one: Cat']);
  });
});

test('files that have no end are decoded once each, and all of them', async () => {
  for (const line of ['begin 644 x', '=ybegin line=128 size=3 name=x', '-----BEGIN PGP MESSAGE-----']) {
    const seen = await readMade(written, `begin 644 cat\n#0V%T\n\`\nend\n${`${line}\nab\n`.repeat(20_000)}`);
    expect(seen).toHaveLength(20_001);
    expect(seen.at(-1)?.content?.length ?? 0).toBeLessThan(100);
  }
});

test('first lines that could be read in many ways are read once', async () => {
  const blanks = ' '.repeat(60_000);
  const lines = [`begin 644${blanks}\rx`, `begin-base64 644${blanks}\rx`, `=ybegin ${'name='.repeat(12_000)}\r`];
  const text = `begin 644 cat\n#0V%T\n\`\nend\n${`${lines.join('\n')}\n`.repeat(60)}`;
  expect(inWords(await readMade(written, text))[0]).toBe('cat: Cat');
});
