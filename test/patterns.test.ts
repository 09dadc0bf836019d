import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type Token } from 'acorn';
import { check } from 'recheck';

const PROJECT = join(import.meta.dir, '..');
/** Where patterns meet what others wrote: files, their names, and what lies in them. */
const ROOMS = ['src/content', 'src/unpack', 'src/sanitize', 'src/text', 'src/judge', 'src/storages', 'plugins'];

/** Patterns that take time by the square, or worse, of what they read, and why that is short. */
const SHORT = new Map(
  (
    [
      [/(\d+)\s+\d+\s*$/, 'the 64 bytes before a word'],
      [/<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/, 'the first 1,024 characters of a page'],
      [/\d+$/, 'letters and then digits'],
      [
        /^(E[A-Z]{3,}|EAI_[A-Z]+|[A-Z_]*CERT[A-Z_]*|TimeoutError|ConnectionRefused|ConnectionClosed|FailedToOpenSocket)$/,
        'the name of an error',
      ],
      [/^[ \t]*([A-Za-z]\w*)[ \t]+(.*?)[ \t]*$/, "clamd's configuration"],
      [/\b((?:(?:global|private)\s+)*)rule\s+(\w+)/, "the administrator's rules"],
      [
        /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|(?<=(?:=|matches)\s*)\/(?:\\.|[^/\\\n])+\//,
        "the administrator's rules",
      ],
      [/\^+ (.*)/, 'what the compiler says of them'],
      [/([\w.-]{1,64})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')/, 'an element of at most 8,192 characters'],
    ] as const
  ).map(([{ source }, why]) => [source, why]),
);

const AT_ONCE = 4;
/** The slowest takes some 3 s, so that each is told of on a busy machine, too. The seed makes it the same each time. */
const PARAMETERS = { timeout: 30_000, attackTimeout: 10_000, incubationTimeout: 10_000, randomSeed: 1 };

interface Pattern {
  path: string;
  source: string;
  flags: string;
}

const patternsIn = (path: string): Pattern[] => {
  const code = new Bun.Transpiler({ loader: 'ts' }).transformSync(readFileSync(join(PROJECT, path), 'utf8'));
  const tokens: Token[] = [];
  parse(code, { ecmaVersion: 'latest', sourceType: 'module', onToken: tokens });
  return tokens.flatMap((token) => {
    if (token.type.label !== 'regexp') return [];
    const { pattern, flags } = (token as unknown as { value: { pattern: string; flags: string } }).value;
    return { path, source: pattern, flags };
  });
};

const sourcesOf = (room: string): string[] =>
  [...new Bun.Glob('**/*.ts').scanSync(join(PROJECT, room))]
    .map((path) => `${room}/${path}`)
    .filter((path) => !/\.test\.ts$|\/fixtures\//.test(path));

test('no pattern can be made to run long by what it reads', async () => {
  const patterns = ROOMS.flatMap(sourcesOf).flatMap(patternsIn);
  expect(patterns.length).toBeGreaterThan(200);
  const slow: string[] = [];
  const met = new Set<string>();
  const look = async () => {
    for (let one = patterns.pop(); one !== undefined; one = patterns.pop()) {
      const { path, source, flags } = one;
      if (met.has(source)) continue;
      met.add(source);
      if (SHORT.has(source)) continue;
      const found = await check(source, flags, PARAMETERS);
      if (found.status === 'vulnerable') slow.push(`${path}: ${source} (${found.complexity.summary})`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  expect(slow).toEqual([]);
  expect([...SHORT.keys()].filter((source) => !met.has(source))).toEqual([]);
}, 300_000);
