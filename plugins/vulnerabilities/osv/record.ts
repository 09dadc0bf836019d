import { z } from 'zod';

const text = z.string().catch('');

/** One limit of a range. OSV schema, `affected[].ranges[].events`. */
const Event = z.union([
  z.object({ introduced: z.string() }),
  z.object({ fixed: z.string() }),
  z.object({ last_affected: z.string() }),
  z.object({ limit: z.string() }),
]);
export type Event = z.infer<typeof Event>;

const Range = z.object({ type: z.string(), events: z.array(Event) });

const Severity = z.object({ type: z.string(), score: z.string() });
export type StatedSeverity = z.infer<typeof Severity>;

/** What others add to a record in their own words: how severe it is, among other things. */
const Specific = z
  .object({ severity: text.optional(), urgency: text.optional(), cvss: z.unknown() })
  .partial()
  .catch({});
export type Specific = z.infer<typeof Specific>;

const Affected = z.object({
  package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
  severity: z.array(Severity).catch([]).default([]),
  ranges: z.array(Range).catch([]).default([]),
  versions: z.array(z.string()).catch([]).default([]),
  ecosystem_specific: Specific.optional(),
  database_specific: Specific.optional(),
});
export type Affected = z.infer<typeof Affected>;

/** A record of OSV as far as it is used; what is not is left out (OSV schema 1.7, ossf.github.io/osv-schema). */
export const OsvRecord = z.object({
  id: z.string().min(1).max(200),
  modified: z.string(),
  published: z.string().optional().catch(undefined),
  withdrawn: z.string().optional(),
  aliases: z.array(z.string()).catch([]).default([]),
  upstream: z.array(z.string()).catch([]).default([]),
  summary: text.optional(),
  details: text.optional(),
  severity: z.array(Severity).catch([]).default([]),
  affected: z.array(Affected).default([]),
  database_specific: Specific.optional(),
});
export type OsvRecord = z.infer<typeof OsvRecord>;
