import { FAULTS, Fault, rootOf } from '../core/fault';
import { newId } from '../core/id';
import { version } from '../core/version';
import { printable } from './safe';

/** EX_SOFTWARE of sysexits(3): a bug of ours. */
const BUG = 70;

const lines = (text: string): string => text.split('\n').map(printable).join('\n');

const describeBug = (thrown: unknown, debug: boolean): string => {
  const error = rootOf(thrown);
  const id = newId();
  if (debug) return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nassay: error ${id}\n`;
  const message = error instanceof Error ? error.message : String(error);
  return (
    `assay: something went wrong inside Assay ${version}, error ${id}: ${printable(message)}\n` +
    'hint: run it again with ASSAY_DEBUG=1 to see where, and report it with that output.\n'
  );
};

/** Says what went wrong, for people. Returns the exit code that it has by itself. */
export const describeFailure = (error: unknown, debug: boolean): { text: string; exit: number } => {
  if (!(error instanceof Fault)) return { text: describeBug(error, debug), exit: BUG };
  const stack = debug && error.stack ? `${error.stack}\n` : '';
  const hint = error.hint === undefined ? '' : `hint: ${lines(error.hint)}\n`;
  return { text: `assay: ${lines(error.message)}\n${hint}${stack}`, exit: FAULTS[error.code].exit };
};
