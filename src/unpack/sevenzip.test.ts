import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from './fixtures/read-all';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';

const reader = createSevenZip(createLoadSevenZip());
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-sevenzip-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

test('x', async () => {
  for (const f of process.env.FILES!.split(' ')) {
    console.log(f);
    for (const s of await readAll(reader, f, (process.env.PW ?? '').split(' ').filter(Boolean)))
      console.log(
        '  ',
        s.name,
        s.trouble,
        s.content?.length,
        JSON.stringify(s.content?.toString('latin1').slice(0, 60)),
      );
  }
});
