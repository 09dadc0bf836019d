import type { Peak } from './measure';

/** One measured run. Times in seconds. */
export interface Run {
  seconds: number;
  files: number;
  bytes: number;
  /** CPU seconds by process. */
  cpu: { [process: string]: number };
  /** Of all processes of the run together, but for those that serve others too. */
  peak: Peak;
  /** CPU seconds that others spent meanwhile: noise. */
  others: number;
}

/** What a part measured: figures for machines, rows for people. */
export interface Report {
  title: string;
  head: string[];
  rows: string[][];
  notes?: string[];
  figures: unknown;
}

export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
export const round = (value: number, digits = 2): string => value.toFixed(digits);

/** The median run of several, figure by figure. */
export const summary = (runs: Run[]) => {
  const of = (figure: (run: Run) => number) => median(runs.map(figure));
  const first = runs[0]!;
  return {
    runs: runs.length,
    seconds: of(({ seconds }) => seconds),
    filesPerSecond: of(({ files, seconds }) => files / seconds),
    megabytesPerSecond: of(({ bytes, seconds }) => bytes / 1e6 / seconds),
    cpu: Object.fromEntries(Object.keys(first.cpu).map((name) => [name, of(({ cpu }) => cpu[name] ?? 0)])),
    cpuPerFile: Object.fromEntries(
      Object.keys(first.cpu).map((name) => [name, of(({ cpu, files }) => ((cpu[name] ?? 0) / files) * 1e6)]),
    ),
    peak: of(({ peak }) => peak.rss),
    others: of(({ others }) => others),
    all: runs.map(({ seconds }) => Number(seconds.toFixed(3))),
  };
};
export type Summary = ReturnType<typeof summary>;

export const RUN_HEAD = [
  'run',
  'files/s',
  'ratio',
  'ratio by CPU',
  'seconds',
  'CPU s',
  'µs CPU a file',
  'peak RSS',
  'CPU s of others',
];

const cpuOf = ({ cpuPerFile }: Summary) => Object.values(cpuPerFile).reduce((sum, micros) => sum + micros, 0);

/**
 * One row of a table of runs. The ratio is that of the medians of files per second; that by CPU is of files per second of CPU, which
 * is the same on a machine that is full and has nothing else to do, and hardly moves on one that has.
 */
export const runRow = (name: string, ours: Summary, peer?: Summary): string[] => [
  name,
  round(ours.filesPerSecond, 0),
  peer ? round(ours.filesPerSecond / peer.filesPerSecond) : '',
  peer ? round(cpuOf(peer) / cpuOf(ours)) : '',
  round(ours.seconds),
  Object.entries(ours.cpu)
    .map(([process, seconds]) => `${process} ${round(seconds)}`)
    .join(', '),
  Object.entries(ours.cpuPerFile)
    .map(([process, micros]) => `${process} ${round(micros, 0)}`)
    .join(', '),
  ours.peak ? mb(ours.peak) : '',
  round(ours.others),
];

export const markdown = ({ title, head, rows, notes = [] }: Report): string =>
  [
    `### ${title}`,
    '',
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n');
