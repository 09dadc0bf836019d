import type { Trouble } from '../core/findings';
import { newId } from '../core/id';
import type { Passwords } from './contract';
import { INPUT, type StartRun } from './sevenzip-run';
import { lockedTo, troubleOfAll } from './sevenzip-trouble';

/** What all runs over one container have in common. */
export interface Source {
  start: StartRun;
  /** The container's descriptor. */
  fd: number;
  /** 7-Zip's name of its format. */
  format: string;
  signal: AbortSignal;
}

/** A container that 7-Zip can open. */
export interface Opened {
  /** What each run that unpacks writes before its first member. */
  prologue: Buffer;
  /** The password that opens the names, where they are encrypted. */
  password?: string;
  /** What is wrong with the container as a whole, though some of it can be read. */
  trouble?: Trouble;
  /** How many bytes lie behind its end. */
  tail: number;
}

/** One thread, text in UTF-8, and alternate streams are members as well. */
const switches = (format: string) => [`-t${format}`, '-y', '-mmt=1', '-sccUTF-8', '-scsUTF-8', '-sns'];

// Asked for a password, 7-Zip takes an empty line for one, and goes on with what needs none.
const inputOf = (password = '') => `${password}\n`;

/** Lists the members. */
export const startList = ({ start, fd, format, signal }: Source, password?: string) =>
  start({ args: ['l', '-slt', '-ba', ...switches(format)], fd, input: inputOf(password), joined: false, signal });

/** Unpacks all members that fit `selection` into one stream, with a message before and behind each. */
export const startUnpacking = ({ start, fd, format, signal }: Source, password?: string, selection: string[] = []) => {
  const args = ['x', '-so', '-ba', '-bb1', '-bso2', ...switches(format), ...selection];
  return start({ args, fd, input: inputOf(password), joined: true, signal });
};

/** Tests the members that a list file names. */
export const startTest = ({ start, fd, format, signal }: Source, password: string, listFile: number) => {
  const args = ['t', '-ba', '-bb1', ...switches(format), '-spd', '-i@/proc/self/fd/4'];
  return start({ args, fd, listFile, input: inputOf(password), joined: true, signal });
};

/** Those that fit into a line. */
export const typeable = (passwords: Passwords): string[] =>
  passwords.list().filter((password) => !/[\n\0]/.test(password) && Buffer.byteLength(password) < INPUT);

const LONGEST = 4 * 1024 * 1024;
/** Up to this exit code all that was wrong are warnings. */
const WARNINGS = 1;

/** Opens it and asks for a member that is not there: what is written before the members is all that comes. */
const probe = async (source: Source, password: string | undefined) => {
  const run = startUnpacking(source, password, ['-spd', `-i!${newId()}`]);
  try {
    const said = (await run.output.peek(LONGEST)).subarray(0, LONGEST);
    if (said.length === LONGEST) await run.end();
    const exit = await run.exited;
    source.signal.throwIfAborted();
    const end = said.lastIndexOf('\nNo files to process\n');
    return { prologue: end < 0 ? undefined : said.subarray(0, end), text: said.toString('latin1'), exit };
  } finally {
    await run.end();
  }
};

// Properties follow in a fixed order; a comment, which could say anything, comes behind these.
const tailIn = (text: string): number => Number(/\nTail Size = (\d+)\n/.exec(text)?.[1] ?? 0);
const isRefused = (text: string): boolean => /encrypted archive\. Wrong password\?/.test(text);

/** Opens a container, by the first password that fits if its names are encrypted. Answers what is wrong when it cannot be opened. */
export const openSevenZip = async (source: Source, passwords: Passwords): Promise<Opened | Trouble> => {
  for (const password of [undefined, ...typeable(passwords)]) {
    const { prologue, text, exit } = await probe(source, password);
    if (prologue === undefined && isRefused(text)) continue;
    if (prologue === undefined) return troubleOfAll(text);
    if (password !== undefined) passwords.worked(password);
    return { prologue, password, trouble: exit <= WARNINGS ? undefined : troubleOfAll(text), tail: tailIn(text) };
  }
  return lockedTo(passwords);
};
