import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PROJECT, run, say } from './run.mjs';

/** Of one test, so that a hang ends; far above what any needs. Bun reads no such key from bunfig.toml. */
const TIME_LIMIT = '--timeout=60000';

const testFiles = (folder) =>
  existsSync(join(PROJECT, folder))
    ? readdirSync(join(PROJECT, folder), { withFileTypes: true }).flatMap((entry) => {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFiles(path);
        return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
      })
    : [];

/** The project's test files in three groups, fast first. Listed one by one, because `bun test WORD` takes every path that holds the word. */
export const testGroups = () => {
  const others = testFiles('test');
  return {
    unit: [...testFiles('src'), ...testFiles('plugins')],
    whole: others.filter((file) => !file.startsWith('test/e2e/')),
    e2e: others.filter((file) => file.startsWith('test/e2e/')),
  };
};

const number = (tag, name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);

const ENTITIES = { '&quot;': '"', '&apos;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };
const text = (tag, name) =>
  (new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '').replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);

/** Reads the totals of a JUnit report's root element, and which tests failed: `test/a.test.ts:12 its name`. */
export const readReport = (xml) => {
  const root = /<testsuites[^>]*>/.exec(xml)?.[0];
  if (!root) return undefined;
  const [tests, failed, skipped] = ['tests', 'failures', 'skipped'].map((name) => number(root, name));
  const failures = [...xml.matchAll(/(<testcase [^>]*[^/]>)\s*<failure/g)].map(
    ([, tag]) => `${text(tag, 'file')}:${number(tag, 'line')} ${text(tag, 'name')}`,
  );
  return { passed: tests - failed - skipped, failed, skipped, failures };
};

const NONE = { passed: 0, failed: 0, skipped: 0, failures: [] };

/**
 * Runs one group. A run that fails without a failed test (it crashed, or a file could not be loaded) counts as one failure.
 * @param how `options`: more of bun's, such as --parallel for files that share nothing; `env`: more variables for the tests
 */
export const runTests = (bun, title, files, { options = [], env = {} } = {}) => {
  if (files.length === 0) return NONE;
  say(`Tests: ${title}`);
  const folder = mkdtempSync(join(tmpdir(), 'assay-report-'));
  const report = join(folder, 'report.xml');
  const paths = files.map((file) => resolve(PROJECT, file));
  const args = ['test', TIME_LIMIT, ...options, '--reporter=junit', `--reporter-outfile=${report}`, ...paths];
  const ok = run(bun, args, { env: { ...process.env, ...env } });
  const read = existsSync(report) ? readReport(readFileSync(report, 'utf8')) : undefined;
  const counts = read ?? NONE;
  rmSync(folder, { recursive: true, force: true });
  if ((!ok || !read) && counts.failed === 0) return { ...counts, failed: 1, failures: [`the run of: ${title}`] };
  return counts;
};
