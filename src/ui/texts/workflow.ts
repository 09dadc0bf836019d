import type { WorkflowDefinition } from '../../core/workflow';
import { counted } from '../parts/amounts';

export const workflowTexts = {
  title: 'Workflows',
  about: 'Which engines are asked about a file, what is blocked, and how far archives are taken apart.',
  add: 'Add a workflow',
  addTitle: 'New workflow',
  none: 'There is no workflow',
  columns: { name: 'Workflow', revision: 'Revision', changed: 'Changed', passwords: 'Passwords' },
  default: 'Default',
  defaultAbout: 'Applies to every storage that names no workflow.',
  makeDefault: 'Make it the default',
  madeDefault: (name: string) => `${name} applies now to every storage that names no workflow.`,
  passwordsCount: (n: number) => counted(n, 'password'),
  name: 'Name',
  judging: 'Engines and what is blocked',
  archives: 'Archives',
  limits: 'Limits',
  allEngines: 'All engines that run',
  save: 'Save as a new revision',
  create: 'Create the workflow',
  saveAbout: 'Scans that run go on as they began. Reports say which of their files would be judged otherwise today.',
  saved: (name: string, revision: number) => `${name} is at revision ${revision} now.`,
  created: (name: string) => `The workflow ${name} is created.`,
  remove: 'Remove',
  removeTitle: 'Remove this workflow?',
  removeVerb: 'Remove the workflow',
  removeAbout: (name: string) => `${name} cannot be chosen any more. Results that it gave stay, with its revisions.`,
  removed: (name: string) => `The workflow ${name} is removed.`,
  revisions: 'Revisions',
  revisionsAbout: 'What each revision changed, newest first.',
  first: 'The first revision.',
  same: 'Nothing in its choices; its name or its passwords changed.',
  from: (before: string, after: string) => `${before} → ${after}`,
  nothing: 'none',
};

/** Each choice of a workflow: what it is called, and what it means for the files. */
export const choiceTexts: Record<keyof WorkflowDefinition, { label: string; about: string }> = {
  engines: { label: 'Engines', about: 'Which engines are asked about each file.' },
  blocked: {
    label: 'Blocked results',
    about: 'A file with one of these results is blocked. Every other result with a verdict is allowed.',
  },
  onEngineFailure: {
    label: 'When an engine fails for good',
    about: 'Whether the answers of the other engines are enough for a verdict.',
  },
  maxFileSize: {
    label: 'Largest file, in MB',
    about: 'No engine is asked about larger files: their result is Not Scanned. Left empty, there is no limit.',
  },
  fileTimeout: { label: 'Time for one file, in seconds', about: 'All engines together, for each attempt.' },
  unpackBy: { label: 'Who looks inside archives', about: 'Each file in an archive is asked about by itself.' },
  maxArchiveDepth: { label: 'Archives in archives', about: 'They are opened down to this level.' },
  maxArchiveFiles: { label: 'Files in one archive', about: 'On all levels together.' },
  maxArchiveSize: { label: 'Size of what is in one archive, in MB', about: 'Unpacked, on all levels together.' },
  maxArchiveExpansion: {
    label: 'Times larger than the archive',
    about: 'What unpacks to more is taken for a bomb. The first 100 MB are free.',
  },
  archiveTimeout: {
    label: 'Time for one archive, in seconds',
    about: 'Taking it apart and asking about what is in it.',
  },
  allow: { label: 'Allow list', about: 'Files that are Allowlisted whatever the engines say, also in archives.' },
  block: {
    label: 'Block list',
    about: 'Files that are Blocklisted whatever else is said. It goes before the allow list.',
  },
  sensitiveDataThreshold: {
    label: 'Certainty of sensitive data, 0 to 100',
    about: 'How certain it must be to count as found. What is less certain is only reported.',
  },
  showSensitiveData: { label: 'Sensitive data in results', about: 'Whether results tell it as it is, or masked.' },
  vulnerabilityThreshold: {
    label: 'Severity of vulnerable software',
    about: 'From which severity on it counts as found. What is less severe is only reported.',
  },
  remediation: { label: 'Remediation', about: 'What is done with files once they are judged.' },
};

export const showSensitiveDataTexts = { shown: 'As it is', masked: 'Masked' };

export const vulnerabilityThresholdTexts: Record<WorkflowDefinition['vulnerabilityThreshold'], string> = {
  any: 'Any, rated or not',
  low: 'Low and above',
  medium: 'Medium and above',
  high: 'High and above',
  critical: 'Critical',
};

export const onEngineFailureTexts: Record<WorkflowDefinition['onEngineFailure'], string> = {
  fail: 'The file is Failed: it has no verdict',
  ignore: 'The answers of the other engines decide',
};

export const unpackByTexts: Record<WorkflowDefinition['unpackBy'], string> = {
  assay: 'Assay takes them apart and asks every engine about what is in them',
  both: 'Assay, and those engines too that unpack by themselves',
  engines: 'Only engines that unpack by themselves',
};
