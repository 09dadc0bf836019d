import type { Detection, StatusFilter } from '../../core/result';
import type { Preview } from '../data/client';
import type { Filter } from '../report/filter';
import { reprocessTexts as texts } from '../texts/reprocess';
import { detectionTexts } from '../texts/results';

/** What a reader asks for in the Reprocess dialog. */
export interface Wish {
  status: StatusFilter[];
  detection: Detection[];
  /** Undefined for the workflow that applies now. */
  workflowId?: string;
  outdated: boolean;
  force: boolean;
  /** As typed; those that are empty are not sent. */
  passwords: string[];
}

/** What the dialog opens with: what the reader was looking at. */
export const wishOf = ({ status = [], detection = [] }: Filter, outdated = false): Wish => ({
  status,
  detection,
  outdated,
  force: false,
  passwords: [],
});

export const given = (passwords: string[]): string[] | undefined => {
  const typed = passwords.filter((password) => password !== '');
  return typed.length > 0 ? typed : undefined;
};

/** The request of a wish; a preview takes the same without the passwords, which change nothing about it. */
export const toRequest = ({ passwords, ...wish }: Wish) => ({ ...wish, passwords: given(passwords) });

/** Says what the choice of statuses means for files whose remediation failed, which is not what one expects at first. */
export const remediationNote = (status: StatusFilter[]): string | undefined => {
  if (status.length === 0) return undefined;
  const verdicts = status.filter((one) => one === 'Allowed' || one === 'Blocked');
  if (!status.includes('FailedRemediation')) return verdicts.length > 0 ? texts.remediation.without : undefined;
  if (verdicts.length === 1) return texts.remediation.with(verdicts[0]?.toLowerCase() ?? '');
  return verdicts.length === 0 ? texts.remediation.alone : undefined;
};

/** Why a wish takes no file. */
export const whyNothing = ({ detection }: Wish): string =>
  detection.length > 1
    ? texts.nothingAll(detection.map((one) => detectionTexts[one].label).join(' and '))
    : texts.nothingStatus;

/** The kinds of file that a preview has some of. */
export const kindsOf = ({ byStatus, byDetection }: Preview) => ({
  statuses: (Object.entries(byStatus) as [StatusFilter, number][]).filter(([, n]) => n > 0),
  detections: (Object.entries(byDetection) as [Detection, number][]).filter(([, n]) => n > 0),
});
