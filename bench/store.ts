import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Corpus, scratch } from './corpus';
import { type Report, RUN_HEAD, type Run, runRow, summary } from './figures';
import { quiet } from './measure';
import { serve } from './serve';

const FILES = 100_000;

/** A hundred thousand tiny files and an engine that costs nothing: what is left is our own. */
export const store = async (_: Corpus, runs: number): Promise<Report> => {
  const folder = scratch('tiny');
  try {
    for (let i = 0; i < FILES; i++) {
      const below = join(folder.path, String(i % 500));
      if (i < 500) mkdirSync(below);
      writeFileSync(join(below, `file-${i}.txt`), `file number ${i}\n`);
    }
    const config = { engines: { noop: {} }, plugins: [join(import.meta.dir, 'engines/noop.ts')] };
    const first: Run[] = [];
    let size = 0;
    for (let run = 0; run < Math.min(runs, 3); run++) {
      const serving = await serve(config);
      const storage = await serving.addStorage(folder.path);
      await quiet();
      first.push(await serving.scan(storage));
      await serving.stop((data) => {
        size = statSync(join(data, 'assay.db')).size;
      });
    }
    const figures = { scan: summary(first), bytesPerFile: size / FILES };
    return {
      title: 'Our own cost: 100,000 files of 20 bytes, an engine that does nothing, every result stored',
      head: RUN_HEAD,
      rows: [runRow('assay', figures.scan)],
      notes: [`The database holds ${Math.round(figures.bytesPerFile)} bytes for each file.`],
      figures,
    };
  } finally {
    folder.remove();
  }
};
