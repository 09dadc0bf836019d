import { type Detection, detectionBits, type FileState, type Status, type StatusFilter } from './result';

/** What of a finished file the filter looks at. */
export interface Outcome {
  state: FileState;
  status?: Status;
  detections: Detection[];
}

/** Which finished files a list shows or a rescan takes. An empty choice is no constraint. */
export interface ReprocessFilter {
  status: StatusFilter[];
  /** A file must have all of them. */
  detection: Detection[];
}

/** The kinds of finished file that Status tells apart. */
const KINDS: { state: FileState; status?: Status }[] = [
  { state: 'Available', status: 'Allowed' },
  { state: 'Available', status: 'Blocked' },
  { state: 'FailedRemediation', status: 'Allowed' },
  { state: 'FailedRemediation', status: 'Blocked' },
  { state: 'Failed' },
  { state: 'Canceled' },
];

/**
 * Says whether a choice of statuses takes a kind of file (contract.md, reprocess-filter.json).
 * Allowed and Blocked are a tier above the others: a file whose remediation failed is taken only when Failed Remediations are wanted, and
 * then only those of the wanted verdict, where one is wanted.
 */
const takesKind = (select: StatusFilter[], { state, status }: { state: FileState; status?: Status }): boolean => {
  if (select.length === 0) return true;
  if (state === 'Failed' || state === 'Canceled') return select.includes(state);
  if (status === undefined) return false;
  if (state === 'Available') return select.includes(status);
  if (state !== 'FailedRemediation' || !select.includes('FailedRemediation')) return false;
  const verdicts = select.filter((choice) => choice === 'Allowed' || choice === 'Blocked');
  return verdicts.length === 0 || verdicts.includes(status);
};

/** The kinds of file that a choice of statuses takes: what a query is made of, so that it cannot disagree with `takes`. */
export const kindsTaken = (select: StatusFilter[]): { state: FileState; status?: Status }[] =>
  KINDS.filter((kind) => takesKind(select, kind));

/** Says whether a filter takes a finished file. */
export const takes = ({ status, detection }: ReprocessFilter, file: Outcome): boolean => {
  const wanted = detectionBits(detection);
  return takesKind(status, file) && (detectionBits(file.detections) & wanted) === wanted;
};
