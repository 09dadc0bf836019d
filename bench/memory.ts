import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { startClamd } from '../test/servers/clamd';
import { type Corpus, scratch } from './corpus';
import { createRandom } from './corpus/random';
import { mb, type Report } from './figures';
import { type Memory, memoryOf, type Peak } from './measure';
import { makeRules } from './rules';
import { type Serving, serve } from './serve';

const SETTLE = 40_000;
const HUGE = 4e9;
const PIECE = 8e6;

const writeHuge = (path: string): void => {
  const random = createRandom('huge');
  const fd = openSync(path, 'w');
  for (let written = 0; written < HUGE; written += PIECE) writeSync(fd, random.bytes(PIECE));
  closeSync(fd);
};

/** The highest figures while a folder or a file is scanned: each by itself, and the time that it took. */
const scanWatched = async (serving: Serving, path: string): Promise<Peak & { pss: number; seconds: number }> => {
  const storage = await serving.addStorage(path);
  let pss = 0;
  // What mappings share is told by a look at all their pages (proc_pid_smaps_rollup): milliseconds each.
  const timer = setInterval(() => {
    pss = Math.max(pss, memoryOf(serving.pids()).pss);
  }, 100);
  try {
    const { peak, seconds } = await serving.scan(storage);
    return { ...peak, pss, seconds };
  } finally {
    clearInterval(timer);
  }
};

const row = (what: string, goal: string, { rss, pss, anonymous }: Memory): string[] => [
  what,
  mb(pss),
  mb(anonymous),
  mb(rss),
  goal,
];

/** What the daemon and its engine host take together: with nothing to do, and while one huge file is looked into. */
export const memory = async (corpus: Corpus): Promise<Report> => {
  const folder = scratch('memory');
  const clamd = await startClamd();
  const figures: { what: string; goal: string; memory: Memory }[] = [];
  const add = (what: string, goal: string, memory: Memory) => figures.push({ what, goal, memory });
  try {
    const rules = join(folder.path, 'rules.yar');
    writeFileSync(rules, makeRules(1000));
    const idle = '150 MB';

    const plain = await serve({});
    await Bun.sleep(SETTLE);
    add('idle, default engines, 40 s after the start', idle, memoryOf(plain.pids()));
    add('scanning the corpus, default engines, highest', '', await scanWatched(plain, corpus.path));
    await Bun.sleep(SETTLE);
    add('idle, default engines, 40 s after that scan', idle, memoryOf(plain.pids()));
    await plain.stop();

    const huge = join(folder.path, 'huge.bin');
    writeHuge(huge);
    const engines = {
      yara: { yara: { rules: [rules], builtIn: false, timeout: 600_000 } },
      clamav: { clamav: { socket: clamd.socket, config: clamd.config } },
    };
    for (const [name, engine] of Object.entries(engines)) {
      const serving = await serve({ engines: engine });
      const { seconds, ...highest } = await scanWatched(serving, huge);
      add(`one file of 4 GB by ${name} alone, highest (${Math.round(seconds)} s)`, '300 MB', highest);
      await Bun.sleep(SETTLE);
      add(`idle, ${name} alone, 40 s after that`, idle, memoryOf(serving.pids()));
      await serving.stop();
    }
  } finally {
    await clamd.remove();
    folder.remove();
  }
  return {
    title: 'Memory of the daemon and the engine host together',
    head: ['when', 'PSS', 'anonymous', 'RSS', 'goal'],
    rows: figures.map(({ what, goal, memory: seen }) => row(what, goal, seen)),
    notes: [
      'RSS counts the pages of the binary that both processes share twice, and pages of mapped files that the kernel can take back.',
    ],
    figures,
  };
};
