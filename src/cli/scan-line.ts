import type { Verdict } from '../core/file';
import { RESULTS, type ResultCode } from '../core/result';
import type { FileOutcome } from '../scans/scans';
import { printable, safe } from './safe';

/** What clamscan's users know of a file, and that it was not looked into, which clamscan does not tell. */
export type Outcome = 'OK' | 'FOUND' | 'NOT SCANNED' | 'ERROR';

const FOUND: ResultCode[] = [1, 2, 8, 17, 18, 20, 22];
const OK: ResultCode[] = [0, 7, 48];
const ERROR: ResultCode[] = [3, 19, 255];
const NOT_SCANNED = 10;

/** A file's verdict in one word. What a workflow allows does not make a file clean that nobody could look into. */
export const outcomeOf = ({ resultCode, state }: Verdict): Outcome => {
  if (FOUND.includes(resultCode)) return 'FOUND';
  if (OK.includes(resultCode)) return state === 'Available' ? 'OK' : 'ERROR';
  return ERROR.includes(resultCode) ? 'ERROR' : 'NOT SCANNED';
};

const sentence = (explanation: string) => printable(explanation.replace(/\.$/, ''));

/** The words between the path and the outcome. */
const wordsOf = ({ verdict, name }: FileOutcome, outcome: Outcome): string => {
  const result = RESULTS[verdict.resultCode];
  switch (outcome) {
    case 'OK':
      return '';
    case 'FOUND':
      return printable(name ?? result);
    case 'NOT SCANNED':
      return verdict.resultCode === NOT_SCANNED ? sentence(verdict.explanation) : result;
    case 'ERROR':
      return sentence(verdict.explanation) || result;
  }
};

/** A file's line, as clamscan writes it: `PATH: OK`, `PATH: NAME FOUND`; and `PATH: WHY NOT SCANNED`, `PATH: WHY ERROR`. */
export const toLine = (file: FileOutcome, verbose = false): string => {
  const outcome = outcomeOf(file.verdict);
  const words = wordsOf(file, outcome);
  const line = `${safe(file.path)}: ${words && `${words} `}${outcome}\n`;
  return verbose && file.verdict.explanation ? `${line}  ${printable(file.verdict.explanation)}\n` : line;
};

/** A file's line for programs. */
export const toJsonLine = ({ path, size, name, verdict }: FileOutcome): string => {
  const { resultCode, state, status, detections, explanation, decidedBy } = verdict;
  const line = {
    type: 'file',
    path,
    outcome: outcomeOf(verdict),
    name,
    scanAllResultI: resultCode,
    scanAllResultA: RESULTS[resultCode],
    state,
    status,
    detections,
    reason: explanation || undefined,
    engine: decidedBy,
    size,
  };
  return `${JSON.stringify(line)}\n`;
};
