import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPlugins } from './load';

const folder = mkdtempSync(join(tmpdir(), 'assay-plugins-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
const load = (source: string) => {
  const path = join(folder, `plugin${count++}.ts`);
  writeFileSync(path, source);
  return loadPlugins([path]);
};
const engine = (more: string) =>
  `export default { id: 'e', name: 'E', finds: ['Threat'], options: (z) => z.strictObject({}), open: async () => ({}), ${more} }`;

test('a plugin is an engine when it has all that one needs', async () => {
  expect((await load(engine('')))[0]).toMatchObject({ id: 'e', name: 'E' });
});

test('what it lacks is named, for it would only be missed when files are looked into', async () => {
  for (const [more, what] of [
    ['finds: undefined', 'is no engine: finds: '],
    ["finds: ['Virus']", 'is no engine: finds.0: '],
    ['name: undefined', 'is no engine: name: '],
    ['id: 5', 'is no engine: id: '],
    ['open: {}', 'open: must be a function'],
    ['options: () => ({})', 'options: must be a function of zod that returns a schema'],
    ["options: () => { throw new Error('x') }", 'options: must be a function of zod that returns a schema'],
  ] as const) {
    expect(load(engine(more))).rejects.toThrow(what);
  }
  expect(load('export const engine = {}')).rejects.toThrow('does not export an engine by default');
});
