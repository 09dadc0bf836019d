import { join } from 'node:path';

const compiled = import.meta.dir.startsWith('/$bunfs/');

/** Where piscina finds the worker: inside the binary, or among the sources. build.ts makes it an entry point of this name. */
export const workerPath = (): string =>
  compiled ? '/$bunfs/root/src/host/worker.js' : join(import.meta.dir, 'worker.ts');

/** The command that starts this same program with a subcommand. */
export const selfCommand = (subcommand: string): string[] =>
  compiled ? [process.execPath, subcommand] : [process.execPath, join(import.meta.dir, '../main.ts'), subcommand];
