import type { Rescan } from '../data/client';
import { visible } from '../parts/visible';
import { rescanTexts as texts } from '../texts/runs';

/** What a rescan is called: by its report, or by how many files it is of. */
export const rescanName = ({ scanId, scanName, progress }: Rescan): string =>
  scanId === undefined ? texts.ofFiles(progress.total) : texts.ofReport(visible(scanName ?? scanId));
