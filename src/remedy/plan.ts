import type { Verdict } from '../core/file';
import type { Findings } from '../core/findings';
import { isInStorage, type Location, type Wanted } from '../core/remediation';
import type { WorkflowDefinition } from '../core/workflow';

/**
 * What a workflow wants done with a file, in the order in which it is done. Nothing without a verdict, of what could not be opened, and of
 * what is in quarantine or gone already.
 * A harmless copy is made while the original is still there; it gets the place of it, where that is wished, when it is not.
 */
export const wantedOf = (
  { remediation }: Pick<WorkflowDefinition, 'remediation'>,
  { state, status }: Verdict,
  { identity }: Findings,
  location: Location | undefined,
): Wanted[] => {
  if (state !== 'Available' || status === undefined || identity === undefined) return [];
  if (!isInStorage({ location })) return [];
  const { original, sanitized } = status === 'Allowed' ? remediation.allowed : remediation.blocked;
  const { tag, copyTo, action, moveTo, removeEmptyFolders } = original;
  const wanted: Wanted[] = copyTo.map((to) => ({ action: 'copy', to }));
  if (Object.keys(tag).length > 0) wanted.unshift({ action: 'tag', tags: tag });
  if (sanitized !== undefined) wanted.push({ action: 'sanitize', ...sanitized });
  if (action === 'move' && moveTo !== undefined) wanted.push({ action, to: moveTo, removeEmptyFolders });
  if (action === 'delete' || action === 'quarantine') wanted.push({ action, removeEmptyFolders });
  if (sanitized?.where === 'instead') wanted.push({ action: 'replace' });
  return wanted;
};
