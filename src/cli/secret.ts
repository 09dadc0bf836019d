import { readFileSync } from 'node:fs';
import { Fault } from '../core/fault';
import { writeAll } from './output';

const LONGEST = 4096;

const oneLine = (text: string): string => text.replace(/\r?\n$/, '');

const ENTER = ['\r', '\n'];
const ERASE = ['\u007f', '\b'];
/** Ctrl-C and Ctrl-D. */
const GIVE_UP = ['\u0003', '\u0004'];

/** Reads a line from the terminal without showing it. */
const prompt = (question: string): Promise<string> => {
  const { stdin } = process;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = '';
  const listen = (piece: Buffer) => {
    for (const character of piece.toString()) {
      if (ENTER.includes(character)) return resolve(typed);
      if (GIVE_UP.includes(character)) return reject(new Fault('BAD_REQUEST', 'No password was given.'));
      typed = ERASE.includes(character) ? typed.slice(0, -1) : typed + character;
    }
  };
  writeAll(2, question);
  stdin.setRawMode(true);
  stdin.on('data', listen).resume();
  return promise.finally(() => {
    stdin.off('data', listen).pause();
    stdin.setRawMode(false);
    writeAll(2, '\n');
  });
};

const ask = async (): Promise<string> => {
  const first = await prompt('Password: ');
  if ((await prompt('Once more: ')) !== first) throw new Fault('BAD_REQUEST', 'The two passwords differ.');
  return first;
};

const readSecretFile = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw new Fault('NOT_FOUND', `The password file ${file} cannot be read: ${code}.`, { cause });
  }
};

/** The passwords of encrypted files, one a line, from a file or standard input; empty lines are none. */
export const readPasswords = async (file: string): Promise<string[]> => {
  const text = file === '-' ? await Bun.stdin.text() : readSecretFile(file);
  return text.split(/\r?\n/).filter((line) => line !== '');
};

/** A new password: from a file, from the terminal without showing it, or from standard input; never from the command line, which others can see. */
export const readPassword = async (file: string | undefined): Promise<string> => {
  if (file !== undefined && file !== '-') return oneLine(readSecretFile(file));
  if (file === undefined && process.stdin.isTTY) return ask();
  const text = oneLine(await Bun.stdin.text());
  if (text !== '' && text.length <= LONGEST) return text;
  throw new Fault('BAD_REQUEST', 'No password was given.', {
    hint: 'Type it at the prompt, pipe it in, or name a file with --password-file.',
  });
};
