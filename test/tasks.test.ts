import { afterAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGES } from './needs';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
}
const TASKS = join(import.meta.dir, '../tasks/tests.mjs');
const NEEDS = join(import.meta.dir, 'needs.ts');
const { testGroups, readReport } = (await import(TASKS)) as {
  testGroups: () => Record<'unit' | 'whole' | 'e2e', string[]>;
  readReport: (xml: string) => Counts | undefined;
};

const folder = mkdtempSync(join(tmpdir(), 'assay-tasks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Counts a run of one test file, in a process of its own: the failures that are wanted stay out of this run's output. */
const count = (source: string, bun = process.execPath): Counts => {
  const file = join(folder, 'x.test.ts');
  writeFileSync(file, source);
  const program = `
    import { runTests } from ${JSON.stringify(TASKS)};
    const counts = runTests(${JSON.stringify(bun)}, 'x', [${JSON.stringify(file)}]);
    console.log(JSON.stringify(counts));`;
  const main = join(folder, 'main.mjs');
  writeFileSync(main, program);
  const { stdout } = Bun.spawnSync([process.execPath, main], { stderr: 'ignore' });
  return JSON.parse(stdout.toString().trim().split('\n').at(-1) ?? '');
};

describe('the closing line of npm test', () => {
  const IMPORT = "import { expect, test } from 'bun:test';\n";

  test('counts what passed, failed and was skipped, and names what failed', () => {
    const source = `${IMPORT}test('a', () => {});
      test('<b> & "c" > d', () => expect(1).toBe(2)); test.skip('e', () => {});`;
    const { failures, ...counts } = count(source);
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(failures).toEqual([expect.stringMatching(/x\.test\.ts:3 <b> & "c" > d$/)]);
  });

  test('a file that cannot be loaded and a run that dies are failures', () => {
    expect(count("import './absent';").failed).toBeGreaterThan(0);
    expect(count(`${IMPORT}test('a', () => process.kill(process.pid, 'SIGKILL'));`).failed).toBeGreaterThan(0);
    expect(
      count(`${IMPORT}test('a', () => {}); setTimeout(() => { throw new Error(); }); await Bun.sleep(50);`).failed,
    ).toBeGreaterThan(0);
  });

  test('what is not a report is not read as zero failures', () => {
    expect(readReport('')).toBeUndefined();
    expect(count('', '/bin/true').failed).toBe(1);
    expect(count('', '/bin/false')).toEqual({ passed: 0, failed: 1, skipped: 0, failures: ['the run of: x'] });
  });
});

describe('a test that drives a program', () => {
  const SOURCE = `import { test } from 'bun:test'; import { lacks } from ${JSON.stringify(NEEDS)};
    test.skipIf(lacks('arj'))('a', () => {}); test.skipIf(lacks('arj', 'gcab'))('b', () => {}); test('c', () => {});`;
  const run = (path: string) => {
    const file = join(folder, 'driving.test.ts');
    writeFileSync(file, SOURCE);
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'test', file], { env: { PATH: path } });
    return { exitCode, said: stderr.toString() };
  };

  test('is skipped aloud where the program is missing, and runs where it is there', () => {
    const without = run(folder);
    expect(without.exitCode).toBe(0);
    expect(without.said).toMatch(/ 1 pass\n 2 skip/);
    expect(without.said.match(/SKIPPED: tests that drive arj.*apt-get install arj/g)).toHaveLength(1);
    for (const name of ['arj', 'gcab']) {
      writeFileSync(join(folder, name), '');
      chmodSync(join(folder, name), 0o755);
    }
    expect(run(folder).said).toMatch(/ 3 pass\n 0 fail/);
  });

  test('gets its program installed before npm test', async () => {
    const { NEEDED } = await import(join(import.meta.dir, '../tasks/debian.mjs'));
    // Every Debian has these.
    const packages = Object.values(PACKAGES).filter((name) => !['dpkg', 'util-linux'].includes(name));
    expect(packages.filter((name) => !(name in NEEDED))).toEqual([]);
  });
});

test('every test file is in exactly one group', async () => {
  const { unit, whole, e2e } = testGroups();
  const files = [...new Bun.Glob('{src,plugins,test}/**/*.test.{ts,tsx}').scanSync(join(import.meta.dir, '..'))];
  expect([...unit, ...whole, ...e2e].sort()).toEqual(files.sort());
});
