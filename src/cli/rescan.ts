import { Fault } from '../core/fault';
import { command, type DaemonArguments, daemonOptions } from './command';
import { connect } from './daemon';
import { verdictOf } from './file';
import { print, printJson, tell } from './output';
import { startProgress } from './progress';
import type { Rescanned, Rescanner } from './rescan-over';
import { printable, safe } from './safe';
import { listenForStop, type Stop } from './stop';

const refusePasswords = (): never => {
  throw new Fault('NOT_POSSIBLE', 'Passwords are not taken yet.', {
    hint: 'Leave them out: encrypted files cannot be opened yet.',
  });
};

const isUp = async (client: ReturnType<typeof connect>['client']): Promise<boolean> => {
  try {
    await client.api.health.$get();
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'NO_DAEMON') return false;
    throw error;
  }
};

/** The daemon, or without one its store. */
const open = async (args: DaemonArguments, stop: Stop): Promise<{ rescanner: Rescanner; here: boolean }> => {
  const { overSocket, onStore } = await import('./rescan-over');
  const { client } = connect(args);
  if (args.socket !== undefined || (await isUp(client)))
    return { rescanner: overSocket(client, stop.signal), here: false };
  const rescanner = await onStore(args, stop.signal);
  tell(`assay: no daemon runs; working on the store in ${rescanner.dataDir} itself`);
  return { rescanner, here: true };
};

const lineOf = (file: Rescanned): string => {
  const why = file.explanation;
  return `${safe(file.path)}: ${printable(verdictOf({ ...file, result: file.scanAllResultA, why }))}`;
};

/** 1 when one is Blocked, 2 when one has no verdict, else 0. */
const exitCodeOf = (files: Rescanned[]): number => {
  if (files.some(({ status }) => status === 'Blocked')) return 1;
  return files.every(({ status }) => status === 'Allowed') ? 0 : 2;
};

interface RescanArguments extends DaemonArguments {
  files: string[];
  workflow?: string;
  wait?: boolean;
  json?: boolean;
}

const run = async (args: RescanArguments, stop: Stop): Promise<void> => {
  const { rescanner, here } = await open(args, stop);
  try {
    const { rescanId, fileIds } = await rescanner.start(args.files, args.workflow);
    // Without a daemon nobody would go on when this command ends.
    if (!args.wait && !here) {
      if (args.json) printJson({ rescanId, fileIds });
      else print(`Rescan ${rescanId} of ${fileIds.length} files has started.`);
      return;
    }
    const progress = startProgress(() => `looking again at ${fileIds.length} files`);
    await rescanner.ended(rescanId).finally(progress.stop);
    const files: Rescanned[] = [];
    for (const id of fileIds) files.push(await rescanner.result(id));
    if (args.json) printJson({ rescanId, files });
    else print(files.map(lineOf).join('\n'));
    process.exitCode = exitCodeOf(files);
  } finally {
    await rescanner.close();
  }
};

/** `assay rescan`: looks again at files that are known. */
export const rescan = command(
  'rescan [files..]',
  'Look again at files that a scan has met',
  (args) =>
    daemonOptions(args)
      .positional('files', { type: 'string', array: true, default: [] as string[], describe: 'Ids of files, or paths' })
      .option('workflow', { type: 'string', requiresArg: true, describe: 'Another workflow, by its name' })
      .option('wait', { alias: 'w', type: 'boolean', describe: 'Wait, and print the new verdicts' })
      .option('password-file', { type: 'string', requiresArg: true, describe: 'Passwords, one a line' })
      .option('ask-password', { type: 'boolean', describe: 'Ask for a password' })
      .option('password', { type: 'string', requiresArg: true, describe: 'A password; other users can see it' })
      .example('$0 rescan --wait /srv/uploads/offer.pdf', 'Is it still blocked?')
      .epilogue(
        'Without a daemon it works on the store itself, and waits. With --wait it exits with 0 when all are Allowed, 1 when one is Blocked, 2 when one has no verdict.',
      ),
  async (args) => {
    if (args.passwordFile !== undefined || args.askPassword || args.password !== undefined) refusePasswords();
    if (args.files.length === 0) {
      throw new Fault('BAD_REQUEST', 'No file is named.', { hint: 'Give ids or paths of files: "assay rescan PATH".' });
    }
    const stop = listenForStop();
    try {
      await run(args, stop);
    } catch (error) {
      const code = stop.exitCode();
      if (code === undefined) throw error;
      process.exitCode = code;
    } finally {
      stop.release();
    }
  },
);
