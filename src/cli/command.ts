import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';

/** A command: its words, its arguments, and what it does with them. */
export const command = <T>(
  words: string | string[],
  describe: string,
  builder: (args: Argv) => Argv<T>,
  handler: (args: ArgumentsCamelCase<T>) => Promise<void> | void,
): CommandModule<object, T> => ({ command: words, describe, builder, handler });

/** A word that holds commands. */
export interface Group extends CommandModule {
  command: string;
  /** For whoever mistypes one, or leaves out what it needs. */
  commands: CommandModule[];
}

/** How a command is called: its word, then its arguments, "add <name>". */
export const patternOf = ({ command: words }: CommandModule): string => String(Array.isArray(words) ? words[0] : words);

/** The word of a command. */
export const wordOf = (command: CommandModule): string => patternOf(command).split(' ', 1)[0] ?? '';

/** Makes a word that holds commands; the one that stands for the word alone has `$0` among its own words. */
export const group = (
  word: string,
  describe: string,
  // biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, and yargs checks them.
  commands: CommandModule<object, any>[],
): Group => ({
  command: word,
  commands: commands as CommandModule[],
  describe,
  builder: (args) => {
    for (const one of commands) args.command(one);
    return args.demandCommand(1);
  },
  handler: () => {},
});

/** The options of every command that asks the daemon. */
export const daemonOptions = <T>(args: Argv<T>) =>
  args
    .option('socket', { type: 'string', requiresArg: true, describe: "The daemon's socket" })
    .option('config', { type: 'string', requiresArg: true, describe: "The daemon's configuration file" })
    .option('data-dir', { type: 'string', requiresArg: true, describe: "The daemon's data directory" })
    .option('json', { type: 'boolean', describe: 'Print JSON' });

export interface DaemonArguments {
  socket?: string;
  config?: string;
  dataDir?: string;
}
