import type { Trouble } from '../core/findings';
import { holdBack } from './lookahead';
import type { StartRun } from './sevenzip-run';
import { NO_MEMORY, troubleOfOne } from './sevenzip-trouble';

/** More than the longest message with the longest name in it. Bytes. */
const MESSAGE = 64 * 1024;
const OUT_OF_MEMORY = 8;

/**
 * The bytes of all that a container holds, one behind the other, by 7-Zip; for containers of one member.
 * @param format 7-Zip's name of its format
 * @returns what is wrong with it
 */
export async function* decompress(
  start: StartRun,
  format: string,
  fd: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, Trouble | undefined, void> {
  const args = ['x', '-so', '-ba', '-y', '-mmt=1', `-t${format}`];
  const run = start({ args, fd, input: '', joined: true, signal });
  try {
    // What is wrong comes as a message behind it all.
    const rest = yield* holdBack(run.output, MESSAGE);
    const exit = await run.exited;
    signal.throwIfAborted();
    if (exit === 0) {
      if (rest.length > 0) yield rest;
      return undefined;
    }
    const at = rest.lastIndexOf('ERROR: ');
    const end = at < 0 ? rest.length : at;
    if (end > 0) yield rest.subarray(0, end);
    if (exit === OUT_OF_MEMORY) return NO_MEMORY;
    return troubleOfOne(rest.toString('latin1', end).slice('ERROR: '.length));
  } finally {
    await run.end();
  }
}
