import { z } from 'zod';
import { RESULTS, type ResultCode } from './result';

/** Results that are blocked unless a workflow says otherwise: all but "No Threat Detected", "Allowlisted" and "Sanitized". */
const BLOCKED_BY_DEFAULT = Object.keys(RESULTS)
  .map(Number)
  .filter((code) => ![0, 3, 7, 19, 48, 255].includes(code)) as ResultCode[];

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
});
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>;

/** A workflow at one revision. */
export interface Workflow {
  id: string;
  name: string;
  revision: number;
  definition: WorkflowDefinition;
  createdAt: number;
}
