import { basename } from 'node:path';
import type { Answer, FindingKind } from '../../src/engines/contract';
import { type Input, openInput } from './input';
import { clean, firstLine, nameIn } from './name';
import { type Ended, run } from './run';

export const KINDS = [
  'Threat',
  'Suspicious',
  'PotentiallyUnwanted',
  'Encrypted',
  'Unscannable',
  'SensitiveData',
  'Vulnerability',
] as const;
export const MEANINGS = ['clean', 'detected', 'skipped', 'failed'] as const;

export interface Options {
  argv: string[];
  input: Input;
  exits: Record<string, (typeof MEANINGS)[number]>;
  name?: string;
  kind: FindingKind;
  timeout: number;
  concurrency: number;
  definitions?: string[];
  env: Record<string, string>;
  selfTest: boolean;
}

/** What every scanner may know of our environment; the rest may hold secrets. */
export const PASSED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** The environment of the scanner. */
export const environment = (options: Options): Record<string, string> => ({
  ...Object.fromEntries(PASSED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  ...options.env,
});

const seconds = (ms: number): string => `${ms / 1000} s`;

/** Why a run says nothing of the file. */
export const whyNot = (ended: Exclude<Ended, { how: 'exited' }>, program: string, timeout: number): string => {
  if (ended.how === 'timeout') return `${program} took longer than ${seconds(timeout)} and was ended`;
  if (ended.how === 'killed') return `${program} was ended by ${ended.signal}`;
  if (ended.how === 'unstarted') return `${program} cannot be started: ${ended.why}`;
  return 'cancelled';
};

/** What the end of a run says of the file. The exit code decides; the output only names. */
export const answerOf = (ended: Ended, options: Options, pattern: RegExp | undefined): Answer => {
  const program = basename(options.argv[0] ?? '');
  if (ended.how !== 'exited') return { status: 'failed', reason: whyNot(ended, program, options.timeout), retry: true };
  const meaning = options.exits[ended.code];
  if (meaning === 'clean') return { status: 'clean' };
  if (meaning === 'detected') {
    const name = (pattern && nameIn(ended.stdout, pattern)) || `Detected by ${program}`;
    return options.kind === 'Unscannable'
      ? { status: 'detected', name, kind: options.kind, resultCode: 24 }
      : { status: 'detected', name, kind: options.kind };
  }
  const reason = clean(`${program} exited with ${ended.code}: ${firstLine(ended.stderr) || firstLine(ended.stdout)}`);
  return meaning === 'skipped' ? { status: 'skipped', reason } : { status: 'failed', reason, retry: true };
};

/** Runs the scanner over one opened file. */
export const scanOnce = async (
  options: Options,
  file: { path: string; fd: number },
  signal?: AbortSignal,
): Promise<Ended> => {
  const input = openInput(options.input, file);
  const argv = options.argv.map((part) => part.replaceAll('{file}', () => input.file));
  try {
    return await run({ argv, env: environment(options), stdin: input.stdin, timeout: options.timeout, signal });
  } finally {
    input.close();
  }
};
