import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configurable, configuredEngines } from './engines';
import { loadConfig } from './load';

const folder = mkdtempSync(join(tmpdir(), 'assay-engines-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'assay.yaml');

const engine = (id: string): Configurable => ({
  id,
  options: (z) => z.strictObject({ socket: z.string().optional(), rules: z.array(z.string()).default([]) }),
});
const available = ['yara', 'hashes', 'clamav'].map(engine);

const choose = (yaml: string, engines = available) => {
  writeFileSync(path, yaml);
  return configuredEngines(loadConfig({ path }), engines).map(({ engine, options }) => [engine.id, options]);
};

test('without engines the built-in yara rules and hashes run', () => {
  expect(choose('')).toEqual([
    ['yara', { rules: [] }],
    ['hashes', { rules: [] }],
  ]);
});

test('an engine runs if and only if it is named', () => {
  expect(choose('engines: {}')).toEqual([]);
  expect(choose('engines:\n  clamav: { socket: /s }\n  yara:\n')).toEqual([
    ['clamav', { socket: '/s', rules: [] }],
    ['yara', { rules: [] }],
  ]);
});

test('an unknown engine is named with its place and the one that was meant', () => {
  expect(() => choose('engines:\n  clamv: {}\n')).toThrow(`${path}:2:3: unknown engine "clamv"`);
  expect(() => choose('engines: { sophos: {} }')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

test('options of an engine are checked like the rest of the file', () => {
  const act = () => choose('engines:\n  yara:\n    rule: [/a]\n');
  expect(act).toThrow(`${path}:3:5: unknown key "engines.yara.rule"`);
  expect(act).toThrow(expect.objectContaining({ hint: 'did you mean "rules"?' }));
  expect(() => choose('engines:\n  yara:\n    rules: 7\n')).toThrow(
    `${path}:3:12: engines.yara.rules: expected array, received number`,
  );
});

test('two engines with one id are refused', () => {
  expect(() => choose('', [...available, engine('yara')])).toThrow('two engines have the id "yara"');
});
