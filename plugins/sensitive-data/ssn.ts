import type { Detector } from './detector';
import { coverAll } from './mask';

const SHAPE = /(?<![\w.+/-])(\d{3})([- ]?)(\d{2})\2(\d{4})(?!\w|[./-]\d)/g;

/** Numbers that were printed in advertisements, and so were never anybody's or nobody's any more (SSA, "Social Security Number Randomization"). */
const KNOWN_FALSE = new Set(['078051120', '219099999', '457555462', '123456789']);

/** Area 000, 666 and 9xx, group 00 and serial 0000 are never issued (SSA, POMS RM 10201.030). */
const isIssued = (area: string, group: string, serial: string): boolean =>
  area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000';

/** Social security numbers of the United States. Nine digits without separators count only where words say so. */
export const ssn: Detector = {
  type: 'ssn',
  displayName: 'Social Security Number',
  find: function* (text) {
    for (const { index, 0: found, 1: area = '', 2: separator, 3: group = '', 4: serial = '' } of text.matchAll(SHAPE)) {
      const value = area + group + serial;
      if (!isIssued(area, group, serial)) continue;
      const score = separator === '-' ? 40 : separator === ' ' ? 15 : 5;
      const isFalse = KNOWN_FALSE.has(value) || new Set(value).size === 1;
      yield {
        start: index,
        end: index + found.length,
        value,
        score: isFalse ? 1 : score,
        masked: coverAll(found),
      };
    }
  },
  words: {
    for: /\bssn\b|\bssns\b|_ssn|ssn_|social[ _-]?security|\bss ?#|soc\.? sec|taxpayer|\btin\b|\bitin\b|\bdob\b|\bborn\b|birth|employee|applicant|patient|payroll/g,
    against:
      /\bpart\b|part ?no|\bitem\b|\bsku\b|order|serial|phone|\btel\b|\bfax\b|invoice|model|\bzip\b|batch|\blot\b|tracking|case no|ticket|catalog|routing|reference|\bref\b|\bcode\b|\bdate\b|version|\bid\b/g,
  },
  weight: { for: 45, against: 30 },
  adjust: (different) => (different >= 10 ? 20 : different >= 3 ? 15 : 0),
};
