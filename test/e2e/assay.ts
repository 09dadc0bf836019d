import { join } from 'node:path';

const PROJECT = join(import.meta.dir, '../..');

/** The command that starts Assay: the binary in ASSAY_BIN, else the source. */
export const assay: string[] = process.env.ASSAY_BIN
  ? [process.env.ASSAY_BIN]
  : [process.execPath, join(PROJECT, 'src/main.ts')];

export interface RunOptions {
  cwd: string;
  stdin?: string | Uint8Array;
  env?: { [name: string]: string };
}

/** The environment of a command under test: nothing of this host's configuration. */
export const environment = (more: RunOptions['env'] = {}): { [name: string]: string } => ({
  PATH: process.env.PATH ?? '',
  ASSAY_CONFIG: join(PROJECT, 'test/e2e/fixtures/assay.yaml'),
  ...more,
});

/** Runs Assay to its end. */
export const run = async (args: string[], { cwd, stdin, env }: RunOptions) => {
  const child = Bun.spawn([...assay, ...args], {
    cwd,
    env: environment(env),
    stdin: stdin === undefined ? 'ignore' : Buffer.from(stdin as Uint8Array),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { stdout, stderr, exitCode, lines: stdout.split('\n').filter(Boolean) };
};
