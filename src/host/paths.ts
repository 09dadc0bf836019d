import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True inside the compiled binary, whose own files lie in `/$bunfs/root`. */
const isCompiled = (): boolean => import.meta.path.startsWith('/$bunfs/');

/** The file that piscina's threads run: the source itself under `bun`, and in the binary the entry point that build.ts makes of it. */
export const workerPath = (): string =>
  isCompiled() ? '/$bunfs/root/src/host/worker.js' : join(import.meta.dir, 'worker.ts');

/** The command that starts this same program with a subcommand. */
export const selfCommand = (subcommand: string): string[] =>
  isCompiled() ? [process.execPath, subcommand] : [process.execPath, join(import.meta.dir, '../main.ts'), subcommand];

/** Inside the engine host: its private folder, which nobody else can write to and which is removed when it ends. */
export const privateDir = (): string => process.env.ASSAY_NATIVE_DIR ?? tmpdir();
