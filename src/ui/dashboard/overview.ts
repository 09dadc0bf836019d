import type { Engine, Realtime, Scan, Storage } from '../data/client';
import { isOver } from '../data/scans';
import { visible } from '../parts/visible';
import { dashboardTexts } from '../texts/dashboard';

/** Something that a person should look at, and where. */
export interface Need {
  text: string;
  href: string;
}

const { need } = dashboardTexts;

const isWhole = ({ kind, path, state }: Scan): boolean => kind === 'scan' && path === '' && state === 'finished';

/** The latest finished scan of each whole storage; `scans` come newest first. */
export const latestScans = (scans: Scan[]): Map<string, Scan> => {
  const latest = new Map<string, Scan>();
  for (const scan of scans) if (isWhole(scan) && !latest.has(scan.storageId)) latest.set(scan.storageId, scan);
  return latest;
};

/** Several scans counted together. */
export const sumOf = (scans: Iterable<Scan>): Scan['counts'] => {
  const sum = { total: 0, pending: 0, allowed: 0, blocked: 0, failed: 0, failedRemediation: 0, canceled: 0, bytes: 0 };
  for (const { counts } of scans) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += counts[key];
  return sum;
};

const storageNeeds = (storages: Storage[], scans: Scan[], latest: Map<string, Scan>): Need[] => {
  if (storages.length === 0) return [{ text: need.storage, href: '/setup' }];
  const known = new Set(scans.map(({ storageId }) => storageId));
  const never = storages.filter(({ id }) => !known.has(id));
  const needs = never.map(({ name }) => ({ text: need.scan(visible(name)), href: '/storages' }));
  for (const { id, name, waiting } of storages) {
    const scan = latest.get(id);
    if (waiting) needs.push({ text: need.storageAway(visible(name), visible(waiting.reason)), href: '/storages' });
    const newest = scans.find(({ storageId, kind }) => storageId === id && kind === 'scan');
    if (newest?.state === 'failed')
      needs.push({
        text: need.scanFailed(visible(newest.name), visible(newest.error ?? '')),
        href: `/reports/${newest.id}`,
      });
    if (scan === undefined) continue;
    const { failed, failedRemediation } = scan.counts;
    const href = `/reports/${scan.id}`;
    if (failed > 0) needs.push({ text: need.failedFiles(failed, visible(scan.name)), href: `${href}?status=Failed` });
    if (failedRemediation > 0)
      needs.push({
        text: need.remediation(failedRemediation, visible(scan.name)),
        href: `${href}?status=FailedRemediation`,
      });
  }
  return needs;
};

const engineNeeds = (engines: Engine[]): Need[] =>
  engines
    .filter(({ state }) => state === 'failing')
    .map(({ name, reason }) => ({ text: need.engine(visible(name), visible(reason ?? '')), href: '/engines' }));

const realtimeNeeds = (realtime: Realtime[]): Need[] =>
  realtime
    .filter(({ state }) => state === 'away')
    .map(({ scan, reason }) => ({
      text: need.away(visible(scan.storageName), visible(reason ?? '')),
      href: '/realtime',
    }));

/** What needs a person, what stops work first. */
export const needsOf = (know: {
  storages: Storage[];
  scans: Scan[];
  engines: Engine[];
  realtime: Realtime[];
}): Need[] => [
  ...engineNeeds(know.engines),
  ...realtimeNeeds(know.realtime),
  ...storageNeeds(know.storages, know.scans, latestScans(know.scans)),
];

/** The newest scans that are over and had files, oldest first. */
export const trendOf = (scans: Scan[], length: number): Scan[] =>
  scans
    .filter((scan) => scan.kind === 'scan' && isOver(scan) && scan.counts.total > 0)
    .slice(0, length)
    .reverse();

/** The share of a scan's files that were blocked or failed, 0 to 1. */
export const shareOf = ({ counts }: Scan): number =>
  (counts.blocked + counts.failed + counts.failedRemediation) / counts.total;

const SCALES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** The top of a scale on which the largest share is still seen, and every one fits. */
export const scaleOf = (shares: number[]): number => SCALES.find((top) => shares.every((share) => share <= top)) ?? 1;
