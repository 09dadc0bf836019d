import { z } from '@hono/zod-openapi';
import type { EngineAnswer, Findings } from '../core/findings';
import { certaintyOf, createSensitive, type SensitiveHit, type SensitiveType, scoreOf } from '../core/sensitive';

const Hit = z.object({
  before: z.string(),
  after: z.string(),
  certainty: z.enum(['Very Low', 'Low', 'Medium', 'High', 'Very High']),
  certainty_score: z.number().int().openapi({ description: '0 to 100.' }),
  hit: z.string().openapi({ description: 'Masked, unless the workflow wants it as it is.' }),
  severity: z
    .number()
    .int()
    .openapi({ description: '0 detected, 1 suspicious: less certain than the workflow asks for.' }),
  path: z.string().optional().openapi({ description: 'The member that it lies in; absent for the file itself.' }),
});

const Type = z.object({
  display_name: z.string(),
  hits: z.array(Hit),
  count: z.number().int().openapi({ description: 'All that were found.' }),
  left_out: z
    .number()
    .int()
    .openapi({ description: 'How many of them are not among the hits; those of the highest score are.' }),
});

/** What sensitive data was found, in the published shape; `count`, `left_out` and `path` are added. */
export const DlpInfo = z
  .object({
    hits: z
      .record(z.string(), Type)
      .optional()
      .openapi({ description: 'By type: ccn, ssn, iban, email, private_key, secret, regex_N.' }),
    severity: z.number().int().optional().openapi({ description: '0 certainly, 1 perhaps a loss of data.' }),
    verdict: z.number().int().openapi({ description: '0 clean, 1 found, 2 suspicious, 3 failed, 4 not scanned.' }),
  })
  .openapi('DlpInfo');
export type DlpInfo = z.infer<typeof DlpInfo>;

const severityOf = (score: number, threshold: number): number => (score >= threshold ? 0 : 1);

const toHit = ({ score, before, after, hit, path }: SensitiveHit, threshold: number) => ({
  before,
  after,
  certainty: certaintyOf(score),
  certainty_score: score,
  hit,
  severity: severityOf(score, threshold),
  path,
});

const toType = ({ displayName, hits, count }: SensitiveType, threshold: number) => ({
  display_name: displayName,
  hits: hits.map((hit) => toHit(hit, threshold)),
  count,
  left_out: count - hits.length,
});

/** The verdict where nothing was found: clean only of what was looked into whole. */
const verdictWithout = (seekers: EngineAnswer[], { content, takenApart, troubles = [], inside }: Findings): number => {
  if (seekers.some(({ status, kind }) => status === 'detected' && kind === 'SensitiveData')) return 1;
  if (seekers.some(({ status }) => status === 'failed')) return 3;
  const isOpen = takenApart || !(content?.type.container || content?.type.encrypted);
  const isWhole = isOpen && troubles.length === 0 && (inside === undefined || inside.whole);
  return isWhole && seekers.length > 0 && seekers.every(({ status }) => status === 'clean') ? 0 : 4;
};

/**
 * What was found of sensitive data in a file and in all that lies in it.
 * @param threshold of the workflow that it went through: from there on it counts as found
 */
export const toDlpInfo = (findings: Findings, threshold: number): DlpInfo => {
  const answers = [...findings.answers, ...(findings.inside?.answers ?? [])];
  const found = createSensitive();
  for (const { sensitive } of answers) if (sensitive !== undefined) found.add(sensitive);
  const all = found.all();
  if (all === undefined) {
    return {
      verdict: verdictWithout(
        answers.filter(({ seeksSensitive, kind }) => seeksSensitive || kind === 'SensitiveData'),
        findings,
      ),
    };
  }
  const severity = severityOf(scoreOf(all), threshold);
  return {
    hits: Object.fromEntries(all.types.map((type) => [type.type, toType(type, threshold)])),
    severity,
    verdict: severity === 0 ? 1 : 2,
  };
};
