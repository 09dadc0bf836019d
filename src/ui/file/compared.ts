import type { HistoryEntry } from '../data/client';
import { visible } from '../parts/visible';
import { fileTexts } from '../texts/file';
import { actTexts } from '../texts/remediation';
import { detectionTexts, statusTexts } from '../texts/results';
import type { Act } from './acts';

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
  const verdict = status ? statusTexts[status].label : '';
  return state === 'Available' ? verdict : [verdict, statusTexts[state].label].filter(Boolean).join(', ');
};

const actsOf = (acts: Act[] = []): string =>
  acts.map(({ action, state }) => actTexts[action][state === 'begun' ? 'due' : state]).join(', ');

/** Two processings of a file with what was done after them, point by point; all of it is text to be shown. */
export const compare = (earlier: HistoryEntry, later: HistoryEntry, acts: Map<string, Act[]>): Compared[] => {
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
    row(rows.acts, ({ id }) => actsOf(acts.get(id))),
    row(rows.attempts, ({ attempts }) => String(attempts)),
    ...[...engines].map(([id, name]) =>
      row(visible(name), (entry) => answerOf(entry.engines.find(({ engId }) => engId === id))),
    ),
  ];
};
