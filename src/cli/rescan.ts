import { Fault } from '../core/fault';
import { DETECTIONS, StatusFilter } from '../core/result';
import { command, daemonOptions } from './command';
import { passwordOptions, readGivenPasswords } from './passwords';
import { rescanFiles } from './rescan-files';
import { openRescanner } from './rescan-over';
import { rescanReport } from './rescan-report';
import { listenForStop } from './stop';

/** What speaks of a report alone. Beside files it would be passed over, and `--dry-run` would start something. */
const OF_A_REPORT = ['status', 'detection', 'outdated', 'force', 'dry-run'];

const refuseReportOptions = (args: { [option: string]: unknown }): void => {
  const given = OF_A_REPORT.find((option) => args[option]);
  if (given === undefined) return;
  throw new Fault('BAD_REQUEST', `--${given} is for a report, and files are named.`, {
    hint: 'Name a report with "--scan ID", or leave it out: named files are always looked into, by every engine.',
  });
};

/** `assay rescan`: looks again at files that are known. */
export const rescan = command(
  'rescan [files..]',
  'Look again at files that a scan has met, or at a whole report',
  (args) =>
    passwordOptions(daemonOptions(args))
      .positional('files', { type: 'string', array: true, default: [] as string[], describe: 'Ids of files, or paths' })
      .option('scan', { type: 'string', requiresArg: true, describe: 'The report of a scan, by its id' })
      .option('status', {
        choices: StatusFilter.options,
        array: true,
        nargs: 1,
        describe: 'Of the report, only files with one of these',
      })
      .option('detection', {
        choices: DETECTIONS,
        array: true,
        nargs: 1,
        describe: 'Of the report, only files with all of these',
      })
      .option('outdated', {
        type: 'boolean',
        describe: "Of the report, only files judged with older definitions or an older workflow than today's",
      })
      .option('force', {
        type: 'boolean',
        describe: 'Of the report, ask engines also where the answer would be the same',
      })
      .option('dry-run', { type: 'boolean', describe: 'Of the report, say how many files, and start nothing' })
      .option('workflow', { type: 'string', requiresArg: true, describe: 'Another workflow, by its name' })
      .option('wait', { alias: 'w', type: 'boolean', describe: 'Wait, and print the new verdicts, or what changed' })
      .example('$0 rescan --wait /srv/uploads/offer.pdf', 'Is it still blocked?')
      .example('$0 rescan --scan 019ab3c2-… --status Blocked --detection Threat --dry-run', 'How many would that be?')
      .example('$0 rescan --wait --ask-password /srv/uploads/offer.zip', 'It is encrypted, and you know the password')
      .example('$0 rescan --scan 019ab3c2-… --outdated --wait', 'What do the new definitions say?')
      .epilogue(
        'Without a daemon it works on the store itself, and waits. With --wait it exits with 0 when all are Allowed, 1 when one is Blocked, 2 when one has no verdict or its remediation failed; for a report with 1 when something is blocked or detected that was not before, 2 when something failed, a remediation too, or was not come to because of a cancel.',
      ),
  async (args) => {
    const { scan, files } = args;
    if ((scan === undefined) === (files.length === 0)) {
      throw new Fault(
        'BAD_REQUEST',
        scan === undefined ? 'No file is named.' : 'Files and a report are named at once.',
        {
          hint: 'Give ids or paths of files, "assay rescan PATH", or a report, "assay rescan --scan ID".',
        },
      );
    }
    if (scan === undefined) refuseReportOptions(args);
    const passwords = await readGivenPasswords(args);
    const stop = listenForStop();
    try {
      const rescanner = await openRescanner(args, stop.signal);
      try {
        if (scan === undefined) await rescanFiles(rescanner, { ...args, passwords });
        else await rescanReport(rescanner, { ...args, scan, passwords });
      } finally {
        await rescanner.close();
      }
    } catch (error) {
      const code = stop.exitCode();
      if (code === undefined) throw error;
      process.exitCode = code;
    } finally {
      stop.release();
    }
  },
);
