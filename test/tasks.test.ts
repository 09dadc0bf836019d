import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
const TASKS = join(import.meta.dir, '../tasks/tests.mjs');
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

  test('counts what passed, failed and was skipped', () => {
    const source = `${IMPORT}test('a', () => {}); test('b', () => expect(1).toBe(2)); test.skip('c', () => {});`;
    expect(count(source)).toEqual({ passed: 1, failed: 1, skipped: 1 });
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
    expect(count('', '/bin/false')).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

test('every test file is in exactly one group', async () => {
  const { unit, whole, e2e } = testGroups();
  const files = [...new Bun.Glob('{src,plugins,test}/**/*.test.{ts,tsx}').scanSync(join(import.meta.dir, '..'))];
  expect([...unit, ...whole, ...e2e].sort()).toEqual(files.sort());
});
