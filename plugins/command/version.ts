import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Definitions } from '../../src/engines/contract';
import { firstLine } from './name';
import { run } from './run';
import { environment, type Options, whyNot } from './scan';

const fingerprint = (options: Options, program: string): string => {
  const path = Bun.which(program);
  if (!path) throw new Error(`${program} is not installed`);
  const { size, mtimeMs } = statSync(path);
  const hash = new Bun.CryptoHasher('sha256').update(JSON.stringify([options.argv, options.exits, size, mtimeMs]));
  return `${basename(program)} ${hash.digest('hex').slice(0, 8)}`;
};

/** What the scanner's own command prints; without one, what the program is. Throws when it cannot be run. */
export const versionOf = async (options: Options): Promise<Definitions> => {
  if (!options.definitions) return { version: fingerprint(options, options.argv[0] ?? '') };
  const ended = await run({ argv: options.definitions, env: environment(options), timeout: options.timeout });
  const program = basename(options.definitions[0] ?? '');
  if (ended.how !== 'exited') throw new Error(whyNot(ended, program, options.timeout));
  const version = firstLine(ended.stdout);
  if (ended.code === 0 && version) return { version };
  throw new Error(`${program} tells no version: ${firstLine(ended.stderr) || `exit code ${ended.code}`}`);
};
