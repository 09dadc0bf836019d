import type { Action } from '../../core/remediation';
import type { Removed } from '../../core/sanitized';
import { count, counted } from '../parts/amounts';

/** An act in its words: done, still to be done, and not done. */
export const actTexts: Record<Action, { done: string; due: string; failed: string; skipped: string }> = {
  tag: { done: 'Tagged', due: 'To be tagged', failed: 'Not tagged', skipped: 'Not tagged' },
  copy: { done: 'Copied', due: 'To be copied', failed: 'Not copied', skipped: 'Not copied' },
  move: { done: 'Moved', due: 'To be moved', failed: 'Not moved', skipped: 'Not moved' },
  delete: { done: 'Deleted', due: 'To be deleted', failed: 'Not deleted', skipped: 'Not deleted' },
  quarantine: {
    done: 'Put into quarantine',
    due: 'To be put into quarantine',
    failed: 'Not put into quarantine',
    skipped: 'Not put into quarantine',
  },
  restore: {
    done: 'Restored from quarantine',
    due: 'To be restored from quarantine',
    failed: 'Not restored from quarantine',
    skipped: 'Not restored from quarantine',
  },
  purge: {
    done: 'Removed from quarantine for good',
    due: 'To be removed from quarantine for good',
    failed: 'Not removed from quarantine',
    skipped: 'Not removed from quarantine',
  },
  sanitize: {
    done: 'Sanitized copy made',
    due: 'Sanitized copy to be made',
    failed: 'No sanitized copy made',
    skipped: 'No sanitized copy made',
  },
  replace: {
    done: 'Sanitized copy put in its place',
    due: 'Sanitized copy to be put in its place',
    failed: 'Sanitized copy not put in its place',
    skipped: 'Sanitized copy not put in its place',
  },
};

const REMOVED: Record<Removed['what'], [one: string, many: string]> = {
  macro: ['macro', 'macros'],
  'embedded object': ['embedded object', 'embedded objects'],
  'external link': ['external link', 'external links'],
  'dynamic data exchange': ['dynamic data exchange', 'dynamic data exchanges'],
  script: ['script', 'scripts'],
  action: ['action', 'actions'],
  attachment: ['attachment', 'attachments'],
  form: ['form', 'forms'],
};

/** How many acts of a kind a report's verdicts led to. */
export const actCountTexts: Record<Action | 'failed', (n: number) => string> = {
  tag: (n) => `${count(n)} tagged`,
  copy: (n) => `${count(n)} copied`,
  move: (n) => `${count(n)} moved`,
  delete: (n) => `${count(n)} deleted`,
  quarantine: (n) => `${count(n)} put into quarantine`,
  restore: (n) => `${count(n)} restored`,
  purge: (n) => `${count(n)} removed from quarantine`,
  sanitize: (n) => counted(n, 'sanitized copy', 'sanitized copies'),
  replace: (n) => `${count(n)} replaced by their sanitized copy`,
  failed: (n) => `${counted(n, 'act')} failed`,
};

export const remediationTexts = {
  title: 'What was done with it',
  titleAll: 'Done with these files:',
  underWay: 'This is under way.',
  skipped: 'An act before it failed, so it was not tried.',
  in: (storage: string) => `in ${storage}`,
  inQuarantine: 'Show it in quarantine',
  removed: (kinds: [what: Removed['what'], n: number][]) =>
    `Taken out: ${kinds.map(([what, n]) => counted(n, ...REMOVED[what])).join(', ')}.`,
  removedOne: (what: Removed['what']) => REMOVED[what][0],
  where: 'Show where',
  quarantined: 'It is in quarantine, and not at its path any more.',
  moved: 'Assay moved it. It is here now:',
  deleted: 'Assay deleted it: it is not at its path any more.',
  purged: 'It was removed from quarantine for good: it is nowhere any more.',
};
