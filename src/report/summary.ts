import { CHANGE_WORDS } from '../core/change';
import { toRfc3339 } from '../core/clock';
import type { FileOrder } from '../core/file-order';
import { printable } from '../core/printable';
import { DETECTIONS } from '../core/result';
import type { OutcomeCount } from '../store/files';
import { timeForPeople } from './columns';
import type { Report } from './report';

type Line = [name: string, value: string];

const utc = (ms: number | undefined): string => (ms === undefined ? '' : `${timeForPeople(toRfc3339(ms))} UTC`);

const given = (lines: Line[]): Line[] => lines.filter(([, value]) => value !== '');

/** What the report is of. */
export const aboutLines = ({ scan, openedAt }: Report): Line[] =>
  given([
    ['Scan', printable(scan.name)],
    ['Id', scan.id],
    ['Storage', printable(scan.storageName)],
    ['Folder', printable(scan.path)],
    ['State', scan.state],
    ['Started', utc(scan.createdAt)],
    ['Ended', utc(scan.finishedAt)],
    ['Report of', utc(openedAt)],
  ]);

const sortedBy = (order: FileOrder | undefined): string =>
  order === undefined ? '' : `${order.replace('-', '')}${order.startsWith('-') ? ', downwards' : ''}`;

/** Which files it shows. */
export const filterLines = ({ filter, order }: Report): Line[] => {
  const lines = given([
    ['Status', filter.status?.join(' or ') ?? ''],
    ['Detection', filter.detection?.join(' and ') ?? ''],
    ['Workflow', printable(filter.workflowId ?? '')],
    ['Processed from', utc(filter.from)],
    ['Processed before', utc(filter.to)],
    ['Path holds', printable(filter.search ?? '')],
    ['Rescan', printable(filter.rescanId ?? '')],
    ['It changed', filter.change === undefined ? '' : CHANGE_WORDS[filter.change]],
  ]);
  return [...(lines.length > 0 ? lines : [['Files', 'all'] as Line]), ...given([['Sorted by', sortedBy(order)]])];
};

const KINDS: { name: string; takes: (outcome: OutcomeCount) => boolean }[] = [
  { name: 'Allowed', takes: ({ state, status }) => state === 'Available' && status === 'Allowed' },
  { name: 'Blocked', takes: ({ state, status }) => state === 'Available' && status === 'Blocked' },
  { name: 'Failed', takes: ({ state }) => state === 'Failed' },
  { name: 'Failed remediation', takes: ({ state }) => state === 'FailedRemediation' },
  { name: 'Canceled', takes: ({ state }) => state === 'Canceled' },
  { name: 'Never processed', takes: ({ state }) => state === 'InProgress' },
];

const sum = (outcomes: OutcomeCount[]): string =>
  outcomes.reduce((total, { count }) => total + count, 0).toLocaleString('en-US');

/** How many files it shows, by the status of their latest result. */
export const statusLines = (outcomes: OutcomeCount[]): Line[] => [
  ['Files', sum(outcomes)],
  ...KINDS.map(({ name, takes }): Line => [name, sum(outcomes.filter(takes))]),
];

/** How many of them have each detection; a file may have several. */
export const detectionLines = (outcomes: OutcomeCount[]): Line[] =>
  DETECTIONS.map((detection): Line => [detection, sum(outcomes.filter((one) => one.detections.includes(detection)))]);

const isOver = (state: string): boolean => ['finished', 'canceled', 'failed'].includes(state);

/** What the reader must know to take the report for no more than it is. */
export const caveats = ({ scan }: Report): string[] => [
  ...(isOver(scan.state) ? [] : [`The scan is ${scan.state}: files that it finds later are not in this report.`]),
  ...(scan.error === undefined ? [] : [`The scan did not find all files: ${printable(scan.error)}`]),
  'A file whose result says "In Progress" is being processed; its status is that of its result before.',
];

/** How the report ended. */
export const closing = ({ order }: Report, listed: number, recordedMeanwhile: number): string[] => [
  `End of the report: ${listed.toLocaleString('en-US')} files are listed.`,
  recordedMeanwhile === 0
    ? 'No result of this scan changed while the report was written.'
    : `${recordedMeanwhile.toLocaleString('en-US')} results of this scan were recorded while the report was written: each file is shown as it was when its line was written, and the counts as they were at the beginning.`,
  ...(recordedMeanwhile > 0 && order !== undefined && !order.endsWith('path')
    ? [
        `A file whose ${order.endsWith('size') ? 'size' : 'time'} changed meanwhile may stand here twice, or not at all.`,
      ]
    : []),
];
