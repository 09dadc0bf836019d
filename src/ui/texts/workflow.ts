import { count, counted } from '../parts/amounts';
import type { Definition } from '../workflows/definition';

export const workflowTexts = {
  title: 'Workflows',
  about: 'Which engines are asked about a file, what is blocked, and what happens to it then.',
  add: 'Add a workflow',
  addTitle: 'New workflow',
  begin: 'Begin with',
  beginDefaults: 'The usual choices',
  beginCopy: (name: string) => `The choices of ${name}`,
  beginAbout: 'Each choice can be changed afterwards. Passwords are not copied.',
  none: 'There is no workflow',
  columns: { name: 'Workflow', revision: 'Revision', changed: 'Changed', passwords: 'Passwords' },
  default: 'Default',
  defaultAbout: 'Applies to every storage that names no workflow.',
  makeDefault: 'Make it the default',
  madeDefault: (name: string) => `${name} applies now to every storage that names no workflow.`,
  passwordsCount: (n: number) => counted(n, 'password'),
  name: 'Name',
  passwords: 'Passwords',
  outline: 'In short',
  rules: (block: number, allow: number) => `${counted(block, 'rule')} to block, ${counted(allow, 'rule')} to allow`,
  data: (certainty: string, shown: string, severity: string) =>
    `Certain from ${certainty}, ${shown}; severity: ${severity}`,
  archives: (by: string, size: string) => `Looked into by: ${by}; up to ${size}`,
  limits: (size: string, time: string) => `Size: ${size}; time: ${time}`,
  changedHere: 'changed',
  allEngines: 'All engines that run',
  nothing: 'none',
  noLimit: 'no limit',
  readOnly: 'Only administrators change workflows.',
  save: 'Save as a new revision',
  unsaved: (n: number) => `${counted(n, 'change')} not saved yet`,
  discard: 'Discard',
  saved: (name: string, revision: number) => `${name} is at revision ${revision} now.`,
  create: 'Create the workflow',
  created: (name: string) => `The workflow ${name} is created.`,
  remove: 'Remove',
  removeTitle: 'Remove this workflow?',
  removeVerb: 'Remove the workflow',
  removeAbout: (name: string) => `${name} cannot be chosen any more. Results that it gave stay, with its revisions.`,
  removed: (name: string) => `The workflow ${name} is removed.`,
  leave: 'Your changes of this workflow are not saved. Leave without them?',
};

/** The parts of the editor; each is a section with its own heading. */
export const sectionTexts = {
  judging: 'Engines and what is blocked',
  lists: 'Block and allow lists',
  data: 'Sensitive data and vulnerable software',
  archives: 'Archives',
  passwords: 'Passwords for encrypted files',
  blockedFiles: 'What happens to blocked files',
  allowedFiles: 'What happens to allowed files',
  limits: 'Limits',
};

/** What is said about a workflow by itself: each key of its definition, with what happens to files split by their verdict. */
export type Fact = Exclude<keyof Definition, 'remediation'> | 'blockedFiles' | 'allowedFiles';

