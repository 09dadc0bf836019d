import type { EngineState } from '../core/engine';
import { version } from '../core/version';
import { printable } from './safe';
import type { Outcome } from './scan-line';

/** What a scan came to. Sizes in bytes, times in milliseconds since the epoch. */
export interface Tally {
  outcomes: { [outcome in Outcome]: number };
  bytes: number;
  startedAt: number;
}

export const newTally = (now: number): Tally => ({
  outcomes: { OK: 0, FOUND: 0, 'NOT SCANNED': 0, ERROR: 0 },
  bytes: 0,
  startedAt: now,
});

/** 1 when something was found, also when something else failed; 2 when a file could not be looked into or something failed; else 0. */
export const exitCodeOf = ({ outcomes }: Tally): number => {
  if (outcomes.FOUND > 0) return 1;
  return outcomes['NOT SCANNED'] + outcomes.ERROR > 0 ? 2 : 0;
};

const pad = (n: number) => String(n).padStart(2, '0');

/** The local time in clamscan's format. */
const dateOf = (ms: number): string => {
  const at = new Date(ms);
  const day = [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())].join(':');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(':')}`;
};

const engineOf = ({ name, state, definitions }: EngineState): string =>
  state === 'failing' ? `${name} (failing)` : `${name}${definitions ? ` (${definitions.version})` : ''}`;

/** The summary at a scan's end, in clamscan's form. */
export const toSummary = ({ outcomes, bytes, startedAt }: Tally, engines: EngineState[], now: number): string => {
  const seconds = (now - startedAt) / 1000;
  const lines = [
    '',
    '----------- SCAN SUMMARY -----------',
    `Engines: ${printable(engines.map(engineOf).join(', ')) || 'none'}`,
    `Engine version: ${version}`,
    `Scanned files: ${outcomes.OK + outcomes.FOUND}`,
    `Infected files: ${outcomes.FOUND}`,
    `Not scanned files: ${outcomes['NOT SCANNED']}`,
    `Total errors: ${outcomes.ERROR}`,
    `Data scanned: ${(bytes / 2 ** 20).toFixed(2)} MB`,
    `Time: ${seconds.toFixed(3)} sec (${Math.floor(seconds / 60)} m ${Math.floor(seconds % 60)} s)`,
    `Start Date: ${dateOf(startedAt)}`,
    `End Date:   ${dateOf(now)}`,
  ];
  return `${lines.join('\n')}\n`;
};

/** The summary for programs, as the last line. */
export const toJsonSummary = ({ outcomes, bytes, startedAt }: Tally, engines: EngineState[], now: number): string => {
  const summary = {
    type: 'summary',
    engines,
    version,
    scanned: outcomes.OK + outcomes.FOUND,
    infected: outcomes.FOUND,
    notScanned: outcomes['NOT SCANNED'],
    errors: outcomes.ERROR,
    bytes,
    started: new Date(startedAt).toISOString(),
    finished: new Date(now).toISOString(),
  };
  return `${JSON.stringify(summary)}\n`;
};
