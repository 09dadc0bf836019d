import { readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import yaraEngine from '../plugins/yara';
import { createBuffers } from '../src/content/buffers';
import { createIdentify } from '../src/content/identify';
import { type OpenFile, openFile } from '../src/content/open';
import { digest, readAt } from '../src/content/read';
import { createScratch } from '../src/content/scratch';
import type { Engine } from '../src/engines/contract';
import type { Job } from '../src/host/host';
import { inspect } from '../src/host/inspect';
import type { Ready } from '../src/host/look';
import { type Corpus, scratch } from './corpus';
import noop from './engines/noop';
import { type Report, round } from './figures';
import { makeRules } from './rules';

const FILES = 4000;

const filesOf = (corpus: Corpus): string[] =>
  readdirSync(corpus.small.path)
    .sort()
    .flatMap((folder) =>
      readdirSync(join(corpus.small.path, folder)).map((name) => join(corpus.small.path, folder, name)),
    )
    .slice(0, FILES);

const open = (path: string): OpenFile => {
  const file = openFile({ path });
  if ('why' in file) throw new Error(file.message);
  return file;
};

/** µs of CPU for each file, all threads of this process; the second round counts, when the code is compiled. */
const costOf = async (paths: string[], step: (path: string) => unknown): Promise<number> => {
  for (const path of paths) await step(path);
  Bun.gc(true);
  const before = process.cpuUsage();
  for (const path of paths) await step(path);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / paths.length;
};

const ready = async (engine: Engine, options: object): Promise<Ready> => {
  const log = { debug: () => {}, info: () => {}, warn: () => {} };
  const { z } = await import('zod');
  const parsed = engine.options(z).parse(options);
  const signal = new AbortController().signal;
  const opened = await engine.open(parsed, { log, signal, prepared: await engine.prepare?.(parsed, { log }) });
  return { settings: '', engine, open: opened, definitions: await opened.definitions() };
};

/** Where the engine host's time goes, step by step, over files of the corpus and in one thread. */
export const costs = async (corpus: Corpus): Promise<Report> => {
  const paths = filesOf(corpus);
  const folder = scratch('costs');
  const never = new AbortController().signal;
  const whole = new Uint8Array(2 * 1024 * 1024);
  const identify = createIdentify();
  const buffers = createBuffers();
  const members = createScratch(folder.path);

  const withFile = (use: (file: OpenFile) => unknown) => async (path: string) => {
    const file = open(path);
    await use(file);
    file.close();
  };
  const read = (file: OpenFile) => whole.subarray(0, readAt(file.fd, whole, 0));
  const hashing = (name: 'sha256' | 'sha1' | 'md5') =>
    withFile((file) => new Bun.CryptoHasher(name).update(read(file)).digest('hex'));
  const inspecting = (engines: Ready[]) => (path: string) => {
    const job: Job = {
      id: 'x',
      place: { path },
      size: 0,
      engines: 'all',
      timeout: 60_000,
      unpackBy: 'assay',
      limits: { depth: 12, files: 100_000, size: 1e9, expansion: 500, time: 60_000 },
      passwords: [],
    };
    return inspect(job, { engines, identify, scratch: members, buffers, signal: never });
  };
  const rules = async (count: number) => {
    const path = join(folder.path, `${count}.yar`);
    await Bun.write(path, makeRules(count));
    return ready(yaraEngine as Engine, { rules: [path], builtIn: false });
  };

  const opening = await costOf(
    paths,
    withFile(() => {}),
  );
  const reading = await costOf(paths, withFile(read));
  const head = await costOf(
    paths,
    withFile((file) => readSync(file.fd, whole, 0, 65_536, 0)),
  );
  const identifying = await costOf(
    paths,
    withFile((file) => identify(whole.subarray(0, readSync(file.fd, whole, 0, 65_536, 0)))),
  );
  const [sha256, sha1, md5] = [
    await costOf(paths, hashing('sha256')),
    await costOf(paths, hashing('sha1')),
    await costOf(paths, hashing('md5')),
  ];
  const digesting = await costOf(
    paths,
    withFile((file) => digest(file, whole, never)),
  );
  const nothing = await costOf(paths, inspecting([await ready(noop, {})]));
  const two = await costOf(paths, inspecting([await rules(2)]));
  const thousand = await costOf(paths, inspecting([await rules(1000)]));
  folder.remove();

  const steps: [string, number][] = [
    ['open, fstat, close', opening],
    ['read', reading - opening],
    ['SHA-256', sha256 - reading],
    ['SHA-1', sha1 - reading],
    ['MD5', md5 - reading],
    ['type', identifying - head],
    ['digest: all of that but the type', digesting],
    ['inspect with an engine that does nothing', nothing],
    ['YARA, 2 rules', two - nothing],
    ['YARA, 1,000 rules', thousand - nothing],
  ];
  return {
    title: `CPU of one thread for each of ${paths.length} small files`,
    head: ['step', 'µs a file'],
    rows: steps.map(([step, micros]) => [step, round(micros, 1)]),
    figures: Object.fromEntries(steps),
  };
};
