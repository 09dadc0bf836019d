import type { Once } from '../once';
import type { FileOutcome } from '../scans/scans';
import { tell } from './output';
import { startProgress } from './progress';
import { printable } from './safe';
import { outcomeOf, toJsonLine, toLine } from './scan-line';
import { exitCodeOf, newTally, toJsonSummary, toSummary } from './scan-summary';

export interface ReportOptions {
  infected?: boolean;
  summary: boolean;
  verbose?: boolean;
  json?: boolean;
}

/** Prints files as their results come, then the summary. Keeps counts, and no file. */
export const createReport = ({ infected, summary, verbose, json }: ReportOptions, write: (text: string) => void) => {
  const tally = newTally(Date.now());
  const { outcomes } = tally;
  let waiting = '';
  const progress = startProgress(() => {
    const done = outcomes.OK + outcomes.FOUND + outcomes['NOT SCANNED'] + outcomes.ERROR;
    return `${done} files, ${outcomes.FOUND} infected, ${outcomes['NOT SCANNED']} not scanned, ${outcomes.ERROR} errors`;
  });

  const flush = () => {
    if (waiting === '') return;
    progress.clear();
    write(waiting);
    waiting = '';
  };

  const add = (file: FileOutcome): void => {
    const outcome = outcomeOf(file.verdict);
    outcomes[outcome] += 1;
    tally.bytes += file.size ?? 0;
    if (infected && outcome !== 'FOUND') {
      if (outcome !== 'ERROR') return;
      // As clamscan does: else nobody learns why it ends with 2.
      progress.clear();
      tell(toLine(file).trimEnd());
      return;
    }
    // Results come in groups: one write for each.
    if (waiting === '') queueMicrotask(flush);
    waiting += json ? toJsonLine(file) : toLine(file, verbose);
  };

  return {
    add,
    /** Says what it came to. Returns the exit code. */
    finish: ({ engines, missing, error }: Once): number => {
      flush();
      progress.stop();
      outcomes.ERROR += Math.max(0, missing) + (error === undefined ? 0 : 1);
      if (missing > 0) tell(`assay: ${missing} files have no result`);
      if (error !== undefined) tell(`assay: not all files were found: ${printable(error)}`);
      for (const { name, state, reason } of engines) {
        if (state === 'failing') tell(`assay: ${name} is failing: ${printable(reason ?? 'it does not say why')}`);
      }
      if (summary) write((json ? toJsonSummary : toSummary)(tally, engines, Date.now()));
      return exitCodeOf(tally);
    },
    stop: () => {
      flush();
      progress.stop();
    },
  };
};
