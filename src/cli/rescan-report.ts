import { parseResponse } from 'hono/client';
import { CHANGE_WORDS, CHANGES, type Change } from '../core/change';
import type { Detection, StatusFilter } from '../core/result';
import { getWorkflowId } from './find';
import { print, printJson } from './output';
import type { Rescanner } from './rescan-over';
import { safe } from './safe';
import { countsWords, filesWords } from './show';

export interface ReportArguments {
  scan: string;
  status?: StatusFilter[];
  detection?: Detection[];
  outdated?: boolean;
  workflow?: string;
  passwords: string[];
  force?: boolean;
  dryRun?: boolean;
  wait?: boolean;
  json?: boolean;
}

type Changes = { [change in Change]: { count: number; files: { id: string; path: string }[] } };

const countsOf = (counts: { [name: string]: number }): string => countsWords(counts) || 'none';

/** What changed, as people act on it: a number of each kind, then its first files. */
const changeLines = (changes: Changes, isOver: boolean): string[] => {
  const lines = CHANGES.filter((change) => changes[change].count > 0).flatMap((change) => {
    const { count, files } = changes[change];
    const more = count > files.length ? [`    … and ${count - files.length} more`] : [];
    return [`  ${count} ${CHANGE_WORDS[change]}`, ...files.map(({ path }) => `    ${safe(path)}`), ...more];
  });
  return lines.length > 0 ? lines : [isOver ? '  nothing changed' : '  nothing changed so far'];
};

/** What a rescan came to. */
interface Outcome {
  changes: Changes;
  /** Files that it did not look at: another processing held them, or it was canceled. */
  left: number;
  /** Acts that did not succeed. */
  failedActs: number;
}

/** 1 when something is blocked that was allowed or is newly detected, 2 when something failed or was not looked at, else 0. */
const outcomeExitCode = ({ changes, left, failedActs }: Outcome): number => {
  if (changes.allowedToBlocked.count + changes.newlyDetected.count > 0) return 1;
  return changes.newlyFailing.count + changes.stillFailing.count + left + failedActs > 0 ? 2 : 0;
};

/** Prints what a rescan did. */
export const showRescan = async (
  { client }: Pick<Rescanner, 'client'>,
  id: string,
  json?: boolean,
): Promise<Outcome> => {
  const rescan = await parseResponse(client.api.rescan[':id'].$get({ param: { id } }));
  const changes = rescan.changes as Changes;
  if (json) printJson(rescan);
  else {
    const { progress, skipped, canceled, state, finished } = rescan;
    const left = [
      skipped > 0 && `${skipped} skipped, which another processing held`,
      canceled > 0 && `${canceled} not come to`,
    ].filter(Boolean);
    const head = `Rescan ${id}: ${[state, filesWords(progress.done), ...left].join(', ')}`;
    const acts = countsWords(rescan.remediation);
    print(
      [head, ...changeLines(changes, finished !== undefined), ...(acts ? [`  remediation: ${acts}`] : [])].join('\n'),
    );
  }
  return { changes, left: rescan.skipped + rescan.canceled, failedActs: rescan.remediation.failed ?? 0 };
};

/** Looks again at the files of a report that a filter takes. */
export const rescanReport = async (rescanner: Rescanner, args: ReportArguments): Promise<void> => {
  const { client } = rescanner;
  const request = {
    param: { id: args.scan },
    json: {
      status: args.status,
      detection: args.detection,
      outdated: args.outdated,
      force: args.force,
      workflowId: await getWorkflowId(client, args.workflow),
      passwords: args.passwords,
    },
  };
  if (args.dryRun) {
    const preview = await parseResponse(client.api.scan[':id'].reprocess.preview.$post(request));
    if (args.json) return printJson(preview);
    const { count, byStatus, byDetection } = preview;
    return print(
      `${filesWords(count)} would be looked at again.\n  by status:    ${countsOf(byStatus)}\n  by detection: ${countsOf(byDetection)}`,
    );
  }
  const { rescanId, count } = await parseResponse(client.api.scan[':id'].reprocess.$post(request));
  if (!args.wait && !rescanner.here) {
    if (args.json) return printJson({ rescanId, count });
    return print(`Rescan ${rescanId} of ${filesWords(count)} has started.`);
  }
  await rescanner.ended(rescanId);
  process.exitCode = outcomeExitCode(await showRescan(rescanner, rescanId, args.json));
};
