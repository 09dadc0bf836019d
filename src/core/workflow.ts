import { z } from 'zod';
import { FileRules } from './file-rule';
import { Remediation } from './remediation';
import { RESULTS, type ResultCode } from './result';
import { SEVERITIES } from './vulnerability';

/** Results that are blocked unless a workflow says otherwise: all but "No Threat Detected", "Allowlisted" and "Sanitized". */
const BLOCKED_BY_DEFAULT = Object.keys(RESULTS)
  .map(Number)
  .filter((code) => ![0, 3, 7, 19, 48, 255].includes(code)) as ResultCode[];

const limit = (usual: number) => z.number().int().positive().default(usual);

/** What a workflow says; each change of it is a new revision. Sizes in bytes, durations in milliseconds. */
export const WorkflowDefinition = z.strictObject({
  engines: z
    .union([z.literal('all'), z.array(z.string()).min(1)])
    .default('all')
    .describe('The engines that are asked, by id, or "all" that run.'),
  blocked: z
    .array(
      z
        .number()
        .int()
        .refine((code) => code in RESULTS && ![0, 3, 19, 255].includes(code), 'not a result that can be blocked'),
    )
    .default(BLOCKED_BY_DEFAULT)
    .describe('The result codes that make a file Blocked; every other result with a verdict is Allowed.'),
  onEngineFailure: z
    .enum(['fail', 'ignore'])
    .default('fail')
    .describe(
      'When an engine failed for good: "fail" makes the file Failed, "ignore" lets the answers of the other engines decide.',
    ),
  maxFileSize: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Larger files are not asked about: their result is Not Scanned.'),
  fileTimeout: z
    .number()
    .int()
    .positive()
    .default(600_000)
    .describe('How long one attempt at one file may take, all engines together.'),
  unpackBy: z
    .enum(['assay', 'both', 'engines'])
    .default('assay')
    .describe(
      'Who looks inside archives: "assay" takes them apart and asks every engine about what lies in them; "both" also asks the engines that unpack by themselves about the whole; "engines" leaves it to those.',
    ),
  maxArchiveDepth: limit(12).describe('Archives in archives are opened down to this level.'),
  maxArchiveFiles: limit(100_000).describe('Members of one file, on all levels together.'),
  maxArchiveSize: limit(20 * 1024 ** 3).describe('What the members of one file may hold together, as it is read.'),
  maxArchiveExpansion: limit(500).describe(
    'How many times larger than the file its members may be together; the first 100 MB are free.',
  ),
  archiveTimeout: limit(300_000).describe(
    'How long taking one file apart may last, with the asking about what is in it.',
  ),
  vulnerabilityThreshold: z
    .enum(['any', ...SEVERITIES])
    .default('any')
    .describe(
      'From which severity on vulnerable software counts as found (low, medium, high, critical); what is less severe is only reported. "any" counts those, too, that nobody rated.',
    ),
  allow: FileRules.default([]).describe(
    'Files that are Allowlisted (7) whatever the engines say, also in archives; a rule fits when all that it names does.',
  ),
  block: FileRules.default([]).describe(
    'Files that are Blocklisted (8) whatever else is said, in archives, too; it goes before allow.',
  ),
  sensitiveDataThreshold: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('How certain sensitive data must be to count as found, 0 to 100; what is less certain is only reported.'),
  showSensitiveData: z
    .boolean()
    .default(false)
    .describe('Whether results tell sensitive data as it is. Without it, all of it is masked before it is kept.'),
  remediation: Remediation.prefault({}).describe(
    'What is done with files once they are judged. Nothing is touched unless it says so here.',
  ),
});
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>;

const { shape } = WorkflowDefinition;

/** What may be changed of a definition: a key that is left out stays as it is, null takes it back to its default. */
export const DefinitionChange = z.strictObject({
  engines: shape.engines.unwrap().nullish(),
  blocked: shape.blocked.unwrap().nullish(),
  onEngineFailure: shape.onEngineFailure.unwrap().nullish(),
  maxFileSize: shape.maxFileSize.unwrap().nullish(),
  fileTimeout: shape.fileTimeout.unwrap().nullish(),
  unpackBy: shape.unpackBy.unwrap().nullish(),
  maxArchiveDepth: shape.maxArchiveDepth.unwrap().nullish(),
  maxArchiveFiles: shape.maxArchiveFiles.unwrap().nullish(),
  maxArchiveSize: shape.maxArchiveSize.unwrap().nullish(),
  maxArchiveExpansion: shape.maxArchiveExpansion.unwrap().nullish(),
  archiveTimeout: shape.archiveTimeout.unwrap().nullish(),
  vulnerabilityThreshold: shape.vulnerabilityThreshold.unwrap().nullish(),
  allow: shape.allow.unwrap().nullish(),
  block: shape.block.unwrap().nullish(),
  sensitiveDataThreshold: shape.sensitiveDataThreshold.unwrap().nullish(),
  showSensitiveData: shape.showSensitiveData.unwrap().nullish(),
  remediation: shape.remediation.unwrap().nullish(),
});
export type DefinitionChange = z.infer<typeof DefinitionChange>;

/** A definition with a change made to it. */
export const changeDefinition = (definition: WorkflowDefinition, change: DefinitionChange): WorkflowDefinition => {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const kept = Object.entries({ ...definition, ...Object.fromEntries(given) }).filter(([, value]) => value !== null);
  return WorkflowDefinition.parse(Object.fromEntries(kept));
};

/** The change that makes any definition this one. */
export const changeTo = (definition: WorkflowDefinition): DefinitionChange => {
  const keys = Object.keys(WorkflowDefinition.shape) as (keyof WorkflowDefinition)[];
  return Object.fromEntries(keys.map((key) => [key, definition[key] ?? null]));
};

/** The names of what differs between two definitions. */
export const differences = (a: WorkflowDefinition, b: WorkflowDefinition): string[] =>
  Object.keys(WorkflowDefinition.shape).filter((name) => {
    const key = name as keyof WorkflowDefinition;
    return JSON.stringify(a[key]) !== JSON.stringify(b[key]);
  });

/** A workflow at one revision. */
export interface Workflow {
  id: string;
  name: string;
  revision: number;
  definition: WorkflowDefinition;
  /** How many passwords of its own it tries, after those of a rescan; the passwords themselves stay sealed in the store. */
  passwordCount: number;
  /** Applies to every storage that names no workflow. */
  isDefault: boolean;
  /** When this revision was made. */
  createdAt: number;
}

/** Names a workflow at one of its revisions. */
export interface WorkflowRevision {
  id: string;
  revision: number;
}
