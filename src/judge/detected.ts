import type { Verdict } from '../core/file';
import type { Findings } from '../core/findings';
import { RESULT_OF_KIND } from './answer';

/** The name that the engine which decided gave to what it found, in the file or in what lies in it; undefined when nothing was found. */
export const detectedName = ({ resultCode, decidedBy }: Verdict, { answers, inside }: Findings): string | undefined =>
  [...answers, ...(inside?.answers ?? [])].find(
    ({ status, kind, engineName }) =>
      status === 'detected' && engineName === decidedBy && RESULT_OF_KIND[kind ?? 'Threat'].code === resultCode,
  )?.name;
