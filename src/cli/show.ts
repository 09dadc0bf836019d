import { print, printJson } from './output';
import { printable } from './safe';

const isPlain = (): boolean => !process.stdout.isTTY || Boolean(process.env.NO_COLOR);

const bold = (text: string): string => (isPlain() ? text : `\u001b[1m${text}\u001b[22m`);

type Cell = string | number | undefined;

/** Columns as wide as what is in them: nothing is cut off, so that other programs can read it. */
export const table = (heads: string[], rows: Cell[][]): string => {
  const cells = rows.map((row) => row.map((cell) => printable(String(cell ?? ''))));
  const widths = heads.map((head, at) =>
    cells.reduce((widest, row) => Math.max(widest, Bun.stringWidth(row[at] ?? '')), Bun.stringWidth(head)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - Bun.stringWidth(cell))))
      .join('  ')
      .trimEnd();
  return [bold(line(heads)), ...cells.map(line)].join('\n');
};

/** Names and values, one pair a line; what is undefined is left out. */
export const pairs = (values: { [name: string]: Cell }): string => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${bold(name.padEnd(width))}  ${printable(String(value))}`).join('\n');
};

/** Prints a value for programs with --json, else for people. */
export const show = ({ json }: { json?: boolean }, value: unknown, forPeople: () => string): void =>
  json ? printJson(value) : print(forPeople());

const pad = (n: number) => String(n).padStart(2, '0');

/** A time as people of this host read it; empty for none. */
export const localTime = (rfc3339: string | undefined): string => {
  if (!rfc3339) return '';
  const at = new Date(rfc3339);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
};

/** What there is at all of what was counted: "move 2, failed 1"; empty for nothing. */
export const countsWords = (counts: { [name: string]: number }): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** A number of files, in words: "1 file". */
export const filesWords = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`;

const AGES: [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** A duration in its largest unit: "3 days". Milliseconds. */
export const ageOf = (ms: number | undefined): string => {
  if (ms === undefined) return '';
  const [unit, name] = AGES.find(([size]) => ms >= size) ?? [1000, 'second'];
  const count = Math.floor(ms / unit);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
};
