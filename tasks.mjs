// What package.json's scripts call. Runs under Node 18 or newer with nothing but npm, and under Bun.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { findBun, installPackages } from './tasks/bun.mjs';
import { installDebianPackages } from './tasks/debian.mjs';
import { PROJECT, run, say, stop } from './tasks/run.mjs';
import { runTests, testGroups } from './tasks/tests.mjs';

const BINARY = join(PROJECT, 'dist/assay');
const SOURCES = ['src', 'plugins', 'build.ts', 'package.json', 'bun.lock'];

const ready = () => {
  const bun = findBun();
  installPackages(bun);
  return bun;
};

const newest = (path) => {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

const isBuilt = () =>
  existsSync(BINARY) && SOURCES.every((name) => newest(join(PROJECT, name)) <= statSync(BINARY).mtimeMs);

const build = (bun, args = []) => {
  say('Building dist/assay');
  return run(bun, ['build.ts', ...args]);
};

const start = (args) => {
  const bun = ready();
  if (!isBuilt() && !build(bun)) stop('The build failed.');
  const child = spawn(BINARY, ['serve', ...args], { stdio: 'inherit' });
  const forward = (signal) => {
    // Ctrl-C on a terminal reaches the whole group already; a second one would read as impatience.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('error', (error) => {
    console.error(`${BINARY}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
};

/** The fast gate. Returns the counts of its tests; a step that fails is one failure. */
const gate = (bun) => {
  const steps = {
    Types: ['node_modules/.bin/tsc', '--noEmit', '-p', '.'],
    'Types of the page': ['node_modules/.bin/tsc', '--noEmit', '-p', 'src/ui'],
    Lint: ['node_modules/.bin/biome', 'check', '.'],
  };
  const broken = Object.entries(steps).filter(([name, args]) => {
    say(name);
    return !run(bun, args);
  });
  const counts = runTests(bun, 'units', testGroups().unit, { options: ['--parallel'] });
  const failures = [...broken.map(([name]) => name), ...counts.failures];
  return { ...counts, failed: counts.failed + broken.length, failures };
};

const finish = (all) => {
  const sum = (key) => all.reduce((total, counts) => total + counts[key], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  const failures = all.flatMap((counts) => counts.failures);
  const strict = Boolean(process.env.CI);
  if (strict && skipped > 0) console.log('\nSkipped tests are failures here, because CI is set.');
  process.exitCode = failed > 0 || (strict && skipped > 0) ? 1 : 0;
  if (skipped > 0)
    console.log('\nNOT EVERYTHING WAS TESTED: the lines above that begin with SKIPPED say what, and what to install.');
  if (failures.length > 0) console.log(['\nFailed:', ...failures].join('\n  '));
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
};

const failure = (message) => {
  console.log(`\n${message}`);
  return { passed: 0, failed: 1, skipped: 0, failures: [message] };
};

const test = () => {
  const bun = ready();
  const all = [];
  const missing = installDebianPackages();
  if (missing.length > 0 && process.env.CI)
    all.push(failure(`Missing packages are a failure here, because CI is set.`));
  all.push(gate(bun));
  const { whole, e2e } = testGroups();
  const built = build(bun);
  if (!built) all.push(failure('The build failed; the end-to-end tests, which drive the binary, did not run.'));
  all.push(runTests(bun, 'the whole', whole));
  if (built) all.push(runTests(bun, 'end to end', e2e, { env: { ASSAY_BIN: BINARY } }));
  finish(all);
};

const bench = (args) => {
  const bun = ready();
  if (!isBuilt() && !build(bun)) stop('The build failed.');
  if (!run(bun, ['bench/bench.ts', ...args])) process.exitCode = 1;
};

const TASKS = {
  start,
  test,
  build: (args) => {
    if (!build(ready(), args)) process.exitCode = 1;
  },
  check: () => finish([gate(ready())]),
  bench,
};

const [name, ...rest] = process.argv.slice(2);
try {
  const task = TASKS[name];
  if (!task) stop(`node tasks.mjs ${Object.keys(TASKS).join('|')}`);
  task(rest[0] === '--' ? rest.slice(1) : rest);
} catch (error) {
  console.error(error.name === 'Problem' ? `\n${error.message}` : error);
  process.exitCode = 1;
}
