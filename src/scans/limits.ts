import type { WorkflowDefinition } from '../core/workflow';
import type { Job } from '../host/host';

/** How far a workflow lets archives be taken apart. */
export const limitsOf = (definition: WorkflowDefinition): Job['limits'] => ({
  depth: definition.maxArchiveDepth,
  files: definition.maxArchiveFiles,
  size: definition.maxArchiveSize,
  expansion: definition.maxArchiveExpansion,
  time: definition.archiveTimeout,
});
