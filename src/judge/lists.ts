import { type FileRule, fitsPattern } from '../core/file-rule';
import type { WorkflowDefinition } from '../core/workflow';
import type { Point } from './points';

/** What the rules of a list are held against. */
export interface Listed {
  /** From the storage on, or of a member from the file on. */
  path: string;
  size: number;
  sha256?: string;
  /** MIME type by content. */
  type?: string;
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const fitsType = (wanted: string, type: string | undefined): boolean =>
  type !== undefined && (wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted);

const fits = (rule: FileRule, { path, size, sha256, type }: Listed): boolean =>
  (rule.sha256 === undefined || rule.sha256.toLowerCase() === sha256) &&
  (rule.type === undefined || fitsType(rule.type.toLowerCase(), type)) &&
  (rule.minSize === undefined || size >= rule.minSize) &&
  (rule.maxSize === undefined || size <= rule.maxSize) &&
  (rule.name === undefined || fitsPattern(rule.name, rule.name.includes('/') ? path : lastPart(path)));

const conditionsOf = ({ reason, ...conditions }: FileRule): string =>
  Object.entries(conditions)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** What the lists of a workflow say of a file, or of a member of one; the block list before the allow list. */
export const listPoint = (
  file: Listed,
  { allow, block }: Pick<WorkflowDefinition, 'allow' | 'block'>,
): Point | undefined => {
  const says = (list: string, rule: FileRule) =>
    `It is on the ${list} list of the workflow (${conditionsOf(rule)})${rule.reason ? `: ${rule.reason}` : ''}.`;
  const blocked = block.find((rule) => fits(rule, file));
  if (blocked !== undefined) return { code: 8, detections: ['Threat'], by: 'block list', says: says('block', blocked) };
  const allowed = allow.find((rule) => fits(rule, file));
  return allowed && { code: 7, detections: [], by: 'allow list', says: says('allow', allowed) };
};
