import type { WorkflowDefinition } from '../core/workflow';
import type { Job } from './host';

/** How a workflow has files looked into. */
export type Terms = Pick<Job, 'engines' | 'maxFileSize' | 'timeout' | 'unpackBy' | 'limits' | 'showSensitive'>;

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
  showSensitive: definition.showSensitiveData,
});
