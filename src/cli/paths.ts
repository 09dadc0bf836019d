import { accessSync, constants, readFileSync } from 'node:fs';
import { Fault } from '../core/fault';
import { readPathList } from '../storages/path-list';
import { type Root, rootOf, type Written } from '../storages/roots';

const REPLACED = '\uFFFD';

/** An argument as it was given: its bytes, where they are not UTF-8 and so did not survive as text. */
const written = (word: string): Written => {
  if (!word.includes(REPLACED)) return word;
  const given = readFileSync('/proc/self/cmdline').toString('latin1').split('\0');
  const bytes = given.map((argument) => Buffer.from(argument, 'latin1')).find((one) => one.toString() === word);
  return bytes ?? word;
};

const open = (list: string): AsyncIterable<Uint8Array> => {
  if (list === '-') return Bun.stdin.stream();
  try {
    accessSync(list, constants.R_OK);
  } catch (cause) {
    throw new Fault('NOT_FOUND', `The file list ${list} cannot be read: ${(cause as { code?: string }).code}.`, {
      hint: 'Name a file with one path a line, or "-" for standard input.',
      cause,
    });
  }
  return Bun.file(list).stream();
};

async function* all(paths: string[], list: AsyncIterable<Uint8Array> | undefined): AsyncGenerator<Root, void> {
  for (const path of paths) yield rootOf(written(path));
  if (list === undefined) return;
  for await (const path of readPathList(list)) yield rootOf(path);
}

/** What is to be scanned: the paths that were named, and those in a list. */
export const rootsOf = (paths: string[], fileList: string | undefined, passwordFile?: string) => {
  if (paths.length === 0 && fileList === undefined) {
    throw new Fault('BAD_REQUEST', 'There is nothing to scan.', {
      hint: 'Name files or folders, "-" for standard input, or a list with --file-list.',
    });
  }
  if (paths.includes('')) throw new Fault('BAD_REQUEST', 'One of the paths is empty.');
  const takesStdin = paths.includes('-');
  if ([takesStdin, fileList === '-', passwordFile === '-'].filter(Boolean).length > 1) {
    throw new Fault('BAD_REQUEST', 'Standard input can be only one of a file, the list of files and the passwords.');
  }
  return {
    roots: all(
      paths.filter((path) => path !== '-'),
      fileList === undefined ? undefined : open(fileList),
    ),
    stdin: takesStdin ? (Bun.stdin.stream() as AsyncIterable<Uint8Array>) : undefined,
  };
};
