import { printable, safe } from '../core/printable';
import { statusWords, whyWords } from '../core/result';
import type { Entry } from './entry';

/** RFC 3339 as people read it; the heading says that it is UTC. */
export const timeForPeople = (rfc3339: string | undefined): string => rfc3339?.slice(0, 19).replace('T', ' ') ?? '';

/** The columns of a report for people; widths in points, of a page of A4 that lies on its side. */
export const COLUMNS: { title: string; width: number; text: (entry: Entry) => string }[] = [
  { title: 'Path', width: 270, text: (entry) => safe(entry.path) },
  { title: 'Status', width: 66, text: statusWords },
  {
    title: 'Result',
    width: 104,
    text: ({ scanAllResultA, detections }) =>
      scanAllResultA + (detections.length > 0 ? ` (${detections.join(', ')})` : ''),
  },
  {
    title: 'Explanation',
    width: 160,
    text: (entry) => printable(whyWords(entry)),
  },
  { title: 'When (UTC)', width: 82, text: (entry) => timeForPeople(entry.processed) },
  {
    title: 'Workflow',
    width: 88,
    text: ({ workflow }) => (workflow ? printable(`${workflow.name} (revision ${workflow.revision})`) : ''),
  },
];
