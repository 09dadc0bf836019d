import { counted } from '../parts/amounts';

export const dashboardTexts = {
  title: 'Dashboard',
  about: 'What is known of your storages, and what needs you.',
  needs: 'What needs you',
  needsNothing: 'Nothing needs you now.',
  need: {
    storage: 'There is no storage yet: add the first one.',
    scan: (storage: string) => `${storage} was never scanned as a whole.`,
    scanFailed: (name: string, why: string) => `The scan ${name} failed: ${why}`,
    failedFiles: (n: number, name: string) => `${counted(n, 'file')} of ${name} could not be looked into.`,
    remediation: (n: number, name: string) => `The remediation of ${counted(n, 'file')} of ${name} failed.`,
    engine: (name: string, why: string) => `The engine ${name} does not work: ${why}`,
    away: (name: string, why: string) => `Real-time processing of ${name} waits: ${why}`,
  },
  running: 'Running now',
  runningNone: 'Nothing is being scanned.',
  runningCount: (n: number) => `${counted(n, 'scan or rescan', 'scans and rescans')} running or paused`,
  totals: 'Files, by the latest scan of each storage',
  totalsNone: 'No storage was scanned as a whole yet.',
  trend: 'Blocked and failed files, scan by scan',
  trendAbout: 'The newest scans, oldest first. The height is the share of files that were blocked or failed.',
  trendTop: (percent: number) => `${percent} % of the files`,
  trendOne: (name: string, when: string, bad: number, total: number) =>
    `${name}, ${when}: ${bad} of ${counted(total, 'file')} blocked or failed`,
  storages: 'Storages',
  engines: 'Engines',
  neverScanned: 'never scanned',
  toAll: 'Show all',
};
