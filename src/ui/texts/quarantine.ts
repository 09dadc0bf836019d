import { count, counted } from '../parts/amounts';

export const quarantineTexts = {
  title: 'Quarantine',
  about:
    'Files that a workflow took out of their storage. They are kept here encrypted, where nobody can open or run them, until they are restored or removed.',
  none: 'Nothing is in quarantine',
  noneAbout: 'A workflow puts files here when its remediation says so, for instance for what it blocks.',
  toWorkflows: 'Go to the workflows',
  noneOfState: 'No file is in this state',
  noneOfStateAbout: 'Choose another state to see what else is, or was, in quarantine.',
  states: { held: 'In quarantine', restoring: 'Being restored', restored: 'Restored', purged: 'Removed for good' },
  choices: { held: 'In quarantine', restored: 'Restored', purged: 'Removed', all: 'All' },
  all: 'Show all',
  shown: (n: number) => counted(n, 'file'),
  changed: 'More has come: show',
  columns: {
    file: 'File',
    why: 'Why',
    storage: 'Storage',
    size: 'Size',
    since: 'Since',
    state: 'State',
    actions: 'Actions',
  },
  restore: 'Restore',
  restoreOf: (name: string) => `Restore ${name}`,
  remove: 'Remove for good',
  removeOf: (name: string) => `Remove ${name} for good`,
  result: 'Its result',

  why: 'Why it is here',
  facts: 'The file',
  path: 'Where it was',
  storage: 'Storage',
  storageGone: (name: string) => `${name}, which was removed from Assay since`,
  size: 'Size',
  since: 'In quarantine since',
  restoredAt: 'Restored',
  purgedAt: 'Removed for good',
  kept: 'How it is kept',
  keptAbout: {
    held: 'Encrypted under a key of its own, in a folder of Assay’s that others cannot read. It is decrypted only to restore it, or to look at it again.',
    restoring: 'It is being put back right now.',
    restored: 'It is not kept any more: it was put back, and its copy here is gone.',
    purged: 'It is not kept any more: its key was erased and its content removed. It cannot be brought back.',
  },
};

export const restoreTexts = {
  title: 'Restore from quarantine',
  where: 'Where to',
  there: 'Where it was',
  thereGone: 'Its storage was removed from Assay, so it can only go to another one.',
  elsewhere: 'Another folder',
  storage: 'Storage',
  folder: 'Folder in the storage',
  folderHint: 'Left empty, the top of the storage. What is missing of it is made.',
  will: 'What will happen',
  attributes: 'It gets its owner, its permissions and its times back, where it goes to a storage of the same kind.',
  taken: {
    there: 'If something else is at that path by now, nothing is touched, and you can choose another place.',
    elsewhere: (numbered: string) => `If its name is taken there, it gets a numbered one, such as ${numbered}.`,
  },
  again:
    'It is the same file. A scan or a rescan judges it anew, and puts it here again as long as its workflow says so.',
  allow: 'Allow its content from now on',
  allowHint:
    'For what was blocked by mistake. The workflow that applies there gets a new revision, with this content on its allow list.',
  allowed: 'Neither it nor a copy of it is blocked by that workflow again.',
  gone: 'Its copy in quarantine is removed once it is back.',
  numbered: 'Put it there under a numbered name',
  go: 'Restore',
  done: (path: string, workflow?: string) =>
    `The file is at ${path} again.${workflow === undefined ? '' : ` ${workflow} allows its content now.`}`,
};

export const purgeTexts = {
  title: 'Remove this file for good?',
  verb: 'Remove for good',
  about: (name: string) =>
    `The key and the content of ${name} are erased. Nobody can bring it back. What is known about it, its result and its history, stays.`,
  done: (name: string) => `${name} is gone for good.`,
  older: 'Remove older ones',
  olderTitle: 'Remove what is older for good?',
  olderAbout:
    'Every file that came into quarantine before this time is erased, whatever the list shows now. Nobody can bring them back. Results and history stay.',
  before: 'Came before',
  olderDone: (n: number) => (n === 0 ? 'Nothing was older, so nothing was removed.' : `Gone for good: ${count(n)}.`),
};
