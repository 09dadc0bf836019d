import type { ResultCode } from '../../core/result';
import type { Revision } from '../data/client';
import { count } from '../parts/amounts';
import { exactly, SIZE_UNITS, TIME_UNITS } from '../parts/exact';
import { visible } from '../parts/visible';
import { resultNames } from '../texts/results';
import {
  engineTexts,
  type Fact,
  factTexts,
  revisionTexts,
  ruleTexts,
  sensitiveTexts,
  severityTexts,
  unpackTexts,
  workflowTexts,
} from '../texts/workflow';
import { type NameOf, stepsOf } from './treatment';

export type Definition = Revision['definition'];
export type Rule = Definition['allow'][number];

export const FACTS = Object.keys(factTexts) as Fact[];

/** Results that a workflow can block: what has a verdict, and is not clean. */
export const BLOCKABLE = Object.keys(resultNames)
  .map(Number)
  .filter((code) => ![0, 3, 19, 255].includes(code)) as ResultCode[];

const size = (bytes: number): string => exactly(bytes, SIZE_UNITS);
const time = (ms: number): string => exactly(ms, TIME_UNITS);

/** Which files a rule means. */
export const inRule = ({ name, type, sha256, minSize, maxSize, reason }: Rule): string => {
  const { words } = ruleTexts;
  return [
    name && words.name(visible(name)),
    type && words.type(type),
    sha256 && words.sha256(sha256),
    minSize !== undefined && words.minSize(size(minSize)),
    maxSize !== undefined && words.maxSize(size(maxSize)),
    reason && words.reason(visible(reason)),
  ]
    .filter(Boolean)
    .join(', ');
};

/** How each fact is said; what consists of parts that come and go by themselves is a list of them. */
const SAID: Record<Fact, (definition: Definition, nameOf: NameOf) => string | string[]> = {
  engines: ({ engines }) => (engines === 'all' ? workflowTexts.allEngines : engines.map(visible).join(', ')),
  onEngineFailure: ({ onEngineFailure }) => engineTexts.failure[onEngineFailure].label,
  blocked: ({ blocked }) => blocked.map((code) => resultNames[code as ResultCode]),
  block: ({ block }) => block.map(inRule),
  allow: ({ allow }) => allow.map(inRule),
  sensitiveDataThreshold: ({ sensitiveDataThreshold }) => count(sensitiveDataThreshold),
  showSensitiveData: ({ showSensitiveData }) => sensitiveTexts[showSensitiveData ? 'shown' : 'masked'].label,
  vulnerabilityThreshold: ({ vulnerabilityThreshold }) => severityTexts[vulnerabilityThreshold],
  unpackBy: ({ unpackBy }) => unpackTexts[unpackBy].label,
  maxArchiveDepth: ({ maxArchiveDepth }) => count(maxArchiveDepth),
  maxArchiveFiles: ({ maxArchiveFiles }) => count(maxArchiveFiles),
  maxArchiveSize: ({ maxArchiveSize }) => size(maxArchiveSize),
  maxArchiveExpansion: ({ maxArchiveExpansion }) => count(maxArchiveExpansion),
  archiveTimeout: ({ archiveTimeout }) => time(archiveTimeout),
  maxFileSize: ({ maxFileSize }) => (maxFileSize === undefined ? workflowTexts.noLimit : size(maxFileSize)),
  fileTimeout: ({ fileTimeout }) => time(fileTimeout),
  blockedFiles: ({ remediation }, nameOf) => stepsOf(remediation.blocked, nameOf),
  allowedFiles: ({ remediation }, nameOf) => stepsOf(remediation.allowed, nameOf),
};

const asList = (said: string | string[]): string[] => (typeof said === 'string' ? [said] : said);

/** A fact of a workflow in words. */
export const inWords = (definition: Definition, fact: Fact, nameOf: NameOf): string =>
  asList(SAID[fact](definition, nameOf)).join(', ') || workflowTexts.nothing;

export interface FactChange {
  fact: Fact;
  label: string;
  before: string;
  after: string;
  /** The change by itself: of a list what came and what went. */
  text: string;
}

/** What differs between two definitions, in words. */
export const changesBetween = (before: Definition, after: Definition, nameOf: NameOf): FactChange[] =>
  FACTS.flatMap((fact) => {
    const [old, now] = [SAID[fact](before, nameOf), SAID[fact](after, nameOf)];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const words = { before: inWords(before, fact, nameOf), after: inWords(after, fact, nameOf) };
    const [went, came] = [asList(old), asList(now)].map((list, i, both) =>
      list.filter((one) => !both[1 - i]?.includes(one)),
    );
    const parts = [...(came ?? []).map(revisionTexts.added), ...(went ?? []).map(revisionTexts.taken)];
    // The same parts in another order differ only as a whole.
    const whole = typeof old === 'string' || parts.length === 0;
    const text = whole ? revisionTexts.from(words.before, words.after) : parts.join(', ');
    return [{ fact, label: factTexts[fact].label, ...words, text }];
  });
