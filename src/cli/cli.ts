import yargs, { type CommandModule } from 'yargs';
import { version } from '../core/version';
import { apikey } from './apikey';
import type { Group } from './command';
import { config } from './config';
import { doctor } from './doctor';
import { engines } from './engines';
import { describeFailure } from './failure';
import { file } from './file';
import { writeAll } from './output';
import { quarantine } from './quarantine';
import { realtime } from './realtime';
import { report } from './report';
import { rescan } from './rescan';
import { rescans } from './rescans';
import { scan } from './scan';
import { scans } from './scans';
import { serve } from './serve';
import { status } from './status';
import { storage } from './storage';
import { user } from './user';
import { vulnerabilities } from './vulnerabilities';
import { checkCounts, createSwitches, markPlain, toUsageFault, unmarkAll } from './words';
import { workflow } from './workflow';

const GROUPS: Group[] = [
  scans,
  rescans,
  realtime,
  quarantine,
  engines,
  storage,
  workflow,
  vulnerabilities,
  user,
  apikey,
  config,
];

// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, and yargs checks them.
const COMMANDS: CommandModule<object, any>[] = [serve, scan, rescan, status, report, file, doctor, ...GROUPS];

/** What `scan` exits with for any failure, as clamscan does; the other commands have a code for each kind. */
const SCAN_ERROR = 2;

/** Runs one command line to its end. Returns the exit code. */
export const runCli = async (words: string[]): Promise<number> => {
  const fail = (error: unknown): number => {
    const { text, exit } = describeFailure(error, Boolean(process.env.ASSAY_DEBUG));
    writeAll(2, text);
    return words[0] === 'scan' ? SCAN_ERROR : exit;
  };
  // A bug outside of what the command waits for.
  process.on('uncaughtException', (error) => process.exit(fail(error)));
  process.on('unhandledRejection', (error) => process.exit(fail(error)));

  const marked = markPlain(words);
  const program = yargs(marked)
    .scriptName('assay')
    .usage('$0 COMMAND\n\nScans files with several engines, keeps the results, and looks again.')
    .version(version)
    .help()
    .alias('help', 'h')
    .detectLocale(false)
    .exitProcess(false)
    .parserConfiguration({ 'parse-positional-numbers': false })
    .strict()
    .demandCommand(1)
    .wrap(Math.min(100, process.stdout.columns || 100))
    .middleware([unmarkAll, checkCounts, createSwitches(marked)], true);
  for (const command of COMMANDS) program.command(command);
  program.fail((message, error) => {
    // What yargs itself refuses comes as an error of its own, or as words alone.
    throw error && error.name !== 'YError' ? error : toUsageFault(message, program, marked, COMMANDS);
  });
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return fail(error);
  }
};
