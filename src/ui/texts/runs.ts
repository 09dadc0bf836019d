import type { Change } from '../../core/change';
import { count, counted } from '../parts/amounts';

export const runTexts = {
  pause: 'Pause',
  resume: 'Go on',
  cancel: 'Cancel',
  paused: 'Paused. What is being looked into ends; nothing more is begun.',
  resumed: 'It goes on.',
  canceled: 'Canceled.',
  cancelScan: 'Cancel this scan?',
  cancelScanVerb: 'Cancel the scan',
  cancelScanAbout: (n: number) =>
    `${counted(n, 'file')} that it has not come to will be listed as canceled. Results so far stay. A canceled scan cannot be taken up again, but its report can be reprocessed.`,
  cancelRescan: 'Cancel this rescan?',
  cancelRescanVerb: 'Cancel the rescan',
  cancelRescanAbout: (n: number) =>
    `${counted(n, 'file')} that it has not come to keep the result they have. Its passwords are erased. It cannot be taken up again.`,
  keep: 'Keep it going',
};

export const activeTexts = {
  title: 'Active scans',
  about: 'What is being looked into now, and what waits.',
  none: 'Nothing is being scanned',
  noneAbout: 'Scans and rescans are shown here for as long as they run or are paused.',
  scans: 'Scans',
  realtime: 'Real-time processing',
  sofar: (n: number) => `${counted(n, 'new or changed file')} looked into so far`,
  toRealtime: 'Stop it under Real-time',
  rescans: 'Rescans',
  report: 'Its report so far',
  start: 'Start a scan',
};

export const startTexts = {
  title: 'Start a scan',
  about: 'Looks into each file of the storage and makes a report of it. No file is changed by looking into it.',
  storage: 'Storage',
  noStorages: 'There is no storage yet. An administrator adds one under Storages.',
  folder: 'Folder in it',
  folderHint: 'Left empty, the whole storage is scanned.',
  workflow: 'Workflow',
  workflowHint: 'Which engines are asked and what is blocked.',
  workflowOwn: 'That of the storage',
  name: 'Name of the report',
  nameHint: 'Left empty, the storage’s own name.',
  go: 'Start the scan',
  started: (name: string) => `The scan ${name} has started.`,
};

export const rescanTexts = {
  title: 'Rescans',
  about: 'Every time that files were looked at again, newest first.',
  aboutReport: 'Every time that files of one report were looked at again, newest first.',
  none: 'Nothing was rescanned yet',
  noneAbout: 'Open a finished report and choose Reprocess, or a file’s own Reprocess button.',
  ofReport: (name: string) => `Rescan of ${name}`,
  ofFiles: (n: number) => `Rescan of ${counted(n, 'file')}`,
  columns: { what: 'What', state: 'State', files: 'Files', who: 'Asked by', when: 'Started', workflow: 'Workflow' },
  every: 'All files of the report',
  only: {
    outdated: 'only what was outdated',
  },
  chosen: 'Which files',
  force: 'Every engine was asked again',
  noForce: 'Engines were asked where their answer could be another one',
  engines: 'Engines',
  started: 'Started',
  finished: 'Ended',
  skipped: 'Left out',
  skippedAbout: (n: number) => `${counted(n, 'file')}, because another processing held ${n === 1 ? 'it' : 'them'}`,
  canceled: 'Not come to',
  canceledAbout: (n: number) => `${counted(n, 'file')}, because it was canceled`,
  how: 'How it was asked for',
  changes: 'What changed',
  unchanged: (n: number) => `Nothing changed in the ${counted(n, 'file')} that were looked at.`,
  nothingYet: 'Nothing has changed so far.',
  noFiles: 'No file was looked at.',
  all: (n: number) => `Show all ${count(n)}`,
  inReport: 'These files in the report',
};

export const changeTexts: Record<Change, { label: string; about: string }> = {
  allowedToBlocked: { label: 'Allowed → Blocked', about: 'What was let through is blocked now.' },
  blockedToAllowed: { label: 'Blocked → Allowed', about: 'What was blocked is let through now.' },
  newlyDetected: { label: 'Newly detected', about: 'Something is found that was not found before.' },
  newlyReadable: {
    label: 'Newly readable',
    about: 'It could not be looked into before, or its scan was canceled, and now it was.',
  },
  newlyFailing: { label: 'Newly failing', about: 'It cannot be looked into any more.' },
  stillFailing: { label: 'Still failing', about: 'It could not be looked into before, and still cannot.' },
  gone: { label: 'Gone', about: 'The file is not there any more.' },
  moved: { label: 'Moved', about: 'What it held is at another place of the same storage now.' },
  contentChanged: { label: 'Content changed', about: 'The file holds something else than when it was last looked at.' },
};
