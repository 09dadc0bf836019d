import { spawnSync } from 'bun';

/** Runs a tool in a folder; throws what it said when it failed. */
export const tool = (cwd: string, ...command: string[]): Buffer => {
  const { exitCode, stdout, stderr } = spawnSync(command, { cwd, stdout: 'pipe', stderr: 'pipe' });
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed: ${stderr}${stdout}`);
  return stdout;
};

/**
 * What goes into each container: `note.txt`, `letters/bad.com`, and `inner.zip` with `deep.com` in it.
 * @param from the folder with these files; @param to the file to make
 */
export type Pack = (from: string, to: string) => unknown;

export const packedBy =
  (...command: string[]): Pack =>
  (from, to) =>
    tool(from, ...command.map((word) => (word === '{}' ? to : word)));

/** A shell's command line; `$1` is the file to make. */
export const packedIn =
  (script: string): Pack =>
  (from, to) =>
    tool(from, 'sh', '-ec', script, 'sh', to);
