import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { post, until } from '../test/e2e/daemon';
import { eicar, startClamd } from '../test/servers/clamd';
import { type Corpus, scratch } from './corpus';
import { mb, type Report, round } from './figures';
import { cpuSeconds, type Memory, memoryOf } from './measure';
import { type Serving, serve } from './serve';

const RATE = 200;
const SECONDS = 20;
const FOLDERS = Number(process.env.BENCH_FOLDERS ?? 100_000);
/** How long results may still come in after the last file. Milliseconds. */
const PATIENCE = 15_000;
const SETTLE = 5_000;

/** When what happened to a file, by its name: milliseconds of this process's clock. */
type Times = Map<string, number>;

/** Writes small files at a steady rate, each closed at once. Returns when each was closed. */
const writeFiles = async (folder: string, content: (name: string) => Uint8Array): Promise<Times> => {
  const closed: Times = new Map();
  const begun = performance.now();
  for (let i = 0; i < RATE * SECONDS; i++) {
    const early = begun + (i * 1000) / RATE - performance.now();
    if (early > 0) await Bun.sleep(early);
    const name = `file-${i}`;
    const fd = openSync(join(folder, name), 'w');
    writeSync(fd, content(name));
    closeSync(fd);
    closed.set(name, performance.now());
  }
  return closed;
};

/** Waits until all has been seen, or nothing more is to be hoped for. */
const waitForAll = async (closed: Times, seen: Times): Promise<void> => {
  const end = performance.now() + PATIENCE;
  while (seen.size < closed.size && performance.now() < end) await Bun.sleep(50);
};

const latencies = (closed: Times, seen: Times) => {
  const sorted = [...closed]
    .flatMap(([name, at]) => {
      const found = seen.get(name);
      return found === undefined ? [] : [found - at];
    })
    .sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { files: closed.size, seen: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
};
type Latencies = ReturnType<typeof latencies>;

/** Notes when the result of each file is told, from the daemon's event stream. */
const listen = async (serving: Serving, seen: Times, signal: AbortSignal): Promise<void> => {
  const { body } = await fetch('http://localhost/api/events', { unix: serving.socket, signal });
  if (body === null) throw new Error('no events');
  const read = async () => {
    let rest = '';
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data: {')) continue;
        const { path } = JSON.parse(line.slice('data: '.length)) as { path?: string };
        const name = path && basename(path);
        if (name && !seen.has(name)) seen.set(name, performance.now());
      }
    }
  };
  read().catch((error) => signal.aborted || console.error(error));
};

const guard = async (serving: Serving, folder: string): Promise<void> => {
  await serving.api('/api/realtime', post({ storageId: await serving.addStorage(folder) }));
  await until(async () => {
    const [one] = (await serving.api('/api/realtime')).entries;
    return one.state === 'watching' && one.listed !== undefined;
  });
};

const byAssay = async (config: object): Promise<Latencies & { cpu: number }> => {
  const folder = scratch('realtime');
  const serving = await serve(config);
  const ending = new AbortController();
  try {
    await guard(serving, folder.path);
    const seen: Times = new Map();
    await listen(serving, seen, ending.signal);
    const cpu = () => serving.pids().reduce((sum, pid) => sum + cpuSeconds(pid), 0);
    const before = cpu();
    const closed = await writeFiles(folder.path, (name) => Buffer.from(name.repeat(1000)));
    await waitForAll(closed, seen);
    return { ...latencies(closed, seen), cpu: cpu() - before };
  } finally {
    ending.abort();
    await serving.stop();
    folder.remove();
  }
};

/** clamonacc tells of what it found only: each file is EICAR's. */
const byClamonacc = async (): Promise<Latencies | string> => {
  const program = Bun.which('clamonacc', { PATH: `${process.env.PATH}:/usr/sbin` });
  if (program === null) return 'clamonacc is not installed';
  if (process.getuid?.() !== 0) return 'clamonacc needs root';
  const folder = scratch('clamonacc');
  const guarded = join(folder.path, 'guarded');
  mkdirSync(guarded);
  const log = join(folder.path, 'log');
  writeFileSync(log, '');
  const clamd = await startClamd([
    `OnAccessIncludePath ${guarded}`,
    'OnAccessExcludeUname clamav',
    'OnAccessExtraScanning yes',
  ]);
  const command = [program, '--foreground', '--fdpass', `--config-file=${clamd.config}`, `--log=${log}`];
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' });
  const output = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  try {
    await Bun.sleep(SETTLE);
    if (child.exitCode !== null) return `clamonacc ended: ${(await output).join(' ').trim()}`;
    const seen: Times = new Map();
    const reading = setInterval(() => {
      const now = performance.now();
      for (const [, name] of readFileSync(log, 'utf8').matchAll(/\/(file-\d+): \S+ FOUND/g))
        if (name && !seen.has(name)) seen.set(name, now);
    }, 20);
    const closed = await writeFiles(guarded, eicar);
    await waitForAll(closed, seen);
    clearInterval(reading);
    return latencies(closed, seen);
  } finally {
    child.kill();
    await child.exited;
    await clamd.remove();
    folder.remove();
  }
};

/** What a daemon takes that guards many folders in which nothing happens. */
const ofFolders = async (): Promise<{ before: Memory; after: Memory; seconds: number }> => {
  const folder = scratch('folders');
  for (let i = 0; i < FOLDERS; i++) mkdirSync(join(folder.path, `${i % 300}`, `${i}`), { recursive: true });
  const serving = await serve({});
  try {
    await Bun.sleep(SETTLE);
    const before = memoryOf(serving.pids());
    const begun = performance.now();
    await guard(serving, folder.path);
    const seconds = (performance.now() - begun) / 1000;
    await Bun.sleep(SETTLE);
    return { before, after: memoryOf(serving.pids()), seconds };
  } finally {
    await serving.stop();
    folder.remove();
  }
};

const row = (what: string, { files, seen, p50, p95, p99, most }: Latencies): string[] => [
  what,
  `${seen} of ${files}`,
  ...[p50, p95, p99, most].map((ms) => round(ms, 0)),
];

/** From the close of a file to its result, while files arrive; and the memory that watching takes. */
export const realtime = async (_: Corpus): Promise<Report> => {
  const usual = await byAssay({});
  const soon = await byAssay({ realtime: { settle: '50ms' } });
  const peer = await byClamonacc();
  const folders = await ofFolders();
  return {
    title: `Real-time processing: milliseconds from close to result, while ${RATE} files a second arrive`,
    head: ['guard', 'results', 'p50', 'p95', 'p99', 'most'],
    rows: [
      row('assay, files at rest for 500 ms (the default)', usual),
      row('assay, files at rest for 50 ms', soon),
      ...(typeof peer === 'string' ? [] : [row('clamonacc, each file infected', peer)]),
    ],
    notes: [
      ...(typeof peer === 'string' ? [`Not compared with clamonacc: ${peer}.`] : []),
      `CPU of both processes: ${round(usual.cpu)} s for ${usual.files} files.`,
      `${FOLDERS} watched folders: after ${round(folders.seconds, 1)} s, memory of both processes ${mb(folders.before.pss)} before and ${mb(folders.after.pss)} after (PSS).`,
    ],
    figures: { usual, soon, peer, folders },
  };
};