/** Each of them: what it is called, and what it means for the files. */
export const factTexts: Record<Fact, { label: string; about: string }> = {
  engines: { label: 'Engines', about: 'Which engines are asked about each file.' },
  onEngineFailure: {
    label: 'When an engine fails for good',
    about: 'After three attempts: whether the answers of the other engines are enough for a verdict.',
  },
  blocked: {
    label: 'Blocked results',
    about: 'A file with one of these results is blocked. Every other result with a verdict is allowed.',
  },
  block: {
    label: 'Block list',
    about: 'Files that are Blocklisted whatever else is said, also in archives. It goes before the allow list.',
  },
  allow: {
    label: 'Allow list',
    about:
      'Files that are Allowlisted whatever the engines say, also in archives. It says nothing about the rest of an archive.',
  },
  sensitiveDataThreshold: {
    label: 'Certainty of sensitive data, 0 to 100',
    about: 'How certain a find must be to count. What is less certain is only reported, and blocks nothing.',
  },
  showSensitiveData: {
    label: 'Sensitive data in results',
    about: 'Whether card numbers and the like can be read in results and in the database, or only that they are there.',
  },
  vulnerabilityThreshold: {
    label: 'Severity of vulnerable software',
    about: 'From which severity on it counts as found. What is less severe is only reported.',
  },
  unpackBy: {
    label: 'Who looks inside archives',
    about: 'Each file in an archive is asked about by itself, so that one threat in it is seen.',
  },
  maxArchiveDepth: { label: 'Archives in archives', about: 'They are opened down to this level.' },
  maxArchiveFiles: { label: 'Files in one archive', about: 'On all levels together.' },
  maxArchiveSize: { label: 'Size of what is in one archive', about: 'Unpacked, on all levels together.' },
  maxArchiveExpansion: {
    label: 'Times larger than the archive',
    about: 'What unpacks to more is taken for a bomb. The first 100 MB are free.',
  },
  archiveTimeout: { label: 'Time for one archive', about: 'Taking it apart, and asking about what is in it.' },
  maxFileSize: {
    label: 'Largest file',
    about: 'No engine is asked about larger files: their result is Not Scanned. Left empty, there is no limit.',
  },
  fileTimeout: { label: 'Time for one file', about: 'All engines together, for each attempt.' },
  blockedFiles: {
    label: 'Blocked files',
    about: 'What is done with a file once it is blocked. Without any choice here, nothing is touched.',
  },
  allowedFiles: {
    label: 'Allowed files',
    about: 'What is done with a file once it is allowed. Without any choice here, nothing is touched.',
  },
};

export const limitsAbout =
  'Where a limit is met, the file gets a result that says so. It is never taken for clean, and what was found before still counts.';

export const engineTexts = {
  failure: {
    fail: { label: 'The file is Failed', about: 'It has no verdict, and can be reprocessed by itself later.' },
    ignore: { label: 'The other engines decide', about: 'What only the failed engine would have found is missed.' },
  } satisfies Record<Definition['onEngineFailure'], object>,
  gone: 'does not run on this host',
  missing: (engine: string) =>
    `No engine that is asked looks for this. To have it looked for, name ${engine} under "engines" in the configuration.`,
};

export const unpackTexts: Record<Definition['unpackBy'], { label: string; about: string }> = {
  assay: { label: 'Assay', about: 'It takes them apart, and every engine sees every file in them.' },
  both: { label: 'Assay and the engines', about: 'Engines that unpack by themselves are asked about the whole, too.' },
  engines: {
    label: 'Only the engines',
    about: 'Left to engines that unpack by themselves; without one, an archive is Not Scanned.',
  },
};

export const sensitiveTexts = {
  masked: { label: 'Masked', about: 'The last digits or letters remain. All else is gone before anything is kept.' },
  shown: {
    label: 'As it is',
    about: 'Whoever may see results, or reads the database, reads the data itself.',
  },
};

export const severityTexts: Record<Definition['vulnerabilityThreshold'], string> = {
  any: 'Any, rated or not',
  low: 'Low and above',
  medium: 'Medium and above',
  high: 'High and above',
  critical: 'Critical only',
};

