import { fromVector } from 'ae-cvss-calculator';
import type { Severity } from '../../../src/engines/contract';
import type { Affected, OsvRecord, StatedSeverity } from './record';

/** How severe a vulnerability is; without a word on it, nothing. */
export interface Rating {
  severity?: Severity;
  /** CVSS, 0 to 10. */
  score?: number;
  vector?: string;
}

/** The newest version of CVSS that a record states is the one that counts. */
const TYPES = ['CVSS_V4', 'CVSS_V3', 'CVSS_V2'];

/** The qualitative severity rating scales: CVSS 3.1 and 4.0 section 5 and 6; NVD's for version 2, which knows no "critical". */
const ratingOf = (score: number, type: string): Severity | undefined => {
  if (score <= 0) return undefined;
  if (type === 'CVSS_V2') return score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
};

/** The base score, which is what databases rank by; how far exploits have come is another question. Version 4 knows one score alone. */
const baseOf = (vector: string): number | undefined => {
  const scores = fromVector(vector)?.calculateScores();
  return scores === undefined ? undefined : 'base' in scores ? scores.base : scores.overall;
};

const ofVectors = (stated: StatedSeverity[]): Rating | undefined => {
  for (const type of TYPES) {
    for (const { score: vector } of stated.filter((one) => one.type === type)) {
      const score = vector.length > 400 ? undefined : baseOf(vector);
      if (score !== undefined && Number.isFinite(score)) return { severity: ratingOf(score, type), score, vector };
    }
  }
  return undefined;
};

/** The words of GitHub, Ubuntu, Debian, Red Hat and others. What is "unimportant", "negligible" or not yet assigned says nothing. */
const WORDS: { [word: string]: Severity } = {
  critical: 'critical',
  important: 'high',
  high: 'high',
  moderate: 'medium',
  medium: 'medium',
  low: 'low',
};

const ofWords = (words: (string | undefined)[]): Rating | undefined => {
  for (const word of words) {
    const severity = WORDS[word?.toLowerCase().replaceAll('*', '') ?? ''];
    if (severity !== undefined) return { severity };
  }
  return undefined;
};

/** A package that was made to do harm (OSV's collection of malicious packages); such records state no severity. */
const isMalicious = ({ id }: OsvRecord): boolean => id.startsWith('MAL-');

/** How severe a record is for one package: by CVSS where it states that, else in its authors' words. */
export const rate = (record: OsvRecord, affected: Affected): Rating => {
  const words = [...affected.severity, ...record.severity].filter(({ type }) => !TYPES.includes(type));
  return (
    ofVectors(affected.severity) ??
    ofVectors(record.severity) ??
    ofWords([
      ...words.map(({ score }) => score),
      affected.ecosystem_specific?.severity,
      affected.ecosystem_specific?.urgency,
      affected.database_specific?.severity,
      record.database_specific?.severity,
    ]) ??
    (isMalicious(record) ? { severity: 'critical' } : {})
  );
};
