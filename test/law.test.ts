import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { importsOf } from './imports';
import { offences } from './law';

const PROJECT = join(import.meta.dir, '..');

/** Tests may reach everywhere: they own nothing that another room could lean on. */
const sources = async (): Promise<string[]> => {
  const files = [...new Bun.Glob('{src,plugins}/**/*.{ts,tsx}').scanSync(PROJECT)];
  return files.filter((file) => !/\.test\.tsx?$/.test(file)).sort();
};

test('imports run one way: no room knows a room below it', async () => {
  const files = await sources();
  expect(files.length).toBeGreaterThan(10);
  const found: string[] = [];
  for (const file of files) found.push(...offences(file, await Bun.file(join(PROJECT, file)).text()));
  expect(found).toEqual([]);
});

describe('the law can be broken', () => {
  const broken = (path: string, source: string) => offences(path, source).length > 0;

  test('by an import of a room below, in every form', () => {
    const forms = [
      "import { a } from '../scans/a';",
      "import '../scans/a';",
      "import * as a from '../scans/a';",
      "import type { A } from '../scans/a';",
      "import type A from '../scans/a';",
      "import {\n  type A,\n  type B,\n} from '../scans/a';",
      "export { a } from '../scans/a';",
      "export type { A } from '../scans/a';",
      "export * from '../scans/a';",
      "export type * from '../scans/a';",
      "const a = await import('../scans/a');",
      "const a = require('../scans/a');",
      "export type A = import('../scans/a').A;",
    ];
    for (const form of forms) {
      expect(broken('src/store/x.ts', form), form).toBe(true);
      expect(broken('src/watch/x.ts', form), form).toBe(false);
    }
    expect(broken('src/store/x.ts', "// import { a } from '../scans/a';\nexport type T = string;")).toBe(false);
  });

  test('by anyone but app and cli who reads the configuration', () => {
    const source = "import type { Config } from '../config/schema';";
    expect(broken('src/store/x.ts', source)).toBe(true);
    expect(broken('src/cli/serve.ts', source)).toBe(false);
    expect(broken('src/app.ts', "import { loadConfig } from './config/load';")).toBe(false);
  });

  test('by a parser of content outside of the engine host', () => {
    const source = "import { identify } from '../content/identify';";
    expect(broken('src/scans/x.ts', source)).toBe(true);
    expect(broken('src/engines/x.ts', source)).toBe(true);
    expect(broken('src/host/worker.ts', source)).toBe(false);
    expect(broken('src/cli/x.ts', source)).toBe(true);
    expect(broken('src/api/x.ts', "import { WASMagic } from 'wasmagic';")).toBe(true);
    expect(broken('src/content/x.ts', "import { WASMagic } from 'wasmagic';")).toBe(false);
  });

  test('by a page that runs code of a room', () => {
    expect(broken('src/ui/x.tsx', "import { app } from '../api/api';")).toBe(true);
    expect(broken('src/ui/x.tsx', "import type { Api } from '../api/api';")).toBe(false);
  });

  test('by a plugin that needs more than the contract', () => {
    const from = (source: string) => broken('plugins/yara/index.ts', source);
    expect(from("import { x } from '../../src/engines/contract';")).toBe(true);
    expect(from("import type { Fault } from '../../src/core/fault';")).toBe(true);
    expect(from("import { x } from '../hashes/load';")).toBe(true);
    expect(from("import type { Engine } from '../../src/engines/contract';")).toBe(false);
    expect(from("import { x } from './load';\nimport { y } from 'node:fs';")).toBe(false);
    expect(broken('plugins/index.ts', "import yara from './yara';")).toBe(false);
  });

  test('by a room that names an engine, imports the composition, or is new and unlisted', () => {
    expect(broken('src/judge/x.ts', "import { builtIn } from '../../plugins';")).toBe(true);
    expect(broken('src/host/x.ts', "import { builtIn } from '../../plugins';")).toBe(false);
    expect(broken('src/api/x.ts', "import { app } from '../app';")).toBe(true);
    expect(broken('src/utils/x.ts', "import { a } from '../core/a';")).toBe(true);
    expect(broken('src/core/x.ts', "import { a } from '../../test/a';")).toBe(true);
  });
});

test('what only .ts can say and what only .tsx can say are both read', () => {
  const generic = "const race = <T>(work: T): T => work;\nimport { a } from '../scans/a';";
  expect(offences('src/store/x.ts', generic)).toHaveLength(1);
  const page = "import { Button } from '../api/button';\nexport const Page = () => <Button>import</Button>;";
  expect(offences('src/ui/page.tsx', page)).toHaveLength(1);
});

test('imports of types are told from those that run', () => {
  expect(importsOf("import type { A } from './a';\nimport { b } from './b';\nb();")).toEqual([
    { specifier: './b', typeOnly: false },
    { specifier: './a', typeOnly: true },
  ]);
});
