import type { Rescan } from '../data/client';
import { detectionTexts, statusTexts } from '../texts/results';
import { rescanTexts as texts } from '../texts/runs';

/** Which files of a report a rescan took, in words; empty for single files. */
export const filterWords = ({ filter }: Pick<Rescan, 'filter'>): string => {
  if (filter === undefined) return '';
  const parts = [
    filter.status.map((one) => statusTexts[one].label).join(' or '),
    filter.detection.map((one) => detectionTexts[one].label).join(' and '),
    filter.outdated ? texts.only.outdated : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? texts.every : parts.join(', ');
};
