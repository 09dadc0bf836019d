import type { ResultCode } from '../../core/result';
import type { Revision } from '../data/client';
import { bytes, count, duration } from '../parts/amounts';
import { visible } from '../parts/visible';
import { resultNames } from '../texts/results';
import {
  choiceTexts,
  onEngineFailureTexts,
  showSensitiveDataTexts,
  unpackByTexts,
  vulnerabilityThresholdTexts,
  workflowTexts,
} from '../texts/workflow';

export type Definition = Revision['definition'];
export type Key = keyof Definition;

/** Results that a workflow can block: what has a verdict, and is not clean. */
export const BLOCKABLE = Object.keys(resultNames)
  .map(Number)
  .filter((code) => ![0, 3, 19, 255].includes(code)) as ResultCode[];

const list = (names: string[]): string => (names.length === 0 ? workflowTexts.nothing : names.join(', '));

const inRule = (rule: Definition['allow'][number]): string =>
  Object.entries(rule)
    .map(([name, value]) => `${name} ${visible(String(value))}`)
    .join(', ');

/** What happens to files with a verdict. */
const treatment = ({ original, sanitized }: Definition['remediation']['allowed']): string => {
  const { tag, copyTo, action } = original;
  const tags = Object.entries(tag).map(([name, value]) => `tag ${name}=${visible(value)}`);
  return [...tags, ...copyTo.map(() => 'copy'), ...(sanitized === undefined ? [] : ['sanitize']), action].join(', ');
};

/** A choice of a workflow in words. */
export const inWords = (definition: Definition, key: Key): string => {
  switch (key) {
    case 'engines':
      return definition.engines === 'all' ? workflowTexts.allEngines : list(definition.engines.map(visible));
    case 'blocked':
      return list(definition.blocked.map((code) => resultNames[code as ResultCode]));
    case 'onEngineFailure':
      return onEngineFailureTexts[definition.onEngineFailure];
    case 'unpackBy':
      return unpackByTexts[definition.unpackBy];
    case 'maxFileSize':
      return definition.maxFileSize === undefined ? workflowTexts.nothing : bytes(definition.maxFileSize);
    case 'maxArchiveSize':
      return bytes(definition.maxArchiveSize);
    case 'fileTimeout':
    case 'archiveTimeout':
      return duration(definition[key]);
    case 'allow':
    case 'block':
      return list(definition[key].map(inRule));
    case 'showSensitiveData':
      return definition.showSensitiveData ? showSensitiveDataTexts.shown : showSensitiveDataTexts.masked;
    case 'vulnerabilityThreshold':
      return vulnerabilityThresholdTexts[definition.vulnerabilityThreshold];
    case 'remediation':
      return (['allowed', 'blocked'] as const)
        .map((status) => `${status}: ${treatment(definition.remediation[status])}`)
        .join('; ');
    default:
      return count(definition[key]);
  }
};

export const KEYS = Object.keys(choiceTexts) as Key[];

/** What a list of results lost and got says more than both lists. */
const blockedChange = (before: Definition, after: Definition): string => {
  const names = (codes: number[]) => codes.map((code) => resultNames[code as ResultCode]);
  const got = names(after.blocked.filter((code) => !before.blocked.includes(code))).map((name) => `+ ${name}`);
  const lost = names(before.blocked.filter((code) => !after.blocked.includes(code))).map((name) => `− ${name}`);
  return [...got, ...lost].join(', ');
};

/** What differs between two revisions, in words. */
export const changesBetween = (before: Definition, after: Definition): { label: string; text: string }[] =>
  KEYS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => ({
    label: choiceTexts[key].label,
    text:
      key === 'blocked' ? blockedChange(before, after) : workflowTexts.from(inWords(before, key), inWords(after, key)),
  }));
