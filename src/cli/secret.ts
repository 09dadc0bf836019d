import { readFileSync } from 'node:fs';
import { Fault } from '../core/fault';
import { writeAll } from './output';

const LONGEST = 4096;

const oneLine = (text: string): string => text.replace(/\r?\n$/, '');

/** Reads a line from the terminal without showing it. */
const prompt = async (question: string): Promise<string> => {
  writeAll(2, question);
  process.stdin.setRawMode(true);
  let typed = '';
  try {
    for await (const piece of process.stdin) {
      for (const character of String(piece)) {
        if (character === '\r' || character === '\n') return typed;
        if (character === '\u0003' || character === '\u0004') {
          throw new Fault('BAD_REQUEST', 'No password was given.');
        }
        typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character;
      }
    }
    return typed;
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    writeAll(2, '\n');
  }
};

const ask = async (): Promise<string> => {
  const first = await prompt('Password: ');
  if ((await prompt('Once more: ')) !== first) throw new Fault('BAD_REQUEST', 'The two passwords differ.');
  return first;
};

/** A new password: from a file, from the terminal without showing it, or from standard input; never from the command line, which others can see. */
export const readPassword = async (file: string | undefined): Promise<string> => {
  if (file !== undefined && file !== '-') {
    try {
      return oneLine(readFileSync(file, 'utf8'));
    } catch (cause) {
      const { code } = cause as { code?: string };
      throw new Fault('NOT_FOUND', `The password file ${file} cannot be read: ${code}.`, { cause });
    }
  }
  if (file === undefined && process.stdin.isTTY) return ask();
  const text = oneLine(await Bun.stdin.text());
  if (text !== '' && text.length <= LONGEST) return text;
  throw new Fault('BAD_REQUEST', 'No password was given.', {
    hint: 'Type it at the prompt, pipe it in, or name a file with --password-file.',
  });
};
