import type { HistoryEntry } from '../data/client';
import { visible } from '../parts/visible';
import { fileTexts } from '../texts/file';
import { detectionTexts, statusTexts } from '../texts/results';

/** Something about two processings, side by side. */
export interface Compared {
  name: string;
  earlier: string;
  later: string;
  differs: boolean;
}

type Engine = HistoryEntry['engines'][number];

const answerOf = (engine: Engine | undefined): string => {
  if (engine === undefined) return '–';
  const said = engine.threatFound || engine.reason;
  const version = engine.definitions ? ` (${engine.definitions.version})` : '';
  return `${fileTexts.statuses[engine.status]}${said ? `: ${said}` : ''}${version}`;
};

const outcomeOf = ({ state, status }: HistoryEntry): string => {
  if (state === 'Available') return status ? statusTexts[status].label : '–';
  return statusTexts[state].label;
};

/** Two processings of a file, point by point; all of it is text to be shown. */
export const compare = (earlier: HistoryEntry, later: HistoryEntry): Compared[] => {
  const row = (name: string, read: (entry: HistoryEntry) => string): Compared => {
    const [a, b] = [visible(read(earlier)), visible(read(later))];
    return { name, earlier: a || '–', later: b || '–', differs: a !== b };
  };
  const { rows } = fileTexts;
  const engines = new Map([...earlier.engines, ...later.engines].map(({ engId, engineName }) => [engId, engineName]));
  return [
    row(rows.outcome, outcomeOf),
    row(rows.result, ({ scanAllResultA }) => scanAllResultA),
    row(rows.why, ({ explanation }) => explanation),
    row(rows.detections, ({ detections }) => detections.map((one) => detectionTexts[one].label).join(', ')),
    row(rows.workflow, ({ workflow }) => `${workflow.name}, revision ${workflow.revision}`),
    row(rows.content, ({ sha256 }) => sha256 ?? ''),
    row(rows.attempts, ({ attempts }) => String(attempts)),
    ...[...engines].map(([id, name]) =>
      row(visible(name), (entry) => answerOf(entry.engines.find(({ engId }) => engId === id))),
    ),
  ];
};