export const ruleTexts = {
  addTo: { block: 'Add a rule to the block list', allow: 'Add a rule to the allow list' },
  titles: { block: 'Files to block', allow: 'Files to allow' },
  about: 'A file must fit all that is said here.',
  empty: 'Empty.',
  name: 'Name',
  nameHint: '* stands for anything, ? for one character: *.exe. With a slash, the whole path is compared.',
  type: 'Type',
  typeHint: 'Told by content, not by name: image/png, or image/* for every image.',
  sha256: 'SHA-256',
  sha256Hint: 'Exactly this content. For long lists of hashes there is the engine "hashes".',
  minSize: 'From this size',
  maxSize: 'Up to this size',
  reason: 'Reason',
  reasonHint: 'For whoever reads the result.',
  nothingSaid: 'Say at least one thing about the files: without any, the rule would fit every file.',
  badHash: 'A SHA-256 hash has 64 digits and letters from a to f.',
  badType: 'A type looks like image/png or image/*.',
  add: 'Add a rule',
  done: 'Add the rule',
  removeOf: (rule: string) => `Remove the rule: ${rule}`,
  words: {
    name: (pattern: string) => `name ${pattern}`,
    type: (type: string) => `type ${type}`,
    sha256: (hash: string) => `SHA-256 ${hash.slice(0, 12)}…`,
    minSize: (size: string) => `from ${size}`,
    maxSize: (size: string) => `up to ${size}`,
    reason: (reason: string) => `“${reason}”`,
  },
};

export const passwordTexts = {
  about:
    'Tried on what is encrypted, in this order, after those of a rescan. They are kept sealed: nobody can read them here again.',
  kept: (n: number) => (n === 0 ? 'It has no passwords.' : `It has ${counted(n, 'password')}, which nobody can read.`),
  replace: (n: number) => (n === 0 ? 'Give passwords' : 'Replace all of them'),
  remove: 'Remove all of them',
  keep: 'Leave them as they are',
  removing: 'All of its passwords will be removed.',
  fields: 'New passwords',
  fieldsHint: 'In the order in which they are tried. They take the place of all that it has.',
  change: (before: number, after: number) =>
    after === 0 ? `${counted(before, 'password')} removed` : `${count(before)} replaced by ${count(after)}`,
};

export const reviewTexts = {
  titleOf: (revision: number) => `Save as revision ${revision}?`,
  changes: 'What changes',
  meaning: 'What it means',
  running: 'Scans that run go on as they began.',
  fromNow: (storages: string) => `What is scanned from now on is judged by it: ${storages}.`,
  noStorage: 'No storage goes through this workflow now, so nothing is judged by it until one does.',
  noFiles: 'No file has a result that this changes.',
  files: (files: number, reports: number) =>
    `${counted(files, 'file')} in ${counted(reports, 'report')} ${files === 1 ? 'was' : 'were'} judged without these changes. Each keeps its result, listed as outdated, until it is looked at again.`,
  again: 'Look again, once it is saved, at',
  againHint:
    'Only what the changes touch is judged anew; engines are asked again where their answer could be another one.',
  older: (n: number) => `${counted(n, 'older report')} can be reprocessed from the report itself.`,
  report: (name: string, when: string, files: number) => `${name} of ${when}, ${counted(files, 'file')}`,
  acts: 'Looking again also does with the files what this workflow does with them now.',
  save: (revision: number) => `Save as revision ${revision}`,
  saveAnd: (revision: number, files: number) =>
    `Save as revision ${revision} and look again at ${counted(files, 'file')}`,
  back: 'Go on changing',
  overtaken: (revision: number) =>
    `Somebody saved revision ${revision} meanwhile. What you changed is put upon it; all else is as it is there.`,
  started: (n: number) => `${counted(n, 'report')} ${n === 1 ? 'is' : 'are'} being looked at again.`,
  follow: 'Follow the rescans',
};

export const revisionTexts = {
  title: 'Revisions',
  about: 'What each revision changed, newest first.',
  first: 'The first revision.',
  renamed: (before: string, after: string) => `Name: ${before} → ${after}`,
  passwords: 'Passwords changed',
  from: (before: string, after: string) => `${before} → ${after}`,
  added: (what: string) => `+ ${what}`,
  taken: (what: string) => `− ${what}`,
  compare: 'Two revisions compared',
  compareAbout: 'Only what differs is listed.',
  compareSame: 'Both say the same.',
  earlier: 'Earlier',
  later: 'Later',
  what: 'What',
  option: (revision: number, when: string) => `Revision ${revision}, ${when}`,
};
