import type { Argv, CommandModule } from 'yargs';
import { Fault } from '../core/fault';
import { FILE_ORDERS } from '../core/file-order';
import { nearest } from '../core/nearest';
import { type Group, patternOf, wordOf } from './command';

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

/**
 * All numbers that commands take are counts.
 * @throws Fault BAD_REQUEST
 */
export const checkCounts = (args: { [name: string]: unknown }): void => {
  for (const [name, value] of Object.entries(args)) {
    if (typeof value !== 'number' || value === Number.POSITIVE_INFINITY) continue;
    if (!Number.isInteger(value) || value < 1)
      throw new Fault('BAD_REQUEST', `${dashed(name)} needs a whole number.`, { hint: `Write ${dashed(name)}=20.` });
  }
};

/** What clamscan's switches are set to. */
const SWITCHED: { [word: string]: boolean } = { yes: true, true: true, no: false, false: false };

/**
 * Reads what switches are set to, "--recursive=yes": yargs takes all but "true" for false.
 * @throws Fault BAD_REQUEST
 */
export const createSwitches =
  (words: string[]) =>
  (args: { [name: string]: unknown }, at?: unknown): void => {
    const { alias, boolean } = (at as Knowing).getOptions();
    for (const word of words) {
      const [, name, value] = /^--?([^=]+)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined || !boolean.includes(name)) continue;
      const on = SWITCHED[value.toLowerCase()];
      if (on === undefined) {
        throw new Fault('BAD_REQUEST', `${dashed(name)} cannot be "${value}".`, { hint: 'It is "yes" or "no".' });
      }
      const names = Object.entries(alias).find((same) => same.flat().includes(name)) ?? [name];
      for (const one of names.flat()) args[one] = on;
    }
  };

const dashed = (name: string) => (name.length === 1 ? `-${name}` : `--${name}`);

/** What yargs knows at a command, which its published types leave out. */
interface Knowing {
  getOptions: () => { key: { [name: string]: unknown }; alias: { [name: string]: string[] }; boolean: string[] };
  getInternalMethods: () => { getCommandInstance: () => { getCommands: () => string[] } };
}

const unknown = (word: string, isOption: boolean, known: string[]): Fault => {
  const meant = nearest(word, known);
  const shown = isOption ? dashed(word) : `"${word.replace(PLAIN, '')}"`;
  const hint = meant && `Did you mean ${isOption ? dashed(meant) : `"${meant}"`}?`;
  return new Fault('BAD_REQUEST', `There is no ${isOption ? 'option' : 'command'} ${shown}.`, {
    hint: hint ?? 'See "assay --help", or "assay COMMAND --help".',
  });
};

const isGroup = (command: CommandModule | undefined): command is Group =>
  command !== undefined && 'commands' in command;

/** The command that the words name, down to the last group, with how to call it. */
const named = (words: string[], commands: readonly CommandModule[]): { call: string; command?: CommandModule } => {
  const command = commands.find((one) => wordOf(one) === words[0]);
  if (!isGroup(command)) return { call: command === undefined ? '' : ` ${patternOf(command)}`, command };
  const inner = named(words.slice(1), command.commands);
  // Without a word of its own, a group's own command is meant.
  const own = command.commands.find(({ command: patterns }) => Array.isArray(patterns) && patterns.includes('$0'));
  if (inner.command === undefined && own !== undefined && words.length > 0)
    return { call: ` ${wordOf(command)}${patternOf(own).replace(wordOf(own), '')}`, command: own };
  return { call: ` ${wordOf(command)}${inner.call}`, command: inner.command };
};

/** Says which arguments a command needs that were not given. */
const lacks = (words: string[], commands: readonly CommandModule[], group: readonly string[]): Fault => {
  const { call, command } = named(words, commands);
  if (command === undefined) {
    return new Fault('BAD_REQUEST', `It needs a command: ${group.join(', ')}.`, { hint: 'See --help.' });
  }
  const lacking = [...call.matchAll(/<(.+?)(?:\.\.)?>/g)].map(([, name]) => name?.toUpperCase());
  const usage = `assay${call}`.replaceAll(/<(.+?)>/g, (_, name: string) => name.toUpperCase());
  return new Fault('BAD_REQUEST', `It needs ${lacking.join(' and ')}.`, { hint: `Write "${usage}"; see --help.` });
};

/** Says in our words what yargs refused, with the word that was probably meant. */
export const toUsageFault = (message: string, at: Argv, words: string[], all: readonly CommandModule[]): Fault => {
  const { getOptions, getInternalMethods } = at as unknown as Knowing;
  // A group whose list stands for the word alone has handed over to that list by now.
  const within = all.filter(isGroup).find(({ command }) => command === words[0]);
  const commands = within?.commands.map(wordOf) ?? getInternalMethods.call(at).getCommandInstance().getCommands();
  const refused = /^Unknown (?:arguments?|commands?): (.*)$/s.exec(message)?.[1]?.split(', ') ?? [];
  // What is no command has no options either.
  const first = refused.find((word) => words.includes(word)) ?? refused[0];
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
  if (/^Not enough non-option/.test(message)) return lacks(words, all, commands);
  const missing = /^Missing required arguments?: (.*)$/.exec(message)?.[1]?.split(', ').map(dashed);
  if (missing !== undefined) {
    return new Fault('BAD_REQUEST', `It needs ${missing.join(' and ')}.`, { hint: 'See --help.' });
  }
  const [, option, given, choices] = /Argument: (\S+), Given: (.*), Choices: (.*)/.exec(message) ?? [];
  if (option !== undefined && given !== undefined) {
    return new Fault('BAD_REQUEST', `${dashed(option)} cannot be ${given}.`, { hint: `It is one of ${choices}.` });
  }
  return new Fault('BAD_REQUEST', `${message.replaceAll('\n', ' ')}.`.replace(/\.\.$/, '.'), { hint: 'See --help.' });
};
