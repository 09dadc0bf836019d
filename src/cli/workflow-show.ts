import type { FileRule } from '../core/file-rule';
import type { Destination, Remediation } from '../core/remediation';
import { RESULTS } from '../core/result';
import { differences, type WorkflowDefinition } from '../core/workflow';
import { localTime, pairs, table } from './show';

/** A workflow, or one of its revisions, as the API shows it. */
export interface ShownRevision {
  revision: number;
  name: string;
  definition: WorkflowDefinition;
  passwordCount: number;
  created: string;
}

export type ShownWorkflow = ShownRevision & { id: string; default: boolean };

const enginesOf = ({ engines }: WorkflowDefinition): string => (engines === 'all' ? 'all' : engines.join(', '));

const nameOf = (code: number): string => ({ ...RESULTS })[code] ?? String(code);

const FAILURE = {
  fail: 'the file is Failed',
  ignore: 'the other engines decide',
};

const UNPACKING = {
  assay: 'looked into by Assay, with every engine',
  both: 'looked into by Assay, and by the engines that unpack',
  engines: 'left to the engines that unpack',
};

const THRESHOLD = {
  any: 'counts whatever its severity',
  low: 'counts from low severity on',
  medium: 'counts from medium severity on',
  high: 'counts from high severity on',
  critical: 'counts when it is critical',
};

const rulesOf = (rules: FileRule[]): string =>
  rules
    .map((rule) =>
      Object.entries(rule)
        .map(([name, value]) => `${name} ${value}`)
        .join(' and '),
    )
    .join('; ') || 'empty';

/** What happens to files with a verdict, in words. */
const describeRemediation = ({ original, sanitized }: Remediation['blocked']): string => {
  const { tag, copyTo, action, moveTo, removeEmptyFolders } = original;
  const placeOf = ({ storageId, folder, structure }: Destination) =>
    `${folder || 'its top'}${storageId === undefined ? '' : ` of the storage ${storageId}`}${structure === 'flatten' ? ' without the folders that it was in' : ''}`;
  const tags = Object.entries(tag).map(([name, value]) => `${name}=${value}`);
  const steps = [
    ...(tags.length > 0 ? [`tagged ${tags.join(' ')}`] : []),
    ...copyTo.map((to) => `copied to ${placeOf(to)}`),
    ...(sanitized === undefined
      ? []
      : [`sanitized, the copy ${sanitized.to === undefined ? sanitized.where : `to ${placeOf(sanitized.to)}`}`]),
    {
      keep: 'kept',
      move: `moved to ${moveTo && placeOf(moveTo)}`,
      delete: 'deleted',
      quarantine: 'put into quarantine',
    }[action],
    ...(action !== 'keep' && removeEmptyFolders ? ['folders that are empty without it are removed'] : []),
  ];
  return steps.join(', ');
};

/** One workflow with all that it says. */
export const describeWorkflow = (workflow: ShownWorkflow): string => {
  const { definition } = workflow;
  const { maxFileSize } = definition;
  return pairs({
    Name: workflow.name,
    Id: workflow.id,
    Revision: `${workflow.revision}, made ${localTime(workflow.created)}`,
    Default: workflow.default ? 'yes' : 'no',
    Engines: enginesOf(definition),
    Blocked: definition.blocked.map((code) => `${nameOf(code)} (${code})`).join(', ') || 'nothing',
    'When an engine fails': FAILURE[definition.onEngineFailure],
    'Largest file': maxFileSize === undefined ? 'any' : `${maxFileSize} bytes`,
    'Inside archives': UNPACKING[definition.unpackBy],
    'Archives in archives': `${definition.maxArchiveDepth} levels`,
    'Files in one': definition.maxArchiveFiles,
    'Bytes in one': `${definition.maxArchiveSize}, up to ${definition.maxArchiveExpansion} times its size`,
    'Time for one': `${definition.archiveTimeout} ms`,
    'Time for a file': `${definition.fileTimeout} ms`,
    'Vulnerable software': THRESHOLD[definition.vulnerabilityThreshold],
    'Allow list': rulesOf(definition.allow),
    'Block list': rulesOf(definition.block),
    'Sensitive data': `found from a certainty of ${definition.sensitiveDataThreshold}, ${definition.showSensitiveData ? 'shown as it is' : 'masked'}`,
    'Allowed files are': describeRemediation(definition.remediation.allowed),
    'Blocked files are': describeRemediation(definition.remediation.blocked),
    Passwords: workflow.passwordCount,
  });
};

export const tableOfWorkflows = (workflows: ShownWorkflow[]): string =>
  table(
    ['ID', 'NAME', 'REVISION', 'DEFAULT', 'ENGINES', 'PASSWORDS', 'CHANGED'],
    workflows.map((workflow) => [
      workflow.id,
      workflow.name,
      workflow.revision,
      workflow.default ? 'yes' : '',
      enginesOf(workflow.definition),
      workflow.passwordCount,
      localTime(workflow.created),
    ]),
  );

/** What a revision made different; of passwords only their number can be told. */
const changesIn = (revision: ShownRevision, before: ShownRevision | undefined): string => {
  if (before === undefined) return 'created';
  const changed = differences(before.definition, revision.definition);
  if (before.name !== revision.name) changed.unshift('name');
  if (before.passwordCount !== revision.passwordCount) changed.push('passwords');
  return changed.join(', ') || 'passwords';
};

/** @param revisions newest first, to the first one */
export const tableOfRevisions = (revisions: ShownRevision[]): string =>
  table(
    ['REVISION', 'MADE', 'NAME', 'ENGINES', 'PASSWORDS', 'CHANGED'],
    revisions.map((revision, at) => [
      revision.revision,
      localTime(revision.created),
      revision.name,
      enginesOf(revision.definition),
      revision.passwordCount,
      changesIn(revision, revisions[at + 1]),
    ]),
  );
