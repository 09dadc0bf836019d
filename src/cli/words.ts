import type { Argv } from 'yargs';
import { Fault } from '../core/fault';
import { FILE_ORDERS } from '../core/file-order';
import { nearest } from '../core/nearest';
import type { Group } from './command';

/** yargs takes a lone "-", a "-size" and what stands behind "--" for things of its own; no argument can hold a NUL, so one marks them as plain words. */
const PLAIN = '\0';

const LOOK_LIKE_OPTIONS: readonly string[] = ['-', ...FILE_ORDERS.filter((order) => order.startsWith('-'))];

/** Marks the words that are plain whatever they look like. */
export const markPlain = (words: string[]): string[] => {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const behind = end < 0 ? [] : words.slice(end + 1);
  return [
    ...before.map((word) => (LOOK_LIKE_OPTIONS.includes(word) ? PLAIN + word : word)),
    ...behind.map((word) => PLAIN + word),
  ];
};

const unmark = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unmark);
  return typeof value === 'string' && value.startsWith(PLAIN) ? value.slice(1) : value;
};

/** Takes the marks off again, before a command sees its arguments. */
export const unmarkAll = (args: { [name: string]: unknown }): void => {
  for (const [name, value] of Object.entries(args)) args[name] = unmark(value);
};

/** What yargs knows at a command, which its published types leave out. */
interface Knowing {
  getOptions: () => { key: { [name: string]: unknown } };
  getInternalMethods: () => { getCommandInstance: () => { getCommands: () => string[] } };
}

const dashed = (name: string) => (name.length === 1 ? `-${name}` : `--${name}`);

const unknown = (word: string, isOption: boolean, known: string[]): Fault => {
  const meant = nearest(word, known);
  const shown = isOption ? dashed(word) : `"${word.replace(PLAIN, '')}"`;
  const hint = meant && `Did you mean ${isOption ? dashed(meant) : `"${meant}"`}?`;
  return new Fault('BAD_REQUEST', `There is no ${isOption ? 'option' : 'command'} ${shown}.`, {
    hint: hint ?? 'See "assay --help", or "assay COMMAND --help".',
  });
};

/** Says in our words what yargs refused, with the word that was probably meant. */
export const toUsageFault = (message: string, at: Argv, words: string[], groups: readonly Group[]): Fault => {
  const { getOptions, getInternalMethods } = at as unknown as Knowing;
  // A group whose list stands for the word alone has handed over to that list by now.
  const within = groups.find(({ command }) => command === words[0]);
  const commands = within?.words ?? getInternalMethods.call(at).getCommandInstance().getCommands();
  const refused = /^Unknown (?:arguments?|commands?): (.*)$/s.exec(message)?.[1]?.split(', ') ?? [];
  const [first] = refused;
  if (first !== undefined) {
    const isOption = !words.includes(first);
    if (isOption) return unknown(first, true, Object.keys(getOptions.call(at).key));
    if (commands.length > 0 && !commands.includes(words[1] ?? '')) return unknown(first, false, commands);
    return new Fault('BAD_REQUEST', `One argument too many: "${first.replace(PLAIN, '')}".`, {
      hint: 'Put quotes around what holds spaces; see --help.',
    });
  }
  const lacking = /^Not enough arguments following: (\S+)$/.exec(message)?.[1];
  if (lacking !== undefined) {
    return new Fault('BAD_REQUEST', `The option ${dashed(lacking)} needs a value.`, {
      hint: `Write ${dashed(lacking)}=VALUE when the value begins with a dash.`,
    });
  }
  if (/^Not enough non-option/.test(message)) {
    const what = commands.length > 0 ? `a command: ${commands.join(', ')}` : 'an argument';
    return new Fault('BAD_REQUEST', `It needs ${what}.`, { hint: 'See --help.' });
  }
  return new Fault('BAD_REQUEST', `${message.replaceAll('\n', ' ')}.`.replace(/\.\.$/, '.'), { hint: 'See --help.' });
};
