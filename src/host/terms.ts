import type { WorkflowDefinition } from '../core/workflow';
import type { Job } from './host';

/** How a workflow has files looked into. */
export type Terms = Pick<
  Job,
  'engines' | 'maxFileSize' | 'timeout' | 'unpackBy' | 'limits' | 'judging' | 'showSensitive'
>;

/** What a workflow says of what lies in a file: all but how files are looked into, and what is said of a file as a whole. */
const judgingOf = ({
  engines,
  blocked,
  maxFileSize,
  fileTimeout,
  unpackBy,
  maxArchiveDepth,
  maxArchiveFiles,
  maxArchiveSize,
  maxArchiveExpansion,
  archiveTimeout,
  showSensitiveData,
  remediation,
  ...judging
}: WorkflowDefinition): string => Bun.hash(JSON.stringify(judging)).toString(36);

export const termsOf = (definition: WorkflowDefinition): Terms => ({
  engines: definition.engines,
  maxFileSize: definition.maxFileSize,
  timeout: definition.fileTimeout,
  unpackBy: definition.unpackBy,
  limits: {
    depth: definition.maxArchiveDepth,
    files: definition.maxArchiveFiles,
    size: definition.maxArchiveSize,
    expansion: definition.maxArchiveExpansion,
    time: definition.archiveTimeout,
  },
  judging: judgingOf(definition),
  showSensitive: definition.showSensitiveData,
});
