import type { Argv } from 'yargs';
import { Fault } from '../core/fault';
import { distinctPasswords, LONGEST_PASSWORD, MOST_PASSWORDS } from '../core/passwords';
import { openPrompt } from './prompt';
import { readSecretFile } from './secret';

/** The option of every command that takes a file with passwords. */
export const passwordFileOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Passwords to try on encrypted files, one a line; - is standard input',
} as const;

/** The options of a command that looks again at files. */
export const passwordOptions = <T>(args: Argv<T>) =>
  args
    .option('password-file', passwordFileOption)
    .option('ask-password', {
      type: 'boolean',
      describe: 'Ask for passwords, one after the other, without showing them',
    })
    .option('password', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'A password; other users of this host can see it in the list of processes',
    });

/** Passwords within the limits, each once. A password that is refused is told by its number. @throws Fault BAD_REQUEST */
const checked = (given: string[]): string[] => {
  const passwords = distinctPasswords(given);
  if (passwords.length > MOST_PASSWORDS) {
    throw new Fault('BAD_REQUEST', `These are ${passwords.length} passwords; ${MOST_PASSWORDS} are taken at the most.`);
  }
  const long = passwords.findIndex((password) => password.length > LONGEST_PASSWORD);
  if (long < 0) return passwords;
  throw new Fault('BAD_REQUEST', `Password ${long + 1} is longer than ${LONGEST_PASSWORD} characters.`, {
    hint: 'A file has one password a line.',
  });
};

const linesOf = (file: string, bytes: Uint8Array): string[] => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n/);
  } catch (cause) {
    throw new Fault('BAD_REQUEST', `${file === '-' ? 'Standard input' : file} is not UTF-8.`, {
      hint: 'Save the passwords as UTF-8, or they would be others than you mean.',
      cause,
    });
  }
};

const read = async (file: string): Promise<string[]> =>
  linesOf(file, file === '-' ? await Bun.stdin.bytes() : readSecretFile(file));

/** The passwords of encrypted files, one a line, from a file or standard input; empty lines are none. */
export const readPasswords = async (file: string): Promise<string[]> => checked(await read(file));

const askForThem = async (): Promise<string[]> => {
  if (!process.stdin.isTTY) {
    throw new Fault('BAD_REQUEST', 'Passwords can be asked for on a terminal only.', {
      hint: 'Send them into "--password-file -", one a line.',
    });
  }
  const passwords: string[] = [];
  const prompt = openPrompt();
  try {
    for (;;) {
      const password = await prompt.ask(passwords.length === 0 ? 'Password: ' : 'Another one, or Enter: ');
      if (password === '') break;
      passwords.push(password);
    }
  } finally {
    prompt.close();
  }
  if (passwords.length > 0) return passwords;
  throw new Fault('BAD_REQUEST', 'No password was given.');
};

interface PasswordArguments {
  password?: string[];
  passwordFile?: string;
  askPassword?: boolean;
}

/** The passwords of a command line: those on it, then those of the file, then those that are typed. */
export const readGivenPasswords = async (args: PasswordArguments): Promise<string[]> => {
  if (args.passwordFile === '-' && args.askPassword) {
    throw new Fault('BAD_REQUEST', 'Standard input cannot be both a file of passwords and a terminal.');
  }
  return checked([
    ...(args.password ?? []),
    ...(args.passwordFile === undefined ? [] : await read(args.passwordFile)),
    ...(args.askPassword ? await askForThem() : []),
  ]);
};
