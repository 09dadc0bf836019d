import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { defaultFile, schemaFile } from './default-file';
import { loadConfig } from './load';
import { ConfigFile, configJsonSchema } from './schema';

const folder = join(import.meta.dir, '../../config');
const inRepository = (name: string) => Bun.file(join(folder, name)).text();

test('the committed default file and JSON schema are what the schema says (bun src/config/generate.ts)', async () => {
  expect(await inRepository('assay.yaml')).toBe(defaultFile());
  expect(await inRepository('assay.schema.json')).toBe(schemaFile());
});

test('the default file loads to the defaults', () => {
  const fromFile = loadConfig({ path: join(folder, 'assay.yaml') }).config;
  expect(fromFile).toEqual(loadConfig({ defaultPath: '/nonexistent' }).config);
});

test('every key is described, and every example in the default file is valid', () => {
  for (const [key, node] of Object.entries(configJsonSchema().properties ?? {})) {
    expect(node.description, key).toBeString();
    for (const [inner, { description, examples = [] }] of Object.entries(node.properties ?? {})) {
      expect(description, `${key}.${inner}`).toBeString();
      for (const example of examples) ConfigFile.parse({ [key]: { [inner]: example } });
    }
    for (const example of node.examples ?? []) ConfigFile.parse({ [key]: example });
  }
});
