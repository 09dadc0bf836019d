import { existsSync, openSync } from 'node:fs';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { Fault } from '../core/fault';
import type { WorkflowDefinition } from '../core/workflow';
import { READER_GONE, tell, writeAll, writeOut } from './output';
import { passwordFileOption, readPasswords } from './passwords';

const options = (args: Argv) =>
  args
    .positional('path', {
      type: 'string',
      array: true,
      default: [],
      describe: 'Files and folders; - is standard input',
    })
    .option('infected', { alias: 'i', type: 'boolean', describe: 'Print only files in which something was found' })
    .option('recursive', { alias: 'r', type: 'boolean', describe: 'Look into the folders in folders, too' })
    .option('log', { alias: 'l', type: 'string', requiresArg: true, describe: 'Append what is printed to a file' })
    .option('file-list', {
      alias: 'f',
      type: 'string',
      requiresArg: true,
      describe: 'Scan what a file lists, a path a line; - is standard input',
    })
    .option('exclude', { type: 'string', array: true, nargs: 1, describe: 'Leave out files whose path matches' })
    .option('exclude-dir', { type: 'string', array: true, nargs: 1, describe: 'Leave out folders whose path matches' })
    .option('summary', {
      type: 'boolean',
      default: true,
      describe: 'Print a summary at the end; not with --no-summary',
    })
    .option('verbose', { alias: 'v', type: 'boolean', describe: 'Print why, below each file' })
    .option('workflow', { type: 'string', requiresArg: true, describe: 'A YAML or JSON file with a workflow' })
    .option('password-file', passwordFileOption)
    .option('config', { type: 'string', requiresArg: true, describe: 'The configuration file' })
    .option('json', { type: 'boolean', describe: 'Print a JSON object a line' })
    .example('$0 scan -r /srv/uploads', 'Scan a folder with all that is below it')
    .example('find /srv -newer last | $0 scan -i -f -', 'Scan what another program lists')
    .epilogue('Exits with 0 when all is clean, 1 when something was found, 2 when a file could not be looked into.');

type Args = ReturnType<typeof options> extends Argv<infer T> ? T : never;

const matcher = (patterns: string[] | undefined, option: string): ((path: string) => boolean) | undefined => {
  const expressions = patterns?.map((pattern) => {
    try {
      return new RegExp(pattern);
    } catch (cause) {
      throw new Fault('BAD_REQUEST', `${option} ${pattern} is no regular expression: ${(cause as Error).message}`, {
        hint: 'Put a backslash before characters that are meant as they are.',
        cause,
      });
    }
  });
  return expressions && ((path) => expressions.some((expression) => expression.test(path)));
};

const workflowOf = async (named: string | undefined): Promise<WorkflowDefinition | undefined> => {
  if (named === undefined) return undefined;
  const { loadWorkflow } = await import('../config/workflow');
  if (existsSync(named)) return loadWorkflow(named);
  if (named === 'Default') return undefined;
  throw new Fault('NOT_FOUND', `There is no workflow file ${named}.`, {
    hint: 'Without a daemon only "Default" has a name; write the workflow to a file and name that.',
  });
};

const openLog = (path: string): number => {
  try {
    return openSync(path, 'a', 0o644);
  } catch (cause) {
    throw new Fault('NOT_POSSIBLE', `The log ${path} cannot be written: ${(cause as { code?: string }).code}.`, {
      hint: 'Check that its folder exists and that you may write there.',
      cause,
    });
  }
};

const run = async (args: ArgumentsCamelCase<Args>): Promise<void> => {
  const [{ rootsOf }, { commandSettings }, { createReport }, { listenForStop }, { scanOnce }] = await Promise.all([
    import('./paths'),
    import('./settings'),
    import('./scan-report'),
    import('./stop'),
    import('../once'),
  ]);
  const rules = {
    recursive: args.recursive ?? false,
    skipsFile: matcher(args.exclude, '--exclude'),
    skipsFolder: matcher(args.excludeDir, '--exclude-dir'),
  };
  const sources = rootsOf(args.path, args.fileList, args.passwordFile);
  const settings = {
    ...(await commandSettings({ config: args.config })),
    workflow: await workflowOf(args.workflow),
    passwords: args.passwordFile === undefined ? [] : await readPasswords(args.passwordFile),
  };
  const log = args.log === undefined ? undefined : openLog(args.log);
  const stop = listenForStop();
  const write = (text: string) => {
    if (!writeOut(text)) stop.ask(READER_GONE);
    try {
      if (log !== undefined) writeAll(log, text);
    } catch (error) {
      tell(`assay: the log ${args.log} cannot be written any more: ${(error as { code?: string }).code}`);
      stop.ask(2);
    }
  };
  const report = createReport(args, write);
  try {
    const once = await scanOnce({ ...settings, ...sources, rules, signal: stop.signal, onFile: report.add });
    process.exitCode = report.finish(once);
  } catch (error) {
    const code = stop.exitCode();
    if (code === undefined) throw error;
    if (code !== READER_GONE) tell('assay: stopped before the end; the files above were scanned.');
    process.exitCode = code;
  } finally {
    report.stop();
    stop.release();
  }
};

/** `assay scan`: looks into files once, without a daemon, and speaks as clamscan does. */
export const scan: CommandModule<object, Args> = {
  command: 'scan [path..]',
  describe: 'Scan files and folders once; needs no daemon',
  builder: options,
  handler: run,
};
