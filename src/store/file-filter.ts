import { type Change, changeBits } from '../core/change';
import { kindsTaken, type ReprocessFilter } from '../core/filter';
import { type Detection, detectionBits, type StatusFilter } from '../core/result';

/** Which files of a scan; what is not said is no constraint. */
export interface FileFilter {
  scanId: string;
  status?: StatusFilter[];
  detection?: Detection[];
  search?: string;
  /** The workflow of the latest processing. */
  workflowId?: string;
  /** The latest processing ended at this time or later. Milliseconds. */
  from?: number;
  /** The latest processing ended before this time. Milliseconds. */
  to?: number;
  /** A rescan that looked into the file. */
  rescanId?: string;
  /** What that rescan, or else any, changed about the file. */
  change?: Change;
}

/** The conditions of the reprocess filter, made of the same table as `takes` in core/filter. */
export const outcomeConditions = ({ status, detection }: ReprocessFilter) => {
  const where: string[] = [];
  const args: { [name: string]: string | number | null } = {};
  if (status.length > 0) {
    where.push(`(files.state, ifnull(files.status, '')) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:kinds))`);
    args.kinds = JSON.stringify(kindsTaken(status).map((kind) => [kind.state, kind.status ?? '']));
  }
  if (detection.length > 0) {
    where.push('files.detections & :detections = :detections');
    args.detections = detectionBits(detection);
  }
  return { where, args };
};

/** Asked of each file by itself: the files of a rescan may be a million, and a page holds few. */
const RESCANNED = `EXISTS (SELECT 1 FROM processings AS q INDEXED BY processings_of_file
  WHERE q.file_id = files.id AND q.rescan_id IS NOT NULL AND (:rescan IS NULL OR q.rescan_id = :rescan) AND (:change IS NULL OR q.changes & :change))`;

/** The files that a filter takes of its rescan, of its change, or of both, each once and by themselves: quick where they are few. */
export const rescannedFiles = ({
  rescanId,
  change,
}: FileFilter): { sql: string; args: { [name: string]: string | number } } | undefined => {
  if (rescanId === undefined && change === undefined) return undefined;
  const processings = 'processings AS q INDEXED BY processings_of_rescan';
  const where: string[] = [];
  const args: { [name: string]: string | number } = {};
  if (rescanId !== undefined) {
    where.push('q.rescan_id = :rescan');
    args.rescan = rescanId;
  }
  if (change !== undefined) {
    where.push('q.changes > 0 AND q.changes & :change');
    args.change = changeBits([change]);
  }
  // The index is by rescan: without one, it is gone through for each that there is. One rescan looks into a file once.
  const from =
    rescanId === undefined
      ? `DISTINCT q.file_id FROM rescans AS r CROSS JOIN ${processings} ON q.rescan_id = r.id`
      : `q.file_id FROM ${processings}`;
  return { sql: `SELECT ${from} WHERE ${where.join(' AND ')}`, args };
};

/** The conditions of a filter. */
export const conditionsOf = ({ scanId, status = [], detection = [], search, workflowId, ...filter }: FileFilter) => {
  const { from, to, rescanId, change } = filter;
  const { where, args } = outcomeConditions({ status, detection });
  where.unshift('files.scan_id = :scan');
  args.scan = scanId;
  if (search) {
    where.push('instr(lower(files.path), lower(:search)) > 0');
    args.search = search;
  }
  if (workflowId !== undefined) {
    where.push('files.workflow_id = :workflow');
    args.workflow = workflowId;
  }
  if (from !== undefined) {
    where.push('files.processed_at >= :from');
    args.from = from;
  }
  if (to !== undefined) {
    where.push('files.processed_at > 0 AND files.processed_at < :to');
    args.to = to;
  }
  if (rescanId !== undefined || change !== undefined) {
    where.push(RESCANNED);
    args.rescan = rescanId ?? null;
    args.change = change === undefined ? null : changeBits([change]);
  }
  return { where, args };
};

/** The tallies know how many it takes: a search, or a time, can only be told file by file. */
export const isByOutcome = ({ scanId: _, status, detection, ...rest }: FileFilter): boolean =>
  Boolean(status?.length || detection?.length) &&
  Object.values(rest).every((value) => value === undefined || value === '');

/** It takes no file that is simply allowed, nor one in progress. */
export const isOfNote = ({ status = [], detection = [] }: FileFilter): boolean =>
  detection.length > 0 || (status.length > 0 && !status.includes('Allowed'));
