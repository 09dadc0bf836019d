import { readFileSync } from 'node:fs';
import { Fault } from '../core/fault';
import { openPrompt } from './prompt';

const LONGEST = 4096;

const oneLine = (text: string): string => text.replace(/\r?\n$/, '');

const ask = async (): Promise<string> => {
  const prompt = openPrompt();
  try {
    const first = await prompt.ask('Password: ');
    if ((await prompt.ask('Once more: ')) !== first) throw new Fault('BAD_REQUEST', 'The two passwords differ.');
    return first;
  } finally {
    prompt.close();
  }
};

const askOnce = async (question: string): Promise<string> => {
  const prompt = openPrompt();
  try {
    return await prompt.ask(question);
  } finally {
    prompt.close();
  }
};

/** The bytes of a file with secrets. @throws Fault NOT_FOUND */
export const readSecretFile = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw new Fault('NOT_FOUND', `The password file ${file} cannot be read: ${code}.`, { cause });
  }
};

/** A secret that others gave out: from a file, from the terminal without showing it, or from standard input. */
export const readSecret = async (what: string, file: string | undefined): Promise<string> => {
  const text =
    file !== undefined && file !== '-'
      ? readSecretFile(file).toString()
      : file === undefined && process.stdin.isTTY
        ? await askOnce(`${what}: `)
        : await Bun.stdin.text();
  const secret = text.trim();
  if (secret !== '') return secret;
  throw new Fault('BAD_REQUEST', `No ${what.toLowerCase()} was given.`, {
    hint: 'Type it at the prompt, pipe it in, or name a file that holds it.',
  });
};

/** A new password: from a file, from the terminal without showing it, or from standard input; never from the command line, which others can see. */
export const readPassword = async (file: string | undefined): Promise<string> => {
  if (file !== undefined && file !== '-') return oneLine(readSecretFile(file).toString());
  if (file === undefined && process.stdin.isTTY) return ask();
  const text = oneLine(await Bun.stdin.text());
  if (text !== '' && text.length <= LONGEST) return text;
  throw new Fault('BAD_REQUEST', 'No password was given.', {
    hint: 'Type it at the prompt, pipe it in, or name a file with --password-file.',
  });
};
