/** `bun run bench [PART…] [--runs N] [--json]`: measures Assay beside its peers on this machine. */
import { existsSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Corpus, openCorpus } from './corpus';
import { markdown, mb, type Report } from './figures';

const BINARY = join(import.meta.dir, '../dist/assay');

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, runs: { type: 'string', default: '5' } },
  allowPositionals: true,
});

/** Loaded late: the tests' daemon takes its binary from the environment when it is loaded. */
const loadParts = async (): Promise<{ [name: string]: (corpus: Corpus, runs: number) => Promise<Report> }> => {
  process.env.ASSAY_BIN ??= BINARY;
  if (!existsSync(process.env.ASSAY_BIN)) throw new Error(`${process.env.ASSAY_BIN} is missing: bun run build`);
  const { archives } = await import('./archives');
  const { clamav } = await import('./clamav');
  const { yara } = await import('./yara');
  const { rescan } = await import('./rescan');
  const { store } = await import('./store');
  const { memory } = await import('./memory');
  const { costs } = await import('./costs');
  const { million } = await import('./million');
  const { realtime } = await import('./realtime');
  const { page } = await import('./page');
  const { s3 } = await import('./s3');
  const { sensitive } = await import('./sensitive');
  const { vulnerabilities } = await import('./vulnerabilities');
  return {
    archives,
    clamav,
    yara,
    rescan,
    store,
    memory,
    costs,
    million,
    page,
    realtime,
    s3,
    sensitive,
    vulnerabilities,
  };
};

const version = async (command: string[]): Promise<string> => {
  try {
    return (await new Response(Bun.spawn(command, { stderr: 'ignore' }).stdout).text()).trim();
  } catch {
    return `no ${command[0]}`;
  }
};

const describeMachine = async () => ({
  processor: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  memory: mb(totalmem()),
  kernel: release(),
  bun: Bun.version,
  assay: await version([process.env.ASSAY_BIN ?? BINARY, '--version']),
  clamav: await version(['clamdscan', '--version']),
  yara: await version(['yara', '--version']),
});

const describeCorpus = ({ small, large, kinds }: Corpus): Report => ({
  title: 'Corpus',
  head: ['kind', 'files', 'bytes', "this machine's own"],
  rows: [
    ...Object.entries(kinds)
      .sort(([, a], [, b]) => b.files - a.files)
      .map(([kind, { files, bytes, found }]) => [kind, String(files), mb(bytes), String(found)]),
    ['small, together', String(small.files), mb(small.bytes), `median ${small.median} bytes`],
    ['large', String(large.files), mb(large.bytes), '50, 90 and 200 MB'],
  ],
  figures: { small, large, kinds },
});

const main = async () => {
  const parts = await loadParts();
  const names = positionals.length > 0 ? positionals : Object.keys(parts);
  const unknown = names.find((name) => !parts[name]);
  if (unknown) throw new Error(`there is no part "${unknown}": ${Object.keys(parts).join(', ')}`);
  const corpus = openCorpus();
  const machine = await describeMachine();
  const print = (report: Report) => values.json || console.log(markdown(report));

  if (!values.json) console.log(`${Object.values(machine).join(' · ')}\n`);
  print(describeCorpus(corpus));
  const figures: { [part: string]: unknown } = {};
  for (const name of names) {
    const report = await parts[name]!(corpus, Number(values.runs));
    figures[name] = report.figures;
    print(report);
  }
  if (values.json) console.log(JSON.stringify({ machine, corpus, figures }, null, 2));
};

await main();
process.exit(0);
